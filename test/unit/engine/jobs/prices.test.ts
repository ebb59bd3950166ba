import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RepricingProgress, UserPrice } from '../../../../src-main/contract/index'
import { Engine } from '../../../../src-main/engine/engine'
import { EngineError } from '../../../../src-main/engine/base/errors'
import { logLine } from '../../../fixtures/log-line'
import { temporaryFolder } from '../../../fixtures/open-engine'

const own: UserPrice = {
  model: 'house-7b',
  input: 0.5,
  output: 1.5,
  cacheRead: null,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  from: null,
}

/**
 * By hand, USD per million tokens:
 *   gpt-4o    1000 × 2.5 + 100 × 10  = 3500
 *   house-7b  2000 × 0.5 + 300 × 1.5 = 1450, once it has a price
 */
const LINES = [
  logLine({ session_id: 'a', model: 'gpt-4o', input_token: 1000, output_token: 100 }),
  logLine({ session_id: 'b', model: 'house-7b', input_token: 2000, output_token: 300 }, { request_id: 'b1' }),
  logLine(
    { session_id: 'b', model: 'openai/gpt-4o@higress', input_token: 0, output_token: 0, cache_status: 'hit' },
    { request_id: 'b2' },
  ),
]

async function store() {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  const dataFolder = join(folder, 'store')
  writeFileSync(log, LINES.map((line) => `${line}\n`).join(''))
  const open = async (mode: 'read' | 'write' = 'write') => {
    const engine = await Engine.open({ dataFolder, timeZone: 'UTC', mode })
    onTestFinished(() => engine.close())
    return engine
  }
  const engine = await open()
  await engine.readOnce([log])
  return { folder, dataFolder, engine, open }
}

const totals = (engine: Engine) => engine.overview({ recentLimit: 0 }).totals
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
  return 'none'
}

describe('the prices in use', () => {
  it('are listed for every model that was logged, unknown ones with their tokens', async () => {
    const { engine } = await store()
    const { models, unused, repricing } = engine.prices()
    expect(models.map(({ model, rounds, costUsd, price }) => [model, rounds, costUsd, price?.matchedModel])).toEqual([
      ['gpt-4o', 1, 0.0035, 'gpt-4o'],
      ['house-7b', 1, null, undefined],
      ['openai/gpt-4o@higress', 1, 0, 'gpt-4o'],
    ])
    expect(models[0]?.price).toMatchObject({
      rules: ['exact'],
      source: { kind: 'catalog', name: 'OpenAI' },
      input: 2.5,
      cacheRead: 1.25,
      output: 10,
      tiers: [],
    })
    expect(models[1]).toMatchObject({ inputTokens: 2000, outputTokens: 300, unpricedRounds: 1, own: null })
    expect(models[2]?.price?.rules).toEqual(['gateway', 'prefix'])
    expect(unused).toEqual([])
    expect(repricing.active).toBe(false)
  })

  it('that the user sets apply to the whole history, and to what is read from then on', async () => {
    const { engine } = await store()
    const told: RepricingProgress[] = []
    engine.on('repricing', (progress) => told.push(progress))
    engine.setPrice(own)
    await engine.repriced()
    expect(totals(engine)).toMatchObject({ costUsd: 0.00495, unpricedRounds: 0 })
    expect(engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 }).rows[1]?.costUsd).toBe(
      0.00145,
    )
    expect(engine.sessionRounds({ sessionId: 'b', from: 1, limit: 9 }).rounds[0]?.cost).toMatchObject({
      usd: 0.00145,
      source: { kind: 'user' },
    })
    expect(engine.prices().models.find(({ model }) => model === 'house-7b')).toMatchObject({ own, costUsd: 0.00145 })
    expect(told[0]?.active).toBe(true)
    expect(told.at(-1)).toMatchObject({ active: false })
  })

  it('that are changed right before the engine closes leave nobody waiting for the end', async () => {
    const { engine } = await store()
    const told: boolean[] = []
    engine.on('repricing', ({ active }) => told.push(active))
    engine.setPrice(own)
    await engine.close()
    expect(told[0]).toBe(true)
    expect(told.at(-1)).toBe(false)
  })

  it('that are taken back leave the published ones', async () => {
    const { engine } = await store()
    engine.setPrice({ ...own, model: 'gpt-4o', input: 1000 })
    engine.setPrice(own)
    await engine.repriced()
    expect(totals(engine).costUsd).not.toBe(0.0035)
    engine.resetPrice('gpt-4o')
    engine.resetPrice('house-7b')
    engine.resetPrice('never set')
    await engine.repriced()
    expect(totals(engine)).toMatchObject({ costUsd: 0.0035, unpricedRounds: 1 })
  })

  it('survive a restart, and are what a reader sees', async () => {
    const { engine, open } = await store()
    engine.setPrice(own)
    await engine.repriced()
    const reader = await open('read')
    expect(totals(reader).costUsd).toBe(0.00495)
    expect(codeOf(() => reader.setPrice(own))).toBe('read-only')
    engine.resetPrice('house-7b')
    reader.refresh()
    expect(totals(reader).costUsd).toBe(0.0035)
    engine.setPrice(own)
    await engine.close()
    const again = await open()
    await again.repriced()
    expect(totals(again).costUsd).toBe(0.00495)
  })

  it('hold after a program that ended in the middle of pricing anew', async () => {
    const { engine, folder, dataFolder } = await store()
    engine.setPrice(own)
    // Saved before the first slice was done: what is stored has costs of the former prices.
    await engine.store.saveSnapshot()
    const copy = join(folder, 'copy')
    cpSync(dataFolder, copy, { recursive: true })
    rmSync(join(copy, 'store.lock'))
    const again = await Engine.open({ dataFolder: copy, timeZone: 'UTC' })
    onTestFinished(() => again.close())
    await again.repriced()
    expect(totals(again).costUsd).toBe(0.00495)
  })

  it('are exported and imported as a file', async () => {
    const { engine, folder } = await store()
    const file = join(folder, 'prices-export.json')
    engine.setPrice(own)
    engine.setPrice({ ...own, model: 'unseen', from: Date.UTC(2026, 0, 1) })
    expect(engine.exportPrices(file)).toBe(2)
    engine.resetPrice('house-7b')
    engine.setPrice({ ...own, model: 'kept' })
    expect(engine.importPrices(file)).toBe(2)
    await engine.repriced()
    expect(totals(engine).costUsd).toBe(0.00495)
    expect(engine.prices().unused.map(({ model }) => model)).toEqual(['kept', 'unseen'])
  })

  it.each([
    ['no file', null, 'not-found'],
    ['no prices', '{"a":1}', 'unreadable'],
    ['a price below zero', '{"version":1,"prices":[{"model":"m","input":-1,"output":1}]}', 'unreadable'],
  ])('are not taken from %s, and stay as they were', async (_, content, code) => {
    const { engine, folder } = await store()
    engine.setPrice(own)
    const file = join(folder, 'import.json')
    if (content !== null) writeFileSync(file, content)
    expect(codeOf(() => engine.importPrices(file))).toBe(code)
    await engine.repriced()
    expect(totals(engine).costUsd).toBe(0.00495)
  })

  it.each([{ input: -1 }, { output: NaN }, { input: 1e12 }, { model: '' }, { from: -5 }])(
    'are refused when they can be none: %j',
    async (change) => {
      const { engine, dataFolder } = await store()
      expect(codeOf(() => engine.setPrice({ ...own, ...change }))).toBe('refused')
      expect(readdirSync(dataFolder)).not.toContain('prices.json')
    },
  )

  it('of a damaged file are set aside and told, never lost', async () => {
    const { engine, dataFolder, open } = await store()
    engine.setPrice(own)
    await engine.close()
    const path = join(dataFolder, 'prices.json')
    const text = readFileSync(path, 'utf8').slice(0, 40)
    writeFileSync(path, text)
    const again = await open()
    await again.repriced()
    expect(again.notices).toMatchObject([{ level: 'warning', code: 'corrupt' }])
    expect(totals(again)).toMatchObject({ costUsd: 0.0035, unpricedRounds: 1 })
    const aside = readdirSync(dataFolder).find((name) => name.startsWith('prices.json.corrupt-')) ?? ''
    expect(readFileSync(join(dataFolder, aside), 'utf8')).toBe(text)
  })
})
