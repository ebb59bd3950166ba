import { OPEN_BRACKET, type HeadWrapper } from './wrapper'

/** `kubectl logs --prefix`: `[pod/NAME/CONTAINER] text`. With --timestamps the time follows (timestamps.ts). */
const PREFIX = /^\[(pod\/[^\]/ ]+\/[^\] ]+)\] /

export const kubectl: HeadWrapper = {
  name: 'kubectl',
  certain: true,
  startsWith: (byte) => byte === OPEN_BRACKET,
  head: (start) => {
    const match = PREFIX.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: null, source: match[1] ?? '', part: 'end' }
  },
}
