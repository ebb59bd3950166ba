import { Unwrapper, type LoggedLine } from '../../../../src-main/engine/unwrap/unwrapper'
import { parseLine } from '../../../../src-main/engine/parse/line'
import { logLine } from '../../../fixtures/log-line'

/** A request's line as the gateway writes it. */
export function request(session: string, text = 'Wie spät ist es? 几点了？'): string {
  const messages = [{ role: 'user', content: text }]
  return logLine({ model: 'qwen3-max', session_id: session, input_token: 12, output_token: 3, messages })
}

/** A line that was handed over, with bytes of its own. */
export interface Handed extends Pick<LoggedLine, 'kind' | 'offset' | 'length' | 'wrapper' | 'time'> {
  readonly text: string | null
}

/** What `unwrapper` hands over of a file of these lines, which begin at `start`. */
export function unwrap(
  lines: readonly (string | Buffer)[],
  unwrapper: Unwrapper = new Unwrapper(),
  start = 0,
): readonly Handed[] {
  const handed: Handed[] = []
  let offset = start
  for (const text of lines) {
    const line = Buffer.from(text)
    unwrapper.push(line, offset, line.length, ({ bytes, ...rest }) => {
      handed.push({ ...rest, text: bytes?.toString() ?? null })
    })
    offset += line.length + 1
  }
  return handed
}

/** The session ids of the requests among what was handed over. */
export function sessions(handed: readonly Handed[]): readonly unknown[] {
  return handed.flatMap(({ text, kind }) => {
    if (text === null || kind !== 'whole') return []
    const outcome = parseLine(text)
    return outcome.kind === 'request' ? [outcome.ai.session_id] : []
  })
}

/** `text` in pieces of at most `bytes` bytes. */
export function pieces(text: string, bytes: number): readonly Buffer[] {
  const all = Buffer.from(text)
  const cut: Buffer[] = []
  for (let at = 0; at < all.length; at += bytes) cut.push(all.subarray(at, at + bytes))
  return cut
}
