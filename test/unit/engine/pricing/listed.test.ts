import { calcPrice, findProvider, type Provider } from '@pydantic/genai-prices'
import { describe, expect, it, vi } from 'vitest'
import { PriceCatalog } from '../../../../src-main/engine/pricing/catalog'
import { picoCost, toUsd } from '../../../../src-main/engine/pricing/cost'
import { findListed, spansOf } from '../../../../src-main/engine/pricing/listed'
import { billed } from '../../../fixtures/billed'

const USAGES = 500

/** The whole catalog: the library exports none of it, but looks a provider up in it. */
function everyProvider(): readonly Provider[] {
  const find = vi.spyOn(Array.prototype, 'find')
  findProvider({ providerId: 'none of them' })
  const [providers] = find.mock.contexts as Provider[][]
  find.mockRestore()
  return providers ?? []
}

/** Numbers from 0 up to 1, the same ones in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const providers = everyProvider()

/** The library tells the units it does not price per token on the console. */
vi.spyOn(console, 'warn').mockImplementation(() => undefined)

describe('the bundled catalog', () => {
  it('is seen whole', () => {
    expect(providers.length).toBeGreaterThan(40)
    expect(providers.reduce((sum, { models }) => sum + models.length, 0)).toBeGreaterThan(1500)
  })

  it(`gives the library’s own sums on ${String(USAGES)} random usages of every model it knows`, () => {
    const next = random(20_260_923)
    const below = (limit: number): number => Math.floor(next() * limit)
    let compared = 0
    const unknown: string[] = []
    for (const provider of providers) {
      for (const model of provider.models) {
        const listed = findListed(model.id, provider.id)
        if (listed === null) throw new Error(`${provider.id} lists ${model.id}, which is not found.`)
        expect(listed.model).toBe(model)
        const spans = spansOf(listed, ['exact'])
        // Some names are only found by their id; the library is then asked with a provider that holds nothing else.
        const only = { ...provider, models: [{ ...model, match: { equals: model.id } }] }
        if (spans.every(({ price }) => price === null)) {
          unknown.push(model.id)
          continue
        }
        for (let usage = 0; usage < USAGES; usage += 1) {
          // Around the tiers' limits as often as far from them.
          const input = [below(1000), 199_998 + below(5), 271_997 + below(5), below(2_000_000)][usage % 4] ?? 0
          const cached = usage % 3 === 0 ? 0 : below(input + 1)
          const writtenHour = usage % 5 === 0 ? below(input - cached + 1) : 0
          const written = usage % 2 === 0 ? below(input - cached - writtenHour + 1) : 0
          const output = below(100_000)
          const reasoning = usage % 7 === 0 ? below(output + 1) : 0
          const time = Date.UTC(2024, 6, 1) + below(4 * 365 * 96) * 900_000 + below(900_000)
          const theirs = calcPrice(
            {
              input_tokens: input,
              cache_read_tokens: cached,
              cache_write_tokens: written + writtenHour,
              cache_write_1h_tokens: writtenHour,
              output_tokens: output,
              output_reasoning_tokens: reasoning,
            },
            model.id,
            { provider: only, timestamp: new Date(time) },
          )
          const price = spans.find(
            ({ from, to, dayFrom, dayTo }) =>
              time >= from && time < to && time % 86_400_000 >= dayFrom && time % 86_400_000 < dayTo,
          )?.price
          if (price === null || price === undefined || theirs === null) throw new Error(`No price for ${model.id}.`)
          const tokens = billed({
            prompt: input,
            cached,
            cacheWrite: written,
            cacheWriteHour: writtenHour,
            // A model without a price for a kind is unknown here and free there: it is asked without that kind.
            completion: price.output === null ? 0 : output,
            reasoning: price.output === null ? 0 : reasoning,
          })
          const ours = toUsd(picoCost(tokens, price)) ?? NaN
          // Half a picodollar a token: prices are kept with six decimals, and a few have more (a twelfth of a dollar).
          const slack = (input + output) * 0.5e-12 + theirs.total_price * 1e-12
          if (!(Math.abs(ours - theirs.total_price) <= slack)) {
            expect({ model: model.id, time, tokens, ours }).toBe(theirs.total_price)
          }
          compared += 1
        }
      }
    }
    expect(compared).toBeGreaterThan(USAGES * 1600)
    // Charged by the hour of sound or by the page, which no gateway logs.
    expect(unknown.every((id) => /whisper|ocr|transcribe|voxtral|voice/.test(id))).toBe(true)
    expect(unknown.length).toBeLessThan(20)
  })

  it('is reached by the provider’s name and the model’s', () => {
    const prices = new PriceCatalog()
    const missed: string[] = []
    for (const provider of providers) {
      for (const model of provider.models) {
        const found = prices.find(`${provider.id}/${model.id}`, Date.UTC(2026, 8, 1))
        const price = findListed(model.id, provider.id)
        if (price !== null && spansOf(price, ['exact'])[0]?.price === null) continue
        if (found?.matchedModel !== model.id || found.source.name !== provider.name) {
          missed.push(`${provider.id}/${model.id}`)
        }
      }
    }
    // Bedrock's own name for the regional price of several names.
    expect(missed.filter((id) => !id.startsWith('aws/regional.'))).toEqual([])
  })

  it('changes prices only at moments that the spans know', () => {
    for (const provider of providers) {
      for (const model of provider.models) {
        if (!Array.isArray(model.prices)) continue
        const spans = spansOf({ model, provider, rule: null }, ['exact'])
        const covered = spans.reduce((sum, span) => {
          const days = Math.min(span.to, 2e12) - Math.max(span.from, 0)
          return sum + (days / 86_400_000) * (span.dayTo - span.dayFrom)
        }, 0)
        expect(covered).toBeCloseTo(2e12, -3)
      }
    }
  })
})
