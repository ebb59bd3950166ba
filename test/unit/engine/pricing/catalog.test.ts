import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CATALOG_VERSION, PriceCatalog } from '../../../../src-main/engine/pricing/catalog'

const prices = new PriceCatalog()
const time = Date.UTC(2026, 1, 1, 10)

describe('the price catalog', () => {
  it('knows published prices', () => {
    // https://openai.com/api/pricing: gpt-4o 2.50 in, 1.25 cached, 10.00 out, USD per million tokens.
    expect(prices.find('gpt-4o', time)).toMatchObject({
      input: { base: 2.5 },
      cacheRead: { base: 1.25 },
      output: { base: 10 },
      matchedModel: 'gpt-4o',
    })
  })

  it("has no price for a model it does not know, rather than another model's", () => {
    expect(prices.find('my-own-model-7b', time)).toBeNull()
    expect(prices.find('', time)).toBeNull()
    expect(prices.find(null, time)).toBeNull()
  })

  it('survives hostile names', () => {
    for (const name of ['__proto__', 'constructor', '('.repeat(50), 'x'.repeat(100_000), '\u0000']) {
      expect(prices.find(name, time)).toBeNull()
    }
  })

  it('takes the price of the time asked for', () => {
    // deepseek-chat was cheaper between 16:30 and 00:30 UTC in 2025.
    const day = prices.find('deepseek-chat', Date.UTC(2025, 4, 1, 12))?.input?.base ?? 0
    const night = prices.find('deepseek-chat', Date.UTC(2025, 4, 1, 20))?.input?.base ?? 0
    expect(night).toBeGreaterThan(0)
    expect(night).toBeLessThan(day)
  })

  it('names the version it is pinned to', () => {
    const url = new URL('../../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
    expect((JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version).toBe(CATALOG_VERSION)
  })
})
