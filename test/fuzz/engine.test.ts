import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Archive } from '../../src-main/engine/archive/archive'
import { encodeBlockSync } from '../../src-main/engine/archive/block'
import { FrameWriter } from '../../src-main/engine/archive/frame'
import type { ArchiveRecord, RequestFrame } from '../../src-main/engine/archive/records'
import { EngineError } from '../../src-main/engine/base/errors'
import type { Json } from '../../src-main/engine/base/json'
import { lineHash } from '../../src-main/engine/parse/line-hash'
import { parseLine, trimLine } from '../../src-main/engine/parse/line'
import { readMessage, readToolCall } from '../../src-main/engine/parse/messages'
import { readMessages, readRequest } from '../../src-main/engine/parse/request'
import { readGzip } from '../../src-main/engine/tail/unpack/gzip'
import { LineSplitter } from '../../src-main/engine/tail/splitter'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asm-fuzz-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Bytes with many line breaks, carriage returns and NULs among them. */
const logBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom('\n', '\r\n', '\0', '\n\n', '}', '多').map((text) => Buffer.from(text)),
    ),
  )
  .map((pieces) => Buffer.concat(pieces))

/** Cuts `bytes` into chunks at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

describe('splitter', () => {
  test('any chunks of any bytes give the lines that cutting at line feeds gives, at their offsets', () => {
    fc.assert(
      fc.property(logBytes, fc.array(fc.nat()), fc.nat(1000), (bytes, places, start) => {
        const lines: { text: string; offset: number; length: number }[] = []
        const splitter = new LineSplitter(start)
        const reused = Buffer.alloc(bytes.length)
        for (const chunk of cut(bytes, places)) {
          // The caller's buffer is used again for the next chunk.
          const view = reused.subarray(0, chunk.copy(reused))
          splitter.push(view, (line, offset, length) => lines.push({ text: line!.toString('latin1'), offset, length }))
          view.fill(0xaa)
        }
        const expected: typeof lines = []
        let at = 0
        const texts = bytes.toString('latin1').split('\n')
        for (const text of texts.slice(0, -1)) {
          expected.push({ text, offset: start + at, length: text.length })
          at += text.length + 1
        }
        expect(lines).toEqual(expected)
        expect(splitter.consumed).toBe(start + at)
        expect(splitter.position).toBe(start + bytes.length)
        expect(splitter.rest?.toString('latin1')).toBe(texts.at(-1))
      }),
      { numRuns: 500 },
    )
  })

  test('lines over the limit are passed over, at their offsets, and no others', () => {
    fc.assert(
      fc.property(logBytes, fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (bytes, places, limit) => {
        const lengths: (number | null)[] = []
        const splitter = new LineSplitter(0, limit)
        for (const chunk of cut(bytes, places)) {
          splitter.push(chunk, (line, _, length) => {
            lengths.push(line === null ? null : line.length)
            expect(line === null).toBe(length > limit)
          })
        }
        const texts = bytes.toString('latin1').split('\n').slice(0, -1)
        expect(lengths).toEqual(texts.map(({ length }) => (length > limit ? null : length)))
      }),
    )
  })
})

/** JSON values whose text survives the way through a log line. */
const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }) as fc.Arbitrary<Json>
const content = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.array(json, { maxLength: 3 }))
const message = fc.record({
  role: fc.constantFrom('user', 'assistant', 'tool', 'system'),
  content,
}) as fc.Arbitrary<Json>

describe('parser', () => {
  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const line = trimLine(Buffer.from(bytes))
        parseLine(line)
        lineHash(line, null, 0)
      }),
      { numRuns: 500 },
    )
  })

  test('no JSON makes it throw, whatever its fields hold', () => {
    const keys = [
      'model',
      'session_id',
      'messages',
      'tool_calls',
      'input_token',
      'output_token_details',
      'question',
      'x',
    ]
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), json),
        fc.dictionary(fc.constantFrom('start_time', 'timestamp', 'request_id'), json),
        (ai, outer) => {
          const line = Buffer.from(JSON.stringify({ ai_log: JSON.stringify(ai), ...outer }))
          const outcome = parseLine(trimLine(line))
          if (outcome.kind !== 'request') return
          const request = readRequest(outcome.outer, outcome.ai)
          const logged = readMessages(outcome.ai)
          if (logged.kind === 'messages') logged.messages.map(readMessage)
          request.toolCalls.map(readToolCall)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a request that a gateway logged is read as it was', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => value !== '-')
    fc.assert(
      fc.property(
        fc.record({
          model: text,
          session_id: text,
          input_token: fc.nat(1_000_000),
          output_token: fc.nat(1_000_000),
          question: text,
          answer: text,
          messages: fc.array(message),
        }),
        fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2099, 0, 1) }),
        fc.boolean(),
        (ai, time, asText) => {
          const tokens = asText ? { input_token: String(ai.input_token), output_token: String(ai.output_token) } : {}
          const log = JSON.stringify({ ...ai, ...tokens })
          const line = Buffer.from(JSON.stringify({ ai_log: log, start_time: new Date(time).toISOString() }))
          const outcome = parseLine(trimLine(Buffer.concat([Buffer.from('\0\0'), line, Buffer.from('\r')])))
          if (outcome.kind !== 'request') throw new Error(outcome.kind)
          const request = readRequest(outcome.outer, outcome.ai)
          expect(request).toMatchObject({
            time,
            model: ai.model,
            sessionId: ai.session_id,
            question: ai.question,
            answer: ai.answer,
          })
          expect(request.tokens).toMatchObject({ input: ai.input_token, output: ai.output_token, bad: false })
          const logged = readMessages(outcome.ai)
          expect(logged).toEqual({ kind: 'messages', messages: JSON.parse(JSON.stringify(ai.messages)) as Json })
        },
      ),
    )
  })
})

describe('gzip reader', () => {
  async function read(bytes: Uint8Array): Promise<{ text: Buffer; error: unknown }> {
    const path = join(folder, 'fuzz.gz')
    writeFileSync(path, bytes)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of readGzip(openSync(path, 'r'), path)) chunks.push(chunk)
      return { text: Buffer.concat(chunks), error: null }
    } catch (error) {
      return { text: Buffer.concat(chunks), error }
    }
  }

  test('any content in any members comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(logBytes, { minLength: 1, maxLength: 4 }), fc.nat(64), async (members, zeros) => {
        const { text, error } = await read(
          Buffer.concat([...members.map((member) => gzipSync(member)), Buffer.alloc(zeros)]),
        )
        expect(error).toBeNull()
        expect(text.equals(Buffer.concat(members))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('a cut gives the beginning of the content and an error, never anything else', async () => {
    const text = Buffer.from(Array.from({ length: 300 }, (_, number) => `{"line":${String(number * 7919)}}\n`).join(''))
    const whole = gzipSync(text)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (length) => {
        const { text: got, error } = await read(whole.subarray(0, length))
        expect(text.subarray(0, got.length).equals(got)).toBe(true)
        expect(error).toBeInstanceOf(EngineError)
      }),
      { numRuns: 60 },
    )
  })

  test('any bytes give an error or what gunzip gives, and no other failure', async () => {
    await fc.assert(
      fc.asyncProperty(logBytes, fc.nat(), fc.integer({ min: 1, max: 255 }), async (content, place, change) => {
        const bytes = gzipSync(content)
        bytes[place % bytes.length]! ^= change
        const { text, error } = await read(bytes)
        if (error !== null) expect(error).toBeInstanceOf(EngineError)
        else expect(text.equals(gunzipSync(bytes))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('archive', () => {
  const record: fc.Arbitrary<RequestFrame> = fc.record({
    kind: fc.constant('request' as const),
    seq: fc.constant(0),
    file: fc.nat(100),
    offset: fc.nat(),
    length: fc.nat(),
    hash: fc.constantFrom('a', 'b').map((digit) => digit.repeat(24)),
    time: fc.nat(),
    timeInferred: fc.boolean(),
    base: fc.constant(null),
    kept: fc.nat(),
    keptBytes: fc.nat(),
    messagesStart: fc.integer({ min: -1, max: 1000 }),
    freshBytes: fc.nat(),
    stored: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    inferred: fc.option(
      fc.record({
        root: fc.constant('c'.repeat(24)),
        previous: fc.constant(null),
        confidence: fc.nat(100),
        evidence: fc.nat(511),
        messages: fc.nat(),
      }),
    ),
  })
  const dropped = fc.record({ kind: fc.constant('dropped' as const), requests: fc.nat(5) })
  const blocks = fc
    .array(fc.array(fc.oneof(record, record, dropped), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    .map(numbered)

  /** The records with the sequence numbers they have in an archive that starts with them. */
  function numbered<T extends ArchiveRecord>(written: readonly (readonly T[])[]): T[][] {
    let next = 1
    return written.map((records) =>
      records.map((one) => {
        const seq = next
        next += one.kind === 'dropped' ? one.requests : 1
        return one.kind === 'request' ? { ...one, seq } : one
      }),
    )
  }

  function write(written: readonly (readonly ArchiveRecord[])[], segmentBytes: number): string {
    const path = mkdtempSync(join(folder, 'archive-'))
    const archive = new Archive(path, { writable: true, segmentBytes })
    archive.replay(null, () => undefined)
    const writer = new FrameWriter()
    for (const records of written) {
      const firstSeq = archive.end.nextSeq
      for (const one of records) writer.add(one)
      const content = { ...writer.take(), firstSeq }
      archive.append(encodeBlockSync(content), content.requests)
    }
    archive.close()
    return path
  }

  function replay(path: string) {
    const read: string[] = []
    const archive = new Archive(path, { writable: false })
    const damages = archive.replay(null, (records) => read.push(JSON.stringify(records)))
    archive.close()
    return { read, damages }
  }

  test('what was written comes back, in order, over segments of any size', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 5000 }), (written, segmentBytes) => {
        const { read, damages } = replay(write(written, segmentBytes))
        expect(read).toEqual(written.map((records) => JSON.stringify(records)))
        expect(damages).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('no change of bytes crashes it, or brings out a block that was not written', () => {
    fc.assert(
      fc.property(
        blocks,
        fc.array(fc.record({ at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.option(fc.nat()),
        (written, changes, cutAt) => {
          const path = write(written, Infinity)
          const segment = join(path, '00000001.segment')
          let bytes = readFileSync(segment)
          // The version is not among what is changed: it may rightly refuse the whole.
          for (const change of changes)
            bytes.set(
              change.bytes.subarray(0, Math.max(0, bytes.length - 16)),
              16 + (change.at % Math.max(1, bytes.length - 16 - change.bytes.length)),
            )
          if (cutAt !== null) bytes = bytes.subarray(0, Math.max(16, cutAt % bytes.length))
          writeFileSync(segment, bytes)
          const { read, damages } = replay(path)
          const whole = written.map((records) => JSON.stringify(records))
          let from = 0
          for (const block of read) {
            const found = whole.indexOf(block, from)
            expect(found).toBeGreaterThanOrEqual(from)
            from = found + 1
          }
          if (cutAt === null && read.length < whole.length) expect(damages.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 80 },
    )
  })
})
