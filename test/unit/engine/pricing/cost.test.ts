import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  costOf,
  isEstimate,
  picoCost,
  toPico,
  toUsd,
  UNPRICED_KINDS,
  type Price,
} from '../../../../src-main/engine/pricing/cost'
import type { BilledTokens } from '../../../../src-main/engine/parse/usage'
import { USAGE_MARKS } from '../../../../src-main/engine/parse/usage-marks'
import { billed } from '../../../fixtures/billed'

const flat = (base: number) => ({ base, tiers: [] })
const price: Price = {
  ...UNPRICED_KINDS,
  input: flat(2.5),
  output: flat(10),
  cacheRead: flat(1.25),
  request: 0,
  halfPriceTiers: false,
  matchedModel: 'm',
  rules: ['exact'],
  source: { kind: 'user', name: '', url: null, date: '2026-02-01', conversion: null },
}
const usd = (counts: Partial<BilledTokens>, of: Price | null = price) => {
  const cost = costOf(billed(counts), of)
  return cost === null ? null : toUsd(toPico(cost.components))
}

describe('the cost of a round', () => {
  it('is tokens × price per million', () => {
    // 1000 × 2.5 / 10^6 + 200 × 10 / 10^6 = 0.0025 + 0.002
    expect(usd({ prompt: 1000, completion: 200 })).toBe(0.0045)
  })

  it('counts cached tokens as part of the input', () => {
    // (150 - 120) × 2.5 / 10^6 + 120 × 1.25 / 10^6 = 0.000075 + 0.00015
    expect(usd({ prompt: 150, cached: 120, completion: 0 })).toBe(0.000225)
  })

  it('counts reasoning as part of the completion', () => {
    expect(usd({ completion: 200, reasoning: 150 })).toBe(0.002)
  })

  it('is unknown when what was used is', () => {
    const unknown = { prompt: 200, marks: USAGE_MARKS.unusable }
    expect(usd({ marks: USAGE_MARKS['not-reported'] })).toBeNull()
    expect(usd(unknown)).toBeNull()
    expect(picoCost(billed(unknown), price)).toBeNull()
    expect(usd({ prompt: 1 }, null)).toBeNull()
  })

  it('is nothing where the gateway answered itself, whatever the model costs', () => {
    expect(usd({ prompt: 0, completion: 0, marks: USAGE_MARKS['answered-by-cache'] }, null)).toBe(0)
    expect(usd({ prompt: 0, completion: 0, marks: USAGE_MARKS['denied-by-guard'] })).toBe(0)
  })

  it('is nothing for a failed request without usage, unless the user says otherwise', () => {
    const failed = billed({ marks: USAGE_MARKS['not-reported'] | USAGE_MARKS['failed-unreported'] })
    expect(picoCost(failed, null)).toBe(0)
    expect(picoCost(failed, null, { freeFailures: false })).toBeNull()
    expect(costOf(failed, price, { freeFailures: false })).toBeNull()
  })

  it('charges audio and images at their own price, and says where there is none', () => {
    const spoken = { prompt: 900, completion: 400, audioInput: 700, audioOutput: 300 }
    const audio = { ...price, audioInput: flat(40), audioOutput: flat(80) }
    // 200 × 2.5 + 700 × 40 + 100 × 10 + 300 × 80 = 500 + 28,000 + 1000 + 24,000
    expect(usd(spoken, audio)).toBe(0.0535)
    expect(costOf(billed(spoken), audio)?.estimate).toEqual([])
    expect(costOf(billed(spoken), price)?.estimate).toEqual(['audio-at-text-price'])
    const drawn = { prompt: 10, completion: 4000, imageOutput: 4000 }
    expect(usd(drawn, { ...price, imageOutput: flat(40) })).toBe(0.160025)
    expect(costOf(billed(drawn), price)?.estimate).toEqual(['image-at-text-price'])
  })

  it('halves the price for batch and flex where the provider publishes that, and is an estimate elsewhere', () => {
    const half = { ...price, halfPriceTiers: true }
    const flex = { prompt: 1000, completion: 200, marks: USAGE_MARKS['tier-flex'] }
    expect(usd(flex, half)).toBe(0.00225)
    expect(costOf(billed(flex), half)?.estimate).toEqual([])
    expect(costOf(billed(flex), price)?.estimate).toEqual(['tier-at-standard-price'])
    const priority = { ...flex, marks: USAGE_MARKS['tier-priority'] }
    expect(usd(priority, half)).toBe(0.0045)
    expect(costOf(billed(priority), half)?.estimate).toEqual(['tier-at-standard-price'])
  })

  it('is unknown when tokens of a kind without price were used', () => {
    expect(usd({ prompt: 10, completion: 1 }, { ...price, output: null })).toBeNull()
    expect(usd({ prompt: 10, completion: 0 }, { ...price, output: null })).toBe(0.000025)
  })

  it('takes cached tokens at the input price where the model has no price for them', () => {
    expect(usd({ prompt: 100, cached: 100 }, { ...price, cacheRead: null })).toBe(0.00025)
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
    expect(usd({ prompt: 1000, cached: 200, cacheWrite: 200, cacheWriteHour: 100 }, anthropic)).toBe(0.00291)
  })

  it('rises with the size of the request where the price has tiers', () => {
    const tiered = { ...price, input: { base: 3, tiers: [{ above: 200_000, price: 6 }] } }
    expect(usd({ prompt: 200_000 }, tiered)).toBe(0.6)
    expect(usd({ prompt: 200_001 }, tiered)).toBe(1.200006)
  })

  it('does not drift over a million rounds', () => {
    const components = costOf(billed({ prompt: 7, completion: 3 }), { ...price, input: flat(0.075), output: flat(0.3) })
    let pico = 0
    for (let round = 0; round < 1_000_000; round += 1) pico += toPico(components?.components ?? [])
    // 10^6 × (7 × 0.075 + 3 × 0.3) / 10^6 = 1.425, exactly.
    expect(toUsd(pico)).toBe(1.425)
  })

  it('charges reasoning at its own price where it has one', () => {
    const thinking = { ...price, output: flat(1.2), reasoning: flat(4) }
    // 300 × 1.2 / 10^6 + 500 × 4 / 10^6 = 0.00036 + 0.002
    expect(usd({ completion: 800, reasoning: 500 }, thinking)).toBe(0.00236)
  })

  it('adds what a request costs by itself', () => {
    // 12 USD per thousand requests = 0.012; 1000 × 2.5 / 10^6 = 0.0025
    expect(usd({ prompt: 1000 }, { ...price, request: 12_000 })).toBe(0.0145)
    expect(usd({ prompt: 0, completion: 0 }, { ...price, request: 12_000 })).toBe(0.012)
  })

  it('is the sum of its components, however it is asked for', () => {
    const count = fc.nat(200_000)
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
          prompt: fc.integer({ min: 1_000_000, max: 2_000_000 }),
          completion: fc.integer({ min: 1_000_000, max: 2_000_000 }),
          cached: count,
          reasoning: count,
          cacheWrite: count,
          cacheWriteHour: count,
          audioInput: count,
          imageInput: count,
          audioOutput: count,
          imageOutput: count,
          marks: fc.constantFrom(...Object.values(USAGE_MARKS), 0),
        }),
        fc.record({
          input: maybe,
          output: maybe,
          cacheRead: maybe,
          cacheWrite: maybe,
          cacheWriteHour: maybe,
          reasoning: maybe,
          audioInput: maybe,
          imageInput: maybe,
          audioOutput: maybe,
          imageOutput: maybe,
          request: fc.constantFrom(0, 5000),
          halfPriceTiers: fc.boolean(),
        }),
        (counts, prices) => {
          const of = { ...price, ...prices }
          const cost = costOf(billed(counts), of)
          expect(picoCost(billed(counts), of)).toBe(cost === null ? null : toPico(cost.components))
          const free = cost?.components.length === 0
          if (cost !== null && !free) expect(isEstimate(billed(counts), of)).toBe(cost.estimate.length > 0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('shows its components', () => {
    expect(costOf(billed({ prompt: 100, cached: 40, completion: 10 }), price)?.components).toEqual([
      { kind: 'input', tokens: 60, usdPerMillion: 2.5, usd: 0.00015 },
      { kind: 'cache_read', tokens: 40, usdPerMillion: 1.25, usd: 0.00005 },
      { kind: 'output', tokens: 10, usdPerMillion: 10, usd: 0.0001 },
    ])
  })
})
