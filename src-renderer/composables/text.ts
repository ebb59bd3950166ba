/**
 * Text that came out of a log, made fit for a single line: control characters, line breaks and marks that turn the
 * reading direction are replaced by visible stand-ins, so that an id can neither hide nor rearrange its neighbours.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\u0000-\u001f]/g, (found) => String.fromCharCode(0x2400 + found.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
}

/**
 * Head and tail of an id on one line; the head may shrink, the tail stays: ids often differ only at their end. Shown in
 * elements of the classes `middle`, `middle-head` and `middle-tail`.
 */
export function middleOf(id: string, tailLength = 8): readonly [head: string, tail: string] {
  const text = oneLine(id)
  const characters = Array.from(text)
  if (characters.length <= tailLength * 2) return [text, '']
  return [characters.slice(0, -tailLength).join(''), characters.slice(-tailLength).join('')]
}

/** Half a surrogate pair can't be part of a URL. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

/** Text as it is compared whatever its case, of the same length: as the engine does (engine/search/fold.ts). */
export function fold(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ')
}
