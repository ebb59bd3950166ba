import { describe, expect, it } from 'vitest'
import { PriceCatalog } from '../../../../src-main/engine/pricing/catalog'
import { picoCost, toUsd } from '../../../../src-main/engine/pricing/cost'
import { OVERLAY } from '../../../../src-main/engine/pricing/overlay'
import type { BilledTokens } from '../../../../src-main/engine/parse/usage'
import { billed } from '../../../fixtures/billed'

const prices = new PriceCatalog()
const time = Date.UTC(2026, 6, 2, 12)

describe('the overlay', () => {
  it.each(OVERLAY.map((list) => [list.provider, list] as const))('of %s says where its prices are from', (_, list) => {
    expect(list.provider).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(list.name).not.toBe('')
    expect(new URL(list.url).protocol).toBe('https:')
    expect(list.date).toMatch(/^20\d{2}-\d{2}-\d{2}$/)
    expect(Number.isNaN(Date.parse(list.date))).toBe(false)
    expect(list.conversion !== undefined).toBe(list.currency !== 'USD')
    expect(new Set(list.prices.flatMap(({ model, aliases = [] }) => [model, ...aliases])).size).toBe(
      list.prices.reduce((sum, { aliases = [] }) => sum + 1 + aliases.length, 0),
    )
  })

  it('holds prices that can be ones, and no field that is not read', () => {
    const fields = ['model', 'aliases', 'input', 'output', 'cacheRead', 'cacheWrite', 'reasoning', 'tiers']
    for (const { prices: rows } of OVERLAY) {
      for (const row of rows) {
        expect(fields).toEqual(expect.arrayContaining(Object.keys(row)))
        const { model: _, aliases: __, tiers = [], ...usd } = row
        const bounds = tiers.map(({ above }) => above)
        expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
        for (const value of [...Object.values(usd), ...tiers.flatMap((tier) => Object.values({ ...tier, above: 0 }))]) {
          expect(Number.isFinite(value) && value >= 0 && value <= 100).toBe(true)
          // More decimals than a picodollar a token has would be lost.
          expect(Math.abs(value * 1e6 - Math.round(value * 1e6))).toBeLessThan(1e-6)
        }
        // A cached token never costs more than one that is not.
        expect(row.cacheRead ?? 0).toBeLessThanOrEqual(row.input)
      }
    }
  })

  it('is reached by provider and model', () => {
    for (const list of OVERLAY) {
      for (const row of list.prices) {
        const price = prices.find(`${list.provider}/${row.model}`, time)
        // What genai-prices lists under the same provider goes first.
        if (price?.source.kind === 'catalog') continue
        expect(price).toMatchObject({
          matchedModel: row.model,
          rules: ['prefix'],
          source: { kind: 'overlay', name: list.name, url: list.url, date: list.date },
          input: { base: row.input },
          output: { base: row.output },
        })
      }
    }
  })

  it('does not repeat what genai-prices knows under the bare name', () => {
    // Of these providers the overlay holds what others than the model's maker charge, too.
    const own = OVERLAY.filter(({ provider }) => ['alibaba', 'stepfun', 'xiaomi'].includes(provider))
    for (const { prices: rows } of own) {
      for (const { model } of rows) expect(prices.find(model, time)?.source.kind).toBe('overlay')
    }
  })

  /** Tokens, and the sum by hand: tokens × USD per million. */
  const cases: readonly [string, Partial<BilledTokens>, number][] = [
    // 1000 × 1.6 + 500 × 6.4 = 1600 + 3200 = 4800 per million
    ['qwen-max', { prompt: 1000, completion: 500 }, 0.0048],
    // 12,345 × 1.6 + 678 × 6.4 = 19,752 + 4339.2 = 24,091.2
    ['Qwen-Max', { prompt: 12_345, completion: 678 }, 0.0240912],
    // 2000 × 1.2 + 300 × 6 = 2400 + 1800 = 4200
    ['qwen3-max-2025-09-23', { prompt: 2000, completion: 300 }, 0.0042],
    // thinking: 1000 × 0.4 + (800 − 500) × 1.2 + 500 × 4 = 400 + 360 + 2000 = 2760
    ['qwen-plus', { prompt: 1000, completion: 800, reasoning: 500 }, 0.00276],
    // not thinking: 1000 × 0.4 + 800 × 1.2 = 400 + 960 = 1360
    ['qwen-plus-latest', { prompt: 1000, completion: 800 }, 0.00136],
    // reasoning at its own price: 0 × 0.05 + 100 × 0.2 + 900 × 0.5 = 20 + 450 = 470
    ['qwen-turbo', { prompt: 0, completion: 1000, reasoning: 900 }, 0.00047],
    // no price for cached tokens: (1000 − 600) × 1 + 600 × 1 + 10 × 5 = 1050
    ['qwen3-coder-plus', { prompt: 1000, cached: 600, completion: 10 }, 0.00105],
    // (10,000 − 4000) × 2.5 + 4000 × 0.5 + 100 × 7.5 = 15,000 + 2000 + 750 = 17,750
    ['qwen3.7-max', { prompt: 10_000, cached: 4000, completion: 100 }, 0.01775],
    // written: (10,000 − 2000) × 2.5 + 2000 × 3.125 + 100 × 7.5 = 20,000 + 6250 + 750 = 27,000
    ['qwen3.7-max', { prompt: 10_000, cacheWrite: 2000, completion: 100 }, 0.027],
    // at the limit: 256,000 × 0.5 + 1000 × 3 = 128,000 + 3000 = 131,000
    ['qwen3.6-plus', { prompt: 256_000, completion: 1000 }, 0.131],
    // one token above it, all of it dearer: 256,001 × 2 + 1000 × 6 = 512,002 + 6000 = 518,002
    ['qwen3.6-plus', { prompt: 256_001, completion: 1000 }, 0.518002],
    // above, with cache: (300,000 − 200,000) × 2 + 200,000 × 0.2 + 1000 × 6 = 200,000 + 40,000 + 6000 = 246,000
    ['qwen3.6-plus', { prompt: 300_000, cached: 200_000, completion: 1000 }, 0.246],
    // 3000 × 0.345 + 1000 × 1.377 = 1035 + 1377 = 2412
    ['alibaba-cn/qwen-max', { prompt: 3000, completion: 1000 }, 0.002412],
    // 10,000 × 0.072 + 500 × 0.287 = 720 + 143.5 = 863.5
    ['qwen-long', { prompt: 10_000, completion: 500 }, 0.0008635],
    // (8000 − 5000) × 0.6 + 5000 × 0.11 + 1000 × 2.2 = 1800 + 550 + 2200 = 4550
    ['glm-4.6', { prompt: 8000, cached: 5000, completion: 1000 }, 0.00455],
    // free of charge
    ['glm-4.7-flash', { prompt: 8000, cached: 5000, completion: 1000 }, 0],
    // (4000 − 1000) × 0.1 + 1000 × 0.02 + 2000 × 0.3 = 300 + 20 + 600 = 920
    ['step-3.5-flash', { prompt: 4000, cached: 1000, completion: 2000 }, 0.00092],
    // (1,000,000 − 900,000) × 0.435 + 900,000 × 0.0036 + 1000 × 0.87 = 43,500 + 3240 + 870 = 47,610
    ['mimo-v2.5-pro', { prompt: 1_000_000, cached: 900_000, completion: 1000 }, 0.04761],
  ]
  it.each(cases)('prices %s with %j at %d USD', (model, counts, expected) => {
    const price = prices.find(model, time)
    expect(price?.source.kind).toBe('overlay')
    if (price !== null) expect(toUsd(picoCost(billed(counts), price))).toBe(expected)
  })
})
