export type Change =
  | { readonly kind: 'changed'; readonly ratio: number }
  | { readonly kind: 'same' }
  /** There was nothing before, so no ratio says how much more it is. */
  | { readonly kind: 'new' }

/** How a value changed against the one before; null where either is not known, or both are nothing. */
export function changeOf(now: number | null, before: number | null): Change | null {
  if (now === null || before === null) return null
  if (before === 0) return now === 0 ? null : { kind: 'new' }
  const ratio = (now - before) / before
  return Math.abs(ratio) < 0.0005 ? { kind: 'same' } : { kind: 'changed', ratio }
}
