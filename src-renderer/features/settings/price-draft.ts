import type { ModelPrice, UserPrice } from '@contract'
import { dayOf, dayStart } from '../../lib/shown-zone'

/** The prices a user may set, in the order of the form. */
export const PRICE_FIELDS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWriteHour', 'reasoning'] as const
export type PriceField = (typeof PRICE_FIELDS)[number]

/** What the form holds: texts as typed. `from`: a day, YYYY-MM-DD, or nothing. */
export type PriceDraft = Record<PriceField | 'from', string>

export type DraftProblem = 'needed' | 'badPrice' | 'badFrom'

const MOST_USD = 100_000

/** The form as it opens: the user's own price, else the published one to change. */
export function draftOf(own: UserPrice | null, published: ModelPrice | null): PriceDraft {
  const rates = own ?? published
  const text = (field: PriceField): string => ((rates?.[field] ?? null) === null ? '' : String(rates?.[field]))
  return {
    input: text('input'),
    output: text('output'),
    cacheRead: text('cacheRead'),
    cacheWrite: text('cacheWrite'),
    cacheWriteHour: text('cacheWriteHour'),
    reasoning: text('reasoning'),
    from: own === null || own.from === null ? '' : dayOf(own.from),
  }
}

/** The price that is typed, or what is wrong with which field. A day begins at the user's midnight. */
export function readDraft(
  model: string,
  draft: PriceDraft,
): { readonly price: UserPrice } | { readonly problems: Partial<Record<keyof PriceDraft, DraftProblem>> } {
  const problems: Partial<Record<keyof PriceDraft, DraftProblem>> = {}
  const read = (field: PriceField): number | null => {
    const text = draft[field].trim()
    if (text === '') return null
    const value = readNumber(text)
    if (value === null || value > MOST_USD) problems[field] = 'badPrice'
    return value
  }
  const rates = Object.fromEntries(PRICE_FIELDS.map((field) => [field, read(field)])) as Record<
    PriceField,
    number | null
  >
  const { input, output } = rates
  if (draft.input.trim() === '') problems.input = 'needed'
  if (draft.output.trim() === '') problems.output = 'needed'
  const from = draft.from === '' ? null : dayStart(draft.from)
  if (from !== null && !(from >= 0)) problems.from = 'badFrom'
  if (Object.keys(problems).length > 0 || input === null || output === null) return { problems }
  return { price: { ...rates, model, input, output, from } }
}

/** A number of zero or more as people write one, with a point or a comma; null when it is none. */
export function readNumber(text: string): number | null {
  if (!/^\d+([.,]\d*)?$|^[.,]\d+$/.test(text.trim())) return null
  const value = Number(text.trim().replace(',', '.'))
  return Number.isFinite(value) ? value : null
}
