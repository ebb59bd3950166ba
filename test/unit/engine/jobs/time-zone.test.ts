import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Engine } from '../../../../src-main/engine/engine'
import type { SessionIndex } from '../../../../src-main/engine/index/tables/session-index'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'

/** More than one slice, over all hours of some days; with tools, retries, broken caches and failures. */
function lines(): string[] {
  return Array.from({ length: 11_000 }, (_, n) => {
    // Five sessions in turn, in each of which the history grows, is sent again as it was, and is cut.
    const cycle = Math.floor(n / 25)
    const length = [1, 3, 3, 5, 2][Math.floor(n / 5) % 5] ?? 1
    const messages = Array.from({ length }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: at === 0 ? 'begin' : `message ${String(at)} of ${String(cycle)}${length === 2 ? ', otherwise' : ''}`,
    }))
    const call = { id: `c${String(n)}`, type: 'function', function: { name: `tool-${String(n % 3)}`, arguments: '{}' } }
    return logLine(
      {
        session_id: `s${String(n % 5)}`,
        model: n % 2 === 0 ? 'gpt-4o' : 'a model of mine',
        input_token: 100 + n,
        output_token: 10,
        cached_token: n % 11,
        messages,
        ...(n % 4 === 0 ? { tool_calls: [call] } : {}),
        llm_service_duration: 100 + (n % 900),
      },
      {
        start_time: new Date(Date.UTC(2026, 1, 1) + n * 61_000).toISOString(),
        request_id: `r${String(n)}`,
        response_code: n % 13 === 0 ? '500' : '200',
      },
    )
  })
}

/** Everything that is by hour or day. */
const sumsOf = ({ sql }: SessionIndex) =>
  [
    'SELECT * FROM usage ORDER BY 1, 2, 3, 4, 5, 6',
    'SELECT * FROM insight_day ORDER BY 1, 2, 3, 4',
    'SELECT * FROM tool_day ORDER BY 1, 2',
    'SELECT * FROM route_day ORDER BY 1, 2, 3',
    'SELECT seq, day FROM cache_break ORDER BY 1',
    'SELECT seq, day FROM retry ORDER BY 1',
    "SELECT value FROM meta WHERE key = 'time_zone'",
    "SELECT name FROM sqlite_master WHERE name LIKE 'usage%'",
  ].map((query) => sql.all(query))

const days = (engine: Engine): string => JSON.stringify(engine.overview({ recentLimit: 0 }).byDate)

it('another time zone: the former one’s days are told until all of the new ones are there', async () => {
  const engine = await engineOver(lines())
  const before = days(engine)
  const told: number[] = []
  engine.on('opening', ({ share }) => told.push(share))
  const over = new AbortController()
  const changing = engine.setTimeZone('Asia/Kathmandu').finally(() => {
    over.abort()
  })
  const seen = new Set<string>()
  let answers = 0
  while (!over.signal.aborted) {
    seen.add(days(engine))
    answers += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  await changing
  const after = days(engine)
  expect(after).not.toBe(before)
  // Between every two slices.
  expect(answers).toBeGreaterThan(3)
  expect([...seen].every((one) => one === before || one === after)).toBe(true)
  expect(seen.has(before)).toBe(true)
  expect(told.length).toBeGreaterThan(3)
  expect(told.slice(0, -1).every((share) => share < 1)).toBe(true)
  expect(told.at(-1)).toBe(1)
  const inSteps = sumsOf(engine.store.index)
  expect(inSteps.map((rows) => rows.length)).not.toContain(0)

  // The same as of an index made anew, and there again at the next start.
  const { dataFolder } = engine.store
  await engine.close()
  const open = (): Promise<Engine> => Engine.open({ dataFolder, timeZone: 'Asia/Kathmandu' })
  const again = await open()
  expect(sumsOf(again.store.index)).toEqual(inSteps)
  expect(again.store.snapshotIsStale).toBe(false)
  await again.close()
  rmSync(join(dataFolder, 'index.snapshot'))
  const anew = await open()
  onTestFinished(() => anew.close())
  expect(sumsOf(anew.store.index)).toEqual(inSteps)
})

it('another choice ends the one under way, also back to the zone in use', async () => {
  const engine = await engineOver(lines())
  const former = engine.store.index.timeZone
  const before = sumsOf(engine.store.index)
  const [first, second] = [engine.setTimeZone('Asia/Kathmandu'), engine.setTimeZone(former)]
  await Promise.all([first, second])
  expect(engine.store.index.timeZone).toBe(former)
  expect(sumsOf(engine.store.index)).toEqual(before)
  await Promise.all([engine.setTimeZone('Asia/Tokyo'), engine.setTimeZone('America/New_York')])
  expect(engine.store.index.timeZone).toBe('America/New_York')
  await expect(engine.setTimeZone('Mars/Olympus')).rejects.toMatchObject({ code: 'refused' })
  expect(engine.store.index.timeZone).toBe('America/New_York')
})

it('a price set meanwhile is in the sums of the new zone, and what is logged meanwhile too', async () => {
  const engine = await engineOver(lines())
  const changing = engine.setTimeZone('Asia/Kathmandu')
  await new Promise((resolve) => setImmediate(resolve))
  const rates = { cacheRead: null, cacheWrite: null, cacheWriteHour: null, reasoning: null, from: null }
  engine.setPrice({ model: 'a model of mine', input: 7, output: 7, ...rates })
  await changing
  await engine.repriced()
  const inSteps = sumsOf(engine.store.index)
  const { dataFolder } = engine.store
  await engine.close()
  rmSync(join(dataFolder, 'index.snapshot'))
  const anew = await Engine.open({ dataFolder, timeZone: 'Asia/Kathmandu' })
  onTestFinished(() => anew.close())
  expect(sumsOf(anew.store.index)).toEqual(inSteps)
})

it('closed meanwhile, the former zone is still whole', async () => {
  const engine = await engineOver(lines())
  const before = sumsOf(engine.store.index)
  const { dataFolder, index } = engine.store
  const { timeZone } = index
  const changing = engine.setTimeZone('Asia/Kathmandu')
  await engine.close()
  await changing
  const again = await Engine.open({ dataFolder, timeZone })
  onTestFinished(() => again.close())
  expect(sumsOf(again.store.index)).toEqual(before)
})
