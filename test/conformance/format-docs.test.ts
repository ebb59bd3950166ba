import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import initSqlJs from 'sql.js'
import { describe, expect, it } from 'vitest'
import { readSettings, writeSettings } from '../../src-main/desktop/settings/stored-settings'
import { EMPTY_LEDGER, EMPTY_MARKS } from '../../src-main/engine/tail/file-state'
import { FilterBuilder } from '../../src-main/engine/search/filter-builder'
import {
  documentedArray,
  documentedCrc,
  documentedIdentity,
  documentedLine,
  readDocumentedArchive,
  type DocumentedArchive,
} from '../fixtures/documented-archive'
import { LineMaker } from '../fixtures/engine/log-writer'
import { logLine } from '../fixtures/log-line'
import { engineOver, exportTo, temporaryFolder } from '../fixtures/open-engine'

/**
 * docs/formats is what users' data is read by when this program is gone. These tests read real files by those pages alone,
 * and compare the pages' lists of fields with what is written.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const page = (name: string): string => readFileSync(join(root, 'docs', 'formats', name), 'utf8')
const FORMER = join(root, 'test', 'fixtures', 'former-version', '0.1.0')

/** The names in the first column of the tables below a heading, up to the next heading. */
function documented(text: string, heading: string): string[] {
  const start = text.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`The page has no heading ${heading}.`)
  const rest = text.slice(start + heading.length + 2)
  const end = rest.search(/\n#+ /)
  return firstColumn(end < 0 ? rest : rest.slice(0, end))
}

const firstColumn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''))

/** An engine that has read lines of every form the archive tells apart. */
async function storeOfEveryForm() {
  const maker = new LineMaker()
  const unnamed = (messages: readonly object[], answer: string, second: number): string =>
    logLine(
      { messages, answer, model: 'gpt-4o', consumer: 'team', question: 'q' },
      { start_time: `2026-02-03T00:00:${String(second).padStart(2, '0')}Z`, request_id: `unnamed-${String(second)}` },
    )
  const opening = [{ role: 'user', content: 'Plan three days in Lisbon, please.' }]
  const goingOn = [...opening, { role: 'assistant', content: 'Day 1.' }, { role: 'user', content: 'And day 2?' }]
  const timeless = JSON.parse(logLine({ session_id: 'timeless', model: 'gpt-4o', answer: 'Now.' })) as object
  const lines = [
    ...Array.from({ length: 12 }, () => maker.line()),
    unnamed(opening, 'Day 1.', 1),
    unnamed(goingOn, 'Day 2.', 2),
    JSON.stringify({ ...timeless, start_time: undefined }),
    logLine({ session_id: 'no-messages', model: 'gpt-4o', answer: 'x', question: 'y' }, { request_id: 'other' }),
  ]
  const engine = await engineOver(lines)
  return { engine, lines, folder: engine.store.archive.folder }
}

function expectLines(archive: DocumentedArchive, lines: readonly string[]): void {
  const wanted = new Set(lines)
  const got = [...archive.requests.keys()].map((seq) => documentedLine(archive, seq).toString())
  expect(got.filter((line) => !wanted.has(line))).toEqual([])
  for (const seq of archive.requests.keys()) {
    expect(documentedIdentity(archive, seq)).toBe(archive.requests.get(seq)?.identity)
  }
}

describe('docs/formats/archive.md', () => {
  it('is enough to get every line back from an archive that this version writes', async () => {
    const { engine, lines, folder } = await storeOfEveryForm()
    await engine.close()
    const archive = readDocumentedArchive(folder)
    expect(archive.versions).toEqual([2])
    expect(archive.requests.size).toBe(lines.length)
    expectLines(archive, lines)
    const requests = [...archive.requests.values()]
    // The line stands where the record says.
    for (const request of requests) {
      const log = readFileSync(String(archive.files.get(request.file)?.['path']))
      const line = log.toString('utf8', request.offset, request.offset + request.length)
      expect(documentedLine(archive, request.seq).toString()).toBe(line)
    }
    expect(requests.some(({ base, leftOut, common }) => base !== null && leftOut > 1 && common > 0)).toBe(true)
    expect(requests.filter(({ timeInferred }) => timeInferred)).toHaveLength(1)
    expect(requests.filter(({ start }) => start === -1).length).toBeGreaterThan(0)
    const [first, second] = requests.filter(({ inferred }) => inferred !== null)
    expect(first?.inferred).toMatchObject({ root: first?.identity, joined: null, confidence: 100 })
    expect(second?.inferred).toMatchObject({ root: first?.identity, joined: first?.seq, agree: 1 })
    expect(second?.inferred?.evidence).toBe(1 + 2 + 128 + 256)
    const array = JSON.parse(`"${documentedArray(archive, second?.seq ?? 0).toString()}"`) as string
    expect(JSON.parse(array)).toHaveLength(3)
  })

  it('is enough to get every line back from an archive of version 0.1.0, in which history was deleted', () => {
    const archive = readDocumentedArchive(join(FORMER, 'store', 'archive'))
    const lines = [
      ...readFileSync(join(FORMER, 'logs', 'logs', 'access.log'), 'utf8').split('\n'),
      ...gunzipSync(readFileSync(join(FORMER, 'logs', 'logs', 'access.log.1.gz')))
        .toString()
        .split('\n'),
    ]
    expect(archive.requests.size).toBe(26)
    expectLines(archive, lines)
    // Three requests were deleted for their age and stay deleted, two with their source.
    expect(archive.gaps).toBe(5)
    expect(new Set(archive.deletedLines).size).toBe(3)
    expect([...archive.requests.keys()].at(-1)).toBe(31)
  })

  it('lists the keys of a file record', async () => {
    const { engine, folder } = await storeOfEveryForm()
    await engine.close()
    const [file] = [...readDocumentedArchive(folder).files.values()]
    const keys = documented(page('archive.md'), '### 2: file')
    const counts = [...Object.keys(EMPTY_LEDGER), ...Object.keys(EMPTY_MARKS)]
    expect(keys.sort()).toEqual(Object.keys(file ?? {}).sort())
    for (const count of counts) expect(page('archive.md')).toContain(`\`${count}\``)
  })
})

describe('docs/formats/index.md', () => {
  it('describes the header of a snapshot and names every table', async () => {
    const { engine, folder } = await storeOfEveryForm()
    await engine.close()
    const snapshot = readFileSync(join(folder, '..', 'index.snapshot'))
    const body = snapshot.subarray(24)
    expect(snapshot.toString('latin1', 0, 12)).toBe('ASM-INDEX\n\0\0')
    expect(snapshot.readUInt32LE(12)).toBe(documentedCrc(body))
    expect(snapshot.readUIntLE(16, 6)).toBe(body.length)
    expect(snapshot.readUInt16LE(22)).toBe(0)
    const { Database } = await initSqlJs()
    const database = new Database(body)
    const [tables] = database.exec("SELECT name FROM sqlite_master WHERE type = 'table'")
    database.close()
    expect(documented(page('index.md'), '## index.snapshot').sort()).toEqual(tables?.values.flat().sort())
  })

  it('describes the entries of a filter file', async () => {
    // Filters are made of stretches of a few hundred kilobytes, so the text must not deflate to nothing.
    let state = 1
    const noise = Array.from({ length: 200_000 }, () => (state = Math.imul(state, 1664525) + 1013904223) >>> 8)
    const lines = Array.from({ length: 100 }, (_, at) => {
      const answer = noise.slice(at * 2000, (at + 1) * 2000).join(' ')
      return logLine({ session_id: 's', model: 'm', answer }, { request_id: String(at) })
    })
    const engine = await engineOver(lines)
    const { folder } = engine.store.archive
    const builder = new FilterBuilder(engine.store.archive, engine.store.index)
    while (await builder.step(() => Promise.resolve())) continue
    await engine.close()
    const filters = readFileSync(join(folder, '00000001.filter'))
    const { blocks } = readDocumentedArchive(folder)
    let entries = 0
    for (let at = 0; at < filters.length; entries += 1) {
      expect(filters.toString('latin1', at, at + 4)).toBe('ASF1')
      const filter = filters.subarray(at + 32, at + 32 + filters.readUInt32LE(at + 4))
      expect(filters.readUInt32LE(at + 28)).toBe(documentedCrc(filters.subarray(at, at + 28), filter))
      const first = blocks.find(({ start }) => start === filters.readUInt32LE(at + 8))
      const last = blocks.find(({ end }) => end === filters.readUInt32LE(at + 12))
      expect(first?.crc).toBe(filters.readUInt32LE(at + 16))
      expect(last?.crc).toBe(filters.readUInt32LE(at + 20))
      expect(last?.start).toBe(filters.readUInt32LE(at + 24))
      at += 32 + filter.length
    }
    expect(entries).toBeGreaterThan(0)
  })

  it('names every file of a data folder, with archive.md and settings.md', async () => {
    const { engine, folder } = await storeOfEveryForm()
    const names = readdirSync(join(folder, '..'))
    await engine.close()
    const pages = page('archive.md') + page('index.md') + page('settings.md')
    expect(names).toContain('store.lock')
    for (const name of names) expect(pages).toContain(name)
    expect(existsSync(join(folder, '..', 'store.lock'))).toBe(false)
  })
})

describe('docs/formats/settings.md', () => {
  const text = page('settings.md')

  it('lists the keys of settings.json', () => {
    const { stored: read, later } = readSettings(readFileSync(join(FORMER, 'settings.json'), 'utf8'))
    const stored = JSON.parse(writeSettings(read, later)) as { settings: object }
    const keys = documented(text, '## settings.json')
    expect(keys.sort()).toEqual([...Object.keys(stored), ...Object.keys(stored.settings)].sort())
  })

  it('lists the keys of prices.json', () => {
    const stored = JSON.parse(readFileSync(join(FORMER, 'store', 'prices.json'), 'utf8')) as { prices: object[] }
    const keys = documented(text, '## prices.json')
    expect(keys.sort()).toEqual([...Object.keys(stored), ...Object.keys(stored.prices[0] ?? {})].sort())
  })
})

describe('docs/formats/exports.md', () => {
  const text = page('exports.md')

  it('lists the fields of a session and of its rounds', async () => {
    const { engine } = await storeOfEveryForm()
    const path = join(temporaryFolder(), 'session.json')
    await exportTo(engine, { what: 'session', format: 'json', sessionId: 'no-messages' }, path)
    const session = JSON.parse(readFileSync(path, 'utf8')) as { rounds: object[] }
    const written = [...Object.keys(session), ...Object.keys(session.rounds[0] ?? {})]
    const keys = documented(text, '## Session, JSON').filter((name) => name !== 'lost_messages')
    expect([...new Set(keys)].sort()).toEqual([...new Set(written)].sort())
  })

  it('names the fields of the report', async () => {
    const { engine } = await storeOfEveryForm()
    const path = join(temporaryFolder(), 'report.json')
    await exportTo(engine, { what: 'report', format: 'json', filter: { models: ['gpt-4o'] } }, path)
    const report = JSON.parse(readFileSync(path, 'utf8')) as {
      summary: object
      by_date: Record<string, object>
    }
    const [day] = Object.values(report.by_date)
    for (const key of [...Object.keys(report), ...Object.keys(report.summary), ...Object.keys(day ?? {})]) {
      expect(text).toMatch(new RegExp(`["\`]${key}["\`]`))
    }
  })

  it('names the columns of the CSV files in their order', async () => {
    const { engine } = await storeOfEveryForm()
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'x'), '')
    await exportTo(engine, { what: 'report', format: 'csv' }, join(folder, 'report.csv'))
    await exportTo(engine, { what: 'session', format: 'csv', sessionId: 'no-messages' }, join(folder, 'session.csv'))
    const columns = (name: string): string[] =>
      (readFileSync(join(folder, name), 'utf8').split('\r\n')[0] ?? '').split(',')
    const flat = text.replace(/\s+/g, ' ').replaceAll('⁺', '')
    expect(flat).toContain(`Columns: ${columns('session.csv').join(', ')}.`)
    const byDate = columns('report.date.csv').map((name) =>
      name === 'Date' ? 'Model (or Date)' : name === 'Models' ? 'Models (of a date only)' : name,
    )
    expect(flat).toContain(`Columns: ${byDate.join(', ')}.`)
  })
})
