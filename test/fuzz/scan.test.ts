import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isArray, isObject, parseJson, type Json } from '../../src-main/engine/json'
import { readIndexFields } from '../../src-main/engine/parse/index-fields'
import { parseLine, trimLine } from '../../src-main/engine/parse/line'
import { lineHash, messagesChecksum } from '../../src-main/engine/parse/line-hash'
import { readMessages } from '../../src-main/engine/parse/request'
import { scanLine, type KeptPrefix } from '../../src-main/engine/parse/scan'
import { readTime } from '../../src-main/engine/parse/time'

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

/** Where the scan takes a line apart, it finds what parsing the whole line finds. */
function expectSameAsParsed(bytes: Buffer): void {
  const scanned = scanLine(bytes, () => null)
  if (scanned === null) return
  const parsed = parseLine(bytes)
  expect(parsed.kind).toBe(scanned.isLlm ? 'request' : 'not-llm')
  if (parsed.kind !== 'request') return
  expect(readTime(scanned.outer)).toBe(readTime(parsed.outer))
  expect(readIndexFields(scanned.outer, scanned.ai)).toEqual(readIndexFields(parsed.outer, parsed.ai))
  const logged = readMessages(parsed.ai)
  if (scanned.messages === null) {
    expect(isArray(parsed.ai.messages)).toBe(false)
    return
  }
  const { start, end, freshEnds } = scanned.messages
  const raw = bytes.toString('utf8', start, end)
  expect(logged).toEqual({ kind: 'messages', messages: parseJson(parseJson(`"${raw}"`) as string) })
  expect(freshEnds).toHaveLength(logged.kind === 'messages' ? logged.messages.length : 0)
}

describe('scanning a line', () => {
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
    expect(scanLine(Buffer.from(plain), () => null)?.messages?.freshEnds).toHaveLength(1)
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
        const whole = scanLine(bytes, () => null)
        if (whole?.messages === null || whole === null || whole.messages.freshEnds.length === 0) return
        const span = whole.messages
        const messages = 1 + (pick % span.freshEnds.length)
        const kept: KeptPrefix = { messages, bytes: span.freshEnds[messages - 1] ?? 1 }
        const passed = scanLine(bytes, () => kept)
        expect(passed?.ai).toEqual(whole.ai)
        expect(passed?.outer).toEqual(whole.outer)
        const again = passed?.messages
        expect(again).toMatchObject({ start: span.start, end: span.end, freshEnds: span.freshEnds.slice(messages) })
        const checksum = messagesChecksum(bytes, span, null)
        expect(messagesChecksum(bytes, again ?? span, null)).toBe(checksum)
        expect(lineHash(bytes, again ?? null, checksum)).toBe(lineHash(bytes, span, checksum))
      }),
      { numRuns: 2000 },
    )
  })
})

test('the generated lines are of all kinds', () => {
  const seen = { scanned: 0, withMessages: 0, parsed: 0, objects: 0 }
  fc.assert(
    fc.property(line, (bytes) => {
      const scanned = scanLine(bytes, () => null)
      if (scanned === null) seen.parsed += 1
      else seen.scanned += 1
      if (scanned?.messages !== null && scanned !== null) seen.withMessages += 1
      const parsed = parseLine(bytes)
      if (parsed.kind === 'request' && isObject(parsed.ai)) seen.objects += 1
    }),
    { numRuns: 500 },
  )
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20)
})
