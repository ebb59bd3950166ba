import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src-main/engine/base/json'
import { parseLine, trimLine } from '../../src-main/engine/parse/line'
import { lineHash, messagesChecksum } from '../../src-main/engine/parse/line-hash'
import { messageEnds, splitLine, type KeptPrefix } from '../../src-main/engine/parse/split'

/** Text with all that JSON has to escape, once and twice over. */
const text = fc.string({
  unit: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('a', ' ', '话', '"', '\\', '/', '\n', '\u0000', '😀', '\ud800', '{', ']', ','),
    },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\\"messages\\":[', ',"session_id":"s2"', '"}', '\\\\"', '\\u0022', ' [truncated] ', 'ai_log'),
  ),
  maxLength: 12,
})
const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }) as fc.Arbitrary<Json>
const message = fc.oneof({ weight: 5, arbitrary: fc.record({ role: text, content: fc.oneof(text, json) }) }, json)
const count = fc.oneof(fc.nat(1000), fc.nat(1000).map(String), fc.constantFrom(-1, 1.5, '', '-', null, 'x'))
const ai = fc.record(
  {
    answer: text,
    cached_tokens: count,
    consumer: text,
    input_token: count,
    input_token_details: fc.oneof(
      json,
      json.map((value) => JSON.stringify(value)),
    ),
    messages: fc.oneof({ weight: 6, arbitrary: fc.array(message, { maxLength: 5 }) }, text, json),
    model: fc.oneof(text, fc.nat()),
    output_token: count,
    question: fc.oneof(text, json),
    session_id: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('s1', 's2') }, text),
    tool_calls: json,
    tenant: json,
  },
  { requiredKeys: [] },
)
const outer = fc.record(
  {
    consumer: text,
    duration: count,
    method: text,
    start_time: fc.constantFrom('2026-02-01T10:00:00Z', '-', 'x'),
    extra: json,
  },
  { requiredKeys: [] },
)

/** Ways in which a gateway may write the same JSON. */
const writers: Readonly<Record<string, (value: unknown) => string>> = {
  plain: JSON.stringify,
  spaced: (value) => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' '),
  indented: (value) => JSON.stringify(value, null, 1),
  'escaped quotes': (value) =>
    JSON.stringify(value).replace(/\\["\\]/g, (pair) => (pair === '\\"' ? '\\u0022' : '\\u005c')),
  slashes: (value) => JSON.stringify(value).replaceAll('/', '\\/'),
  'escaped letters': (value) =>
    JSON.stringify(value).replace(/[<a]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  'escaped beyond ASCII': (value) =>
    JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
}
const writer = fc.constantFrom(...Object.keys(writers))

const line = fc
  .tuple(outer, ai, writer, writer, fc.boolean())
  .map(([fields, log, outerWriter, innerWriter, logFirst]) => {
    const inner = writers[innerWriter]?.(log) ?? ''
    return trimLine(
      Buffer.from(writers[outerWriter]?.(logFirst ? { ai_log: inner, ...fields } : { ...fields, ai_log: inner }) ?? ''),
    )
  })

/** Where a line is split, it holds what parsing it whole finds. */
function expectSameAsParsed(bytes: Buffer): void {
  const split = splitLine(bytes, () => null)
  if (split === null) return
  const parsed = parseLine(bytes)
  expect(split.outcome.kind).toBe(parsed.kind)
  if (parsed.kind !== 'request' || split.outcome.kind !== 'request') return
  const { messages, ...ai } = parsed.ai
  expect(split.outcome.ai).toEqual(ai)
  // Where `ai_log` stood, a split line has its text without the messages.
  expect({ ...split.outcome.outer, ai_log: null }).toEqual({ ...parsed.outer, ai_log: null })
  expect(split.fresh).toEqual(messages)
  const { start, bytes: length } = split.span
  expect([
    bytes.toString('latin1', start, start + 1),
    bytes.toString('latin1', start + length, start + length + 1),
  ]).toEqual(['[', ']'])
  expect(messageEnds(bytes.subarray(start, start + length))).toHaveLength(split.fresh.length)
}

describe('splitting a line', () => {
  test('finds what parsing it whole finds, however it is written', () => {
    fc.assert(fc.property(line, expectSameAsParsed), { numRuns: 3000 })
  })

  test('takes the plain form a gateway writes, and does not leave all the work to the parser', () => {
    const plain = JSON.stringify({
      ai_log: JSON.stringify({
        answer: 'say "hi"\n\\',
        messages: [{ role: 'user', content: '话 "x" \\ \n' }],
        session_id: 's',
      }),
      method: 'POST',
    })
    expect(splitLine(Buffer.from(plain), () => null)?.fresh).toHaveLength(1)
  })

  test('of damaged bytes accepts nothing that is no JSON, and never fails', () => {
    fc.assert(
      fc.property(line, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }), (bytes, changes) => {
        const damaged = Buffer.from(bytes)
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte
        expectSameAsParsed(trimLine(damaged))
      }),
      { numRuns: 5000 },
    )
  })

  test('passing over what was read before changes neither the result nor the identity', () => {
    fc.assert(
      fc.property(line, fc.nat(), (bytes, pick) => {
        const whole = splitLine(bytes, () => null)
        if (whole === null || whole.fresh.length === 0) return
        const { start, bytes: length } = whole.span
        const ends = messageEnds(bytes.subarray(start, start + length))
        const messages = 1 + (pick % ends.length)
        const kept: KeptPrefix = { messages, bytes: ends[messages - 1] ?? 1 }
        const passed = splitLine(bytes, () => kept)
        expect(passed?.outcome).toEqual(whole.outcome)
        expect(passed?.fresh).toEqual(whole.fresh.slice(messages))
        expect(passed?.span).toEqual({ start, bytes: length, kept })
        const checksum = messagesChecksum(bytes, whole.span, null)
        const keptChecksum = crc32(bytes.subarray(start, start + kept.bytes))
        expect(messagesChecksum(bytes, passed?.span ?? whole.span, keptChecksum)).toBe(checksum)
        expect(lineHash(bytes, passed?.span ?? null, checksum)).toBe(lineHash(bytes, whole.span, checksum))
      }),
      { numRuns: 2000 },
    )
  })
})

test('the generated lines are of all kinds', () => {
  const seen = { split: 0, withMessages: 0, parsed: 0 }
  fc.assert(
    fc.property(line, (bytes) => {
      const split = splitLine(bytes, () => null)
      if (split === null) seen.parsed += 1
      else seen.split += 1
      if (split !== null && split.fresh.length > 0) seen.withMessages += 1
    }),
    { numRuns: 1000 },
  )
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20)
})
