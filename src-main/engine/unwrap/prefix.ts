import type { HeadWrapper } from './wrapper'

/** A text of any kind before the gateway's object: `ai_log` is its first field in every official format. */
const OBJECT = /^(?!\[\s*\{)[^{]{1,500}(?=\{\s?"ai_log")/s

/** Whatever else writes something before each line. */
export const prefix: HeadWrapper = {
  name: 'prefix',
  certain: true,
  startsWith: () => true,
  head: (start) => {
    const match = OBJECT.exec(start)
    return match === null ? null : { bytes: match[0].length, time: null, source: '', part: 'end' }
  },
}
