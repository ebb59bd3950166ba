import { isDigit, isLetter, type HeadWrapper } from './wrapper'

/** `docker compose logs`: `SERVICE-1  | text`, the names padded to one width, coloured on a terminal (colours.ts). */
const NAME = /^([A-Za-z0-9][\w.-]*) *\| ?/

export const compose: HeadWrapper = {
  name: 'compose',
  certain: false,
  startsWith: (byte) => isLetter(byte) || isDigit(byte),
  head: (start) => {
    const match = NAME.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: null, source: match[1] ?? '', part: 'end' }
  },
}
