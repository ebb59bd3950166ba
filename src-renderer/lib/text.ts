/** What can break a line, turn the reading direction, or be there without being seen. */
const UNSEEN =
  '\\u0080-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\u3164\\ufeff\\uffa0\\u{e0000}-\\u{e007f}'
const SUSPECT = new RegExp(`[\\u0000-\\u001f\\u007f\\u2028\\u2029${UNSEEN}]`, 'u')

/** Of these, what makes one sign of several: a family of emoji, a flag, and letters of scripts that join. */
const PICTURE = '\\p{Extended_Pictographic}'
const JOINED =
  '[\\p{Script=Arabic}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{M}]'
const MEANT = [
  `(?<=${PICTURE}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?)\\u200d(?=${PICTURE})`,
  `(?<=${JOINED})[\\u200c\\u200d](?=${JOINED})`,
  '(?<=\\u{1f3f4}[\\u{e0020}-\\u{e007e}]*)[\\u{e0020}-\\u{e007f}]',
].join('|')
const MEANT_OR_UNSEEN = new RegExp(`(${MEANT})|[${UNSEEN}]`, 'gu')

/**
 * Text that came out of a log, made fit for a single line: control characters, line breaks, marks that turn the reading
 * direction and what can't be seen are replaced by visible stand-ins, so that an id can neither hide nor rearrange its
 * neighbours. What holds an emoji or a word together stays.
 */
export function oneLine(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u001f]/g, (found) => String.fromCharCode(0x2400 + found.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(MEANT_OR_UNSEEN, (_found, meant: string | undefined) => meant ?? '\ufffd')
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Head and tail of an id on one line; the head may shrink, the tail stays: ids often differ only at their end. Shown in
 * elements of the classes `middle`, `middle-head` and `middle-tail`.
 */
export function middleOf(id: string, tailLength = 8): readonly [head: string, tail: string] {
  const text = oneLine(id)
  if (text.length <= tailLength * 2) return [text, '']
  if (/^[\u0020-\u007e]*$/.test(text)) return [text.slice(0, -tailLength), text.slice(-tailLength)]
  const parts = Array.from(characters.segment(text), ({ segment }) => segment)
  if (parts.length <= tailLength * 2) return [text, '']
  return [parts.slice(0, -tailLength).join(''), parts.slice(-tailLength).join('')]
}
