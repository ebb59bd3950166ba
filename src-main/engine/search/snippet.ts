const BEFORE = 40
const AFTER = 80

/**
 * The text around the `length` units at `at`, on one line, with … where it was cut; and the position in the snippet.
 */
export function snippetAround(
  text: string,
  at: number,
  length: number,
): { readonly snippet: string; readonly at: number } {
  const start = Math.max(0, at - BEFORE)
  const end = Math.min(text.length, at + length + AFTER)
  // Do not cut surrogate pairs in half.
  const head = oneLine(text.slice(start, at).replace(/^[\udc00-\udfff]/, ''))
  const found = oneLine(text.slice(at, at + length))
  const tail = oneLine(text.slice(at + length, end).replace(/[\ud800-\udbff]$/, ''))
  const before = `${start > 0 ? '…' : ''}${head}`
  return { snippet: `${before}${found}${tail}${end < text.length ? '…' : ''}`, at: before.length }
}

/** Keeps the length, so positions stay valid. */
function oneLine(text: string): string {
  return text.replace(/\s/g, ' ')
}
