import { isDigit, isLetter, type HeadWrapper } from './wrapper'

/**
 * stern's default template: `POD CONTAINER text`, with --all-namespaces `NAMESPACE POD CONTAINER text`; kubetail and
 * `kubectl stern` write the same. Source: stern/stern, README, "template".
 */
const COLOUR = String.raw`(?:\x1b\[[0-9;]*m)*`
const NAMES = new RegExp(String.raw`^((?:${COLOUR}[a-z0-9][a-z0-9.-]{0,252}${COLOUR} ){2,3})${COLOUR}(?=\{|\d{4}-)`)

export const stern: HeadWrapper = {
  name: 'stern',
  certain: false,
  startsWith: (byte) => isLetter(byte) || isDigit(byte),
  head: (start) => {
    const match = NAMES.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: null, source: match[1] ?? '', part: 'end' }
  },
}
