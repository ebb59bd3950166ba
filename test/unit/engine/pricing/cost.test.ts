import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOf, picoCost, toPico, toUsd, type Price } from '../../../../src-main/engine/pricing/cost'
import type { TokenCounts } from '../../../../src-main/engine/parse/tokens'

const flat = (base: number) => ({ base, tiers: [] })
const price: Price = {
  input: flat(2.5),
  output: flat(10),
  cacheRead: flat(1.25),
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  request: 0,
  matchedModel: 'm',
  rules: ['exact'],
  source: { kind: 'user', name: '', url: null, date: '2026-02-01', conversion: null },
}
const tokens = (counts: Partial<TokenCounts>): TokenCounts => ({
  input: null,
  output: null,
  cached: null,
  reasoning: null,
  cacheWrite: null,
  cacheWriteHour: null,
  bad: false,
  unusable: false,
  ...counts,
})
const usd = (counts: Partial<TokenCounts>, of: Price = price) => {
  const components = costOf(tokens(counts), of)
  return components === null ? null : toUsd(toPico(components))
}

describe('the cost of a round', () => {
  it('is tokens × price per million', () => {
    // 1000 × 2.5 / 10^6 + 200 × 10 / 10^6 = 0.0025 + 0.002
    expect(usd({ input: 1000, output: 200 })).toBe(0.0045)
  })

  it('counts cached tokens as part of the input', () => {
    // (150 - 120) × 2.5 / 10^6 + 120 × 1.25 / 10^6 = 0.000075 + 0.00015
    expect(usd({ input: 150, cached: 120, output: 0 })).toBe(0.000225)
  })

  it('counts cached tokens beside the input when they are more than it', () => {
    // 100 × 2.5 / 10^6 + 900 × 1.25 / 10^6 = 0.00025 + 0.001125
    expect(usd({ input: 100, cached: 900 })).toBe(0.001375)
  })

  it('counts reasoning as part of the output, and beside it when it is more', () => {
    expect(usd({ output: 200, reasoning: 150 })).toBe(0.002)
    // (80 + 500) × 10 / 10^6
    expect(usd({ output: 80, reasoning: 500 })).toBe(0.0058)
  })

  it('is unknown when no tokens were logged', () => {
    expect(usd({})).toBeNull()
    expect(usd({ cached: 10 })).toBeNull()
  })

  it("is unknown when a count that it needs can't be read, whatever is known beside it", () => {
    expect(usd({ output: 200, unusable: true })).toBeNull()
    expect(picoCost(tokens({ output: 200, unusable: true }), price)).toBeNull()
  })

  it('is unknown when tokens of a kind without price were used', () => {
    expect(usd({ input: 10, output: 1 }, { ...price, output: null })).toBeNull()
    expect(usd({ input: 10, output: 0 }, { ...price, output: null })).toBe(0.000025)
  })

  it('takes cached tokens at the input price where the model has no price for them', () => {
    expect(usd({ input: 100, cached: 100 }, { ...price, cacheRead: null })).toBe(0.00025)
  })

  it('prices cache writes of both lifetimes', () => {
    const anthropic = {
      ...price,
      input: flat(3),
      cacheRead: flat(0.3),
      cacheWrite: flat(3.75),
      cacheWriteHour: flat(6),
    }
    // input 1000 = 500 uncached + 200 read + 200 written + 100 written for an hour
    // 500×3 + 200×0.3 + 200×3.75 + 100×6 = 1500 + 60 + 750 + 600 = 2910 per million
    expect(usd({ input: 1000, cached: 200, cacheWrite: 200, cacheWriteHour: 100 }, anthropic)).toBe(0.00291)
  })

  it('rises with the size of the request where the price has tiers', () => {
    const tiered = { ...price, input: { base: 3, tiers: [{ above: 200_000, price: 6 }] } }
    expect(usd({ input: 200_000 }, tiered)).toBe(0.6)
    expect(usd({ input: 200_001 }, tiered)).toBe(1.200006)
  })

  it('does not drift over a million rounds', () => {
    const components = costOf(tokens({ input: 7, output: 3 }), { ...price, input: flat(0.075), output: flat(0.3) })
    let pico = 0
    for (let round = 0; round < 1_000_000; round += 1) pico += toPico(components ?? [])
    // 10^6 × (7 × 0.075 + 3 × 0.3) / 10^6 = 1.425, exactly.
    expect(toUsd(pico)).toBe(1.425)
  })

  it('charges reasoning by its own price where it has one: as a part of the output, or beside it', () => {
    const thinking = { ...price, output: flat(1.2), reasoning: flat(4) }
    // 300 × 1.2 / 10^6 + 500 × 4 / 10^6 = 0.00036 + 0.002
    expect(usd({ output: 800, reasoning: 500 }, thinking)).toBe(0.00236)
    // 100 × 1.2 / 10^6 + 500 × 4 / 10^6 = 0.00012 + 0.002
    expect(usd({ output: 100, reasoning: 500 }, thinking)).toBe(0.00212)
  })

  it('adds what a request costs by itself', () => {
    // 12 USD per thousand requests = 0.012; 1000 × 2.5 / 10^6 = 0.0025
    expect(usd({ input: 1000 }, { ...price, request: 12_000 })).toBe(0.0145)
    expect(usd({ input: 0, output: 0 }, { ...price, request: 12_000 })).toBe(0.012)
  })

  it('is the sum of its components, however it is asked for', () => {
    const count = fc.option(fc.nat(2_000_000), { nil: null })
    const tiered = fc.record({
      base: fc.integer({ min: 0, max: 600_000_000 }).map((pico) => pico / 1e6),
      tiers: fc.constantFrom(
        [],
        [{ above: 200_000, price: 6 }],
        [
          { above: 1000, price: 1 },
          { above: 9000, price: 2 },
        ],
      ),
    })
    const maybe = fc.option(tiered, { nil: null })
    fc.assert(
      fc.property(
        fc.record({
          input: count,
          output: count,
          cached: count,
          reasoning: count,
          cacheWrite: count,
          cacheWriteHour: count,
        }),
        fc.record({
          input: maybe,
          output: maybe,
          cacheRead: maybe,
          cacheWrite: maybe,
          cacheWriteHour: maybe,
          reasoning: maybe,
          request: fc.constantFrom(0, 5000),
        }),
        (counts, prices) => {
          const components = costOf(tokens(counts), { ...price, ...prices })
          expect(picoCost(tokens(counts), { ...price, ...prices })).toBe(
            components === null ? null : toPico(components),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('shows its components', () => {
    expect(costOf(tokens({ input: 100, cached: 40, output: 10 }), price)).toEqual([
      { kind: 'input', tokens: 60, usdPerMillion: 2.5, usd: 0.00015 },
      { kind: 'cache_read', tokens: 40, usdPerMillion: 1.25, usd: 0.00005 },
      { kind: 'output', tokens: 10, usdPerMillion: 10, usd: 0.0001 },
    ])
  })
})
