import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Engine } from '../../../../src-main/engine/engine'
import { blockPlaces } from '../../../../src-main/engine/index/queries/locate'
import { readFilters } from '../../../../src-main/engine/search/filter-file'
import { FilterBuilder } from '../../../../src-main/engine/search/filter-builder'
import { Filters } from '../../../../src-main/engine/search/filters'
import { gramsOf } from '../../../../src-main/engine/search/grams'
import { Search } from '../../../../src-main/engine/search/search'
import { logLine } from '../../../fixtures/log-line'
import { temporaryFolder } from '../../../fixtures/open-engine'
import { eventually } from '../../../fixtures/patience'

const ROUNDS = 600
/** Of letters that say little to deflate: blocks of many stored bytes. */
const noise = (seed: number, length: number): string => {
  let state = seed + 1
  let text = ''
  while (text.length < length) {
    state = Math.imul(state, 1664525) + 1013904223
    text += `${(state >>> 8).toString(36)} `
  }
  return text
}
const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => {
    const round = from + at
    return logLine(
      {
        session_id: `s${round % 7}`,
        model: 'm',
        answer: `${noise(round, 5000)} needle${round}x ${round % 100 === 0 ? 'sometimes' : ''}`,
      },
      { start_time: new Date(Date.UTC(2026, 1, 1, 10, 0, round)).toISOString(), request_id: `id-${round}` },
    )
  })

async function storeOf(segmentBytes: number) {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  writeFileSync(log, lines(0, ROUNDS).join('\n') + '\n')
  const dataFolder = join(folder, 'store')
  const open = async (mode: 'read' | 'write' = 'write') => {
    const engine = await Engine.open({ dataFolder, timeZone: 'UTC', mode, tuning: { segmentBytes } })
    onTestFinished(() => engine.close())
    return engine
  }
  const engine = await open()
  await engine.readOnce([log])
  return { engine, open, log, archive: join(dataFolder, 'archive') }
}

async function build({ store }: Engine): Promise<void> {
  const builder = new FilterBuilder(store.archive, store.index)
  while (await builder.step(() => Promise.resolve())) continue
}

async function found(engine: Engine, text: string): Promise<number[]> {
  const search = new Search(engine.store, { text, limit: 1000, order: 'newest' })
  const rounds: number[] = []
  for (;;) {
    const page = await search.next(1000)
    rounds.push(...page.hits.map((hit) => hit.seq - 1))
    if (page.done) return rounds
  }
}

/** The store, open to read and without filters: none are made but by the test, however long it takes. */
async function storeWithoutFilters() {
  const { engine: writer, open, archive } = await storeOf(1024 * 1024)
  await writer.close()
  for (const name of readdirSync(archive)) if (name.endsWith('.filter')) rmSync(join(archive, name))
  return { engine: await open('read'), archive }
}

/** Blocks a search for the text would read. */
const read = ({ store }: Engine, text: string) => {
  const filters = new Filters(store.archive.folder, gramsOf(text) ?? [])
  return blockPlaces(store.index).filter((place) => filters.mayHold(place)).length
}

const entries = (archive: string) =>
  readdirSync(archive)
    .filter((name) => name.endsWith('.segment'))
    .map((name) => readFilters(archive, Number.parseInt(name)).entries)

describe('the filters beside the archive', () => {
  it('leave little to read, and lose nothing, over several segments', async () => {
    const { engine, archive } = await storeWithoutFilters()
    const before = { one: await found(engine, 'NEEDLE17x'), many: await found(engine, 'sometimes') }
    const blocks = blockPlaces(engine.store.index).length
    expect(read(engine, 'needle17x')).toBe(blocks)
    await build(engine)
    expect(entries(archive).length).toBeGreaterThan(1)
    expect(before).toEqual({ one: [17], many: [500, 400, 300, 200, 100, 0] })
    expect({ one: await found(engine, 'NEEDLE17x'), many: await found(engine, 'sometimes') }).toEqual(before)
    // How many blocks one filter covers depends on how full they were when they were written.
    expect(read(engine, 'needle17x')).toBeLessThan(blocks)
    expect(read(engine, 'id-1')).toBeGreaterThan(0)
  })

  it('are made by an engine that has nothing else to do, and go on where they ended', async () => {
    const { engine, open, log, archive } = await storeOf(64 * 1024 * 1024)
    await eventually(() => expect(entries(archive).flat().length).toBeGreaterThan(2))
    await engine.close()
    const made = entries(archive).flat().length
    writeFileSync(log, lines(0, 2 * ROUNDS).join('\n') + '\n')
    const again = await open()
    await again.readOnce([log])
    await build(again)
    expect(entries(archive).flat().length).toBeGreaterThan(made)
    expect(await found(again, 'needle17x')).toEqual([17])
    expect(await found(again, 'needle1117x')).toEqual([1117])
  })

  it.each([
    ['cut off', (path: string) => truncateSync(path, 20_000)],
    [
      'damaged',
      (path: string) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, at) => (at === 70 ? byte ^ 1 : byte)),
        ),
    ],
    ['another segment’s', (path: string) => writeFileSync(path, readFileSync(path.replace('00000001', '00000002')))],
  ])('count for nothing where they are %s, and are made anew', async (_, spoil) => {
    const { engine, archive } = await storeWithoutFilters()
    await build(engine)
    const whole = entries(archive).flat().length
    spoil(join(archive, '00000001.filter'))
    expect(entries(archive).flat().length).toBeLessThan(whole)
    expect(await found(engine, 'needle17x')).toEqual([17])
    await build(engine)
    expect(entries(archive).flat().length).toBe(whole)
    expect(await found(engine, 'needle17x')).toEqual([17])
  })

  it('are not written by an engine that only reads', async () => {
    const { engine, archive } = await storeWithoutFilters()
    expect(await found(engine, 'needle17x')).toEqual([17])
    // By when one that writes, opened later, has made its own.
    const writes = await storeOf(1024 * 1024)
    await eventually(() => expect(entries(writes.archive).flat().length).toBeGreaterThan(2))
    expect(existsSync(join(archive, '00000001.filter'))).toBe(false)
  })
})
