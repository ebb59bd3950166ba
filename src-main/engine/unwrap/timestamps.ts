import { isDigit, type HeadWrapper } from './wrapper'

/** An RFC 3339 time with a zone. */
const ZONED = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`
const TIMESTAMP = new RegExp(`^(${ZONED})[ \t]+(?=.)`, 's')
const AGAIN = new RegExp(`^${ZONED} `)

/**
 * A time and a space: `kubectl logs --timestamps`, `docker logs -t`, `docker compose logs -t` after its name, a
 * CloudWatch export to S3.
 */
export const timestamps: HeadWrapper = {
  name: 'timestamps',
  certain: false,
  startsWith: isDigit,
  head: (start) => {
    const match = TIMESTAMP.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: match[1] ?? null, source: '', part: 'end' }
  },
}

/** Docker hands on a long line in pieces of this many bytes, and `-t` puts a time before each of them. */
const DOCKER_PIECE_BYTES = 16 * 1024

/** The text without the times that `docker logs -t` put inside a long line. */
export function withoutInnerTimes(text: Buffer): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (;;) {
    const next = at + DOCKER_PIECE_BYTES
    const time = next < text.length ? AGAIN.exec(text.toString('latin1', next, next + 48)) : null
    if (time === null) break
    pieces.push(text.subarray(at, next))
    at = next + time[0].length
  }
  return pieces.length === 0 ? text : Buffer.concat([...pieces, text.subarray(at)])
}
