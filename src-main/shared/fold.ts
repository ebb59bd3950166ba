/**
 * A text as it is compared whatever its case, of the same length: places in it are places in the text. Of lower-casing,
 * two things depend on more than a character: İ becomes two, and Σ becomes another letter at the end of a word, which a
 * piece of the word does not end with.
 */
export function fold(text: string): string {
  const lower = (text.includes('İ') ? text.replaceAll('İ', 'i') : text).toLowerCase()
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower
}
