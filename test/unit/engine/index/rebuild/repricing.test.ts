import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UserPrice } from '../../../../../src-main/contract/index'
import { Engine } from '../../../../../src-main/engine/engine'
import { IndexOpener } from '../../../../../src-main/engine/index/open'
import { changedModels, Repricing } from '../../../../../src-main/engine/index/rebuild/repricing'
import { PriceCatalog } from '../../../../../src-main/engine/pricing/catalog'
import { groupRows } from '../../../../../src-main/engine/index/queries/usage-groups'
import { COST, UsageColumns } from '../../../../../src-main/engine/index/sums/usage-columns'
import { toUsd } from '../../../../../src-main/engine/pricing/cost'
import { logLine, type LineFields } from '../../../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../../../fixtures/open-engine'

const price = (model: string, change: Partial<UserPrice> = {}): UserPrice => ({
  model,
  input: 0.5,
  output: 1.5,
  cacheRead: null,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  from: null,
  ...change,
})

/** Everything in the index that a price decides on, and the sums as pages get them. */
function costs(engine: Engine) {
  const { sql } = engine.store.index
  return {
    requests: sql.all('SELECT seq, cost FROM request ORDER BY seq'),
    sessions: sql.all('SELECT key, cost, unpriced FROM session ORDER BY key'),
    usage: sql.all(
      'SELECT hour, s.key, m.name, consumer_id, status, u.cost, u.unpriced FROM usage AS u ' +
        'JOIN session AS s ON s.id = session_id JOIN model AS m ON m.id = u.model_id ORDER BY 1, 2, 3, 4, 5',
    ),
    tools: sql.all('SELECT day, name, cost, unpriced FROM tool_day JOIN tool ON tool.id = tool_id ORDER BY 1, 2'),
    routes: sql.all(
      'SELECT day, key, d.cost, d.unpriced FROM route_day AS d JOIN session AS s ON s.id = session_id ORDER BY 1, 2',
    ),
    overview: { ...engine.overview({ recentLimit: 100 }), revision: 0 },
  }
}

/** The same store with its index made anew from the archive. */
async function madeAnew(dataFolder: string) {
  const copy = join(temporaryFolder(), 'copy')
  cpSync(dataFolder, copy, { recursive: true })
  rmSync(join(copy, 'store.lock'), { force: true })
  rmSync(join(copy, 'index.snapshot'), { force: true })
  const engine = await Engine.open({ dataFolder: copy, timeZone: 'UTC', mode: 'read' })
  const found = costs(engine)
  await engine.close()
  return found
}

const MODELS = [
  'house',
  'o3',
  'gpt-5.6-luna',
  'claude-sonnet-4-5',
  'deepseek-v4-pro',
  'sonar',
  'sonar-deep-research',
  'none',
]
const count = fc.oneof(fc.constant(undefined), fc.nat(5000), fc.nat(600_000))
const line = fc
  .record({
    session: fc.nat(5),
    model: fc.constantFrom(...MODELS),
    minute: fc.nat(2 * 365 * 1440),
    input: count,
    output: count,
    cached: count,
    reasoning: count,
    written: count,
    writtenHour: count,
  })
  .map(({ session, model, minute, input, output, cached, reasoning, written, writtenHour }) => {
    const ai: LineFields = {
      session_id: `s${String(session)}`,
      model,
      ...(minute % 3 === 0 ? { tool_calls: [{ id: 'c', function: { name: 'look', arguments: '{}' } }] } : {}),
      input_token: input,
      output_token: output,
      cached_tokens: cached,
      reasoning_tokens: reasoning,
      input_token_details: {
        cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: writtenHour },
      },
    }
    return logLine(ai, { start_time: new Date(Date.UTC(2025, 0, 1) + minute * 60_000).toISOString() })
  })
const usd = fc.nat(50_000_000).map((pico) => pico / 1e6)
const userPrice = fc.record({
  model: fc.constantFrom(...MODELS),
  input: usd,
  output: usd,
  cacheRead: fc.option(usd),
  cacheWrite: fc.option(usd),
  cacheWriteHour: fc.option(usd),
  reasoning: fc.option(usd),
  from: fc.option(fc.nat(2 * 365 * 1440).map((minute) => Date.UTC(2025, 0, 1) + minute * 60_000)),
})

describe('pricing the history anew', () => {
  it('gives what an index made anew with these prices holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(line, { minLength: 1, maxLength: 60 }),
        fc.array(userPrice, { minLength: 1, maxLength: 4 }),
        async (lines, prices) => {
          const folder = temporaryFolder()
          const [log, dataFolder] = [join(folder, 'access.log'), join(folder, 'store')]
          writeFileSync(log, lines.map((text) => `${text}\n`).join(''))
          const engine = await Engine.open({ dataFolder, timeZone: 'UTC' })
          await engine.readOnce([log])
          const before = costs(engine)
          for (const one of prices) engine.setPrice(one)
          await engine.repriced()
          expect(costs(engine)).toEqual(await madeAnew(dataFolder))
          for (const { model } of prices) engine.resetPrice(model)
          await engine.repriced()
          expect(costs(engine)).toEqual(before)
          await engine.close()
        },
      ),
      { numRuns: 12 },
    )
  })

  it('touches no model whose price stays', async () => {
    const engine = await engineOver([
      logLine({ session_id: 'a', model: 'house', input_token: 10, output_token: 1 }),
      logLine({ session_id: 'a', model: 'command-r', input_token: 10, output_token: 1 }, { request_id: 'other' }),
    ])
    const { index } = engine.store
    const names = (ids: readonly number[]) => ids.map((id) => index.models.nameOf(id))
    const none = new PriceCatalog()
    const own = { ...price('house'), date: '2026-02-01' }
    expect(names(changedModels(index, none, new PriceCatalog([own])))).toEqual(['house'])
    expect(changedModels(index, none, new PriceCatalog([{ ...own, model: 'unseen' }]))).toEqual([])
    // The same rates under another name or date are the same price.
    const same = { ...own, model: 'command-r', input: 0.15, output: 0.6 }
    expect(changedModels(index, none, new PriceCatalog([same]))).toEqual([])
  })

  it('leaves every sum right after each slice', async () => {
    const lines = Array.from({ length: 30 }, (_, round) =>
      logLine(
        { session_id: `s${String(round % 4)}`, model: 'house', input_token: round + 1, output_token: 2 },
        { request_id: String(round) },
      ),
    )
    const engine = await engineOver(lines)
    const { index } = engine.store
    const own = { ...price('house'), date: '2026-02-01' }
    const repricing = new Repricing(index, new PriceCatalog([own]), [index.models.idOf('house')], { slice: 7 })
    const cost = (sql: string) => index.sql.get(sql)?.[0]
    let slices = 0
    let priced = -1
    while (repricing.step()) {
      slices += 1
      const now = cost('SELECT count(cost) FROM request')
      expect(now).toBeGreaterThan(priced)
      priced = Number(now)
      const sum = cost('SELECT coalesce(sum(cost), 0) FROM request')
      expect(cost('SELECT sum(cost) FROM session')).toBe(sum)
      expect(cost('SELECT sum(cost) FROM usage')).toBe(sum)
      const { totals } = engine.overview({ recentLimit: 0 })
      expect(totals.costUsd).toBe(toUsd(Number(sum)))
      expect(totals.unpricedRounds).toBe(30 - priced)
    }
    expect(slices).toBeGreaterThan(1)
    // 30 rounds: (1 + … + 30) × 0.5 + 30 × 2 × 1.5 = 232.5 + 90 = 322.5 per million
    expect(engine.overview({ recentLimit: 0 }).totals.costUsd).toBe(0.0003225)
  })

  it('does not fail where a log names so many tokens that the sum is no integer any more', async () => {
    const lines = Array.from({ length: 40 }, (_, round) =>
      logLine(
        { session_id: 'a', model: 'house', input_token: 1_000_000_000, output_token: 1_000_000_000 },
        { request_id: String(round) },
      ),
    )
    const engine = await engineOver(lines)
    engine.setPrice(price('house', { input: 100_000, output: 100_000 }))
    await engine.repriced()
    // 40 × 2 × 10^9 tokens × 0.1 USD
    expect(engine.overview({ recentLimit: 0 }).totals.costUsd).toBeCloseTo(8e9, -3)
    engine.resetPrice('house')
    await engine.repriced()
    expect(engine.overview({ recentLimit: 0 }).totals).toMatchObject({ costUsd: null, unpricedRounds: 40 })
  })
})

describe('the sum of a million rounds', () => {
  /** Whole picodollars of 0 to 4 USD: together some 2 million USD, 200 times what a double counts exactly. */
  const ROUNDS = 1_000_000
  const pico = new Float64Array(ROUNDS)
  let exact = 0n
  for (let round = 0; round < ROUNDS; round += 1) {
    const value = (round * 7_919_000_017 + 13) % 4_000_000_000_007
    pico[round] = value
    exact += BigInt(value)
  }
  const exactUsd = (usd: number): number => {
    // The difference in whole picodollars, before anything is rounded.
    const whole = BigInt(Math.floor(usd))
    const rest = (usd - Math.floor(usd)) * 1e12
    return Number(exact - whole * 1_000_000_000_000n) / 1e12 - rest / 1e12
  }

  it('is exact to 10^-9 USD as pages add it up', () => {
    const columns = new UsageColumns()
    const row = { hour: 2026020100, sessionId: 1, modelId: 1, consumerId: 1, sourceId: 1, status: 0 }
    for (const value of pico) columns.addCost({ ...row, cost: value, unpriced: 0, estimated: 0 })
    const [groups] = groupRows(columns, null, [() => 0])
    const sum = toUsd(groups?.get(0)?.sums[COST] ?? 0) ?? 0
    expect(sum).toBeGreaterThan(1_900_000)
    expect(Math.abs(exactUsd(sum))).toBeLessThan(1e-9)
  })

  it('is exact to 10^-9 USD as SQLite adds it up', async () => {
    const index = (await IndexOpener.load()).empty({ timeZone: 'UTC', prices: new PriceCatalog() })
    index.sql.script('CREATE TEMP TABLE round (cost INTEGER)')
    index.sql.transaction(() => {
      for (const value of pico) index.sql.run('INSERT INTO temp.round VALUES (?)', [value])
    })
    const total = toUsd(Number(index.sql.get('SELECT total(cost) FROM temp.round')?.[0])) ?? 0
    expect(Math.abs(exactUsd(total))).toBeLessThan(1e-9)
    index.sql.close()
  })
})
