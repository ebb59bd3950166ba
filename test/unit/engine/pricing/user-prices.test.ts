import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { PriceCatalog } from '../../../../src-main/engine/pricing/catalog'
import {
  readUserPrices,
  userPriceSchema,
  writeUserPrices,
  type StoredUserPrice,
} from '../../../../src-main/engine/pricing/user-prices'

const own: StoredUserPrice = {
  model: 'house-7b',
  input: 0.5,
  output: 1.5,
  cacheRead: null,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  from: null,
  date: '2026-03-01',
}
const time = Date.UTC(2026, 2, 1)
const today = '2026-04-01'

describe("the user's own prices", () => {
  it('go before published ones, and by the same rules', () => {
    const prices = new PriceCatalog([own, { ...own, model: 'gpt-4o', input: 9 }])
    expect(prices.find('house-7b', time)).toMatchObject({ input: { base: 0.5 }, rules: ['exact'] })
    expect(prices.find('House-7B', time)).toMatchObject({ input: { base: 0.5 }, rules: ['case'] })
    expect(prices.find('openai/house-7b@higress', time)?.rules).toEqual(['gateway', 'prefix'])
    expect(prices.find('gpt-4o-2024-08-06', time)).toMatchObject({ input: { base: 9 }, source: { kind: 'user' } })
    expect(prices.find('gpt-4o-mini', time)?.source.kind).toBe('catalog')
  })

  it('take the spelling that is the logged one before another', () => {
    const prices = new PriceCatalog([own, { ...own, model: 'HOUSE-7B', input: 8 }])
    expect(prices.find('house-7b', time)?.input?.base).toBe(0.5)
    expect(prices.find('HOUSE-7B', time)?.input?.base).toBe(8)
  })

  it('hold from their own time on; before it the published ones do', () => {
    const prices = new PriceCatalog([{ ...own, model: 'o3', from: Date.UTC(2025, 6, 1) }])
    // o3 cost 10 USD until 2025-06-10, then 2.
    expect(prices.find('o3', Date.UTC(2025, 5, 9))?.input?.base).toBe(10)
    expect(prices.find('o3', Date.UTC(2025, 5, 30))?.input?.base).toBe(2)
    expect(prices.find('o3', Date.UTC(2025, 6, 1) - 1)?.input?.base).toBe(2)
    expect(prices.find('o3', Date.UTC(2025, 6, 1))?.input?.base).toBe(0.5)
    const unknown = new PriceCatalog([{ ...own, from: time }])
    expect(unknown.find('house-7b', time - 1)).toBeNull()
    expect(unknown.find('house-7b', time)?.input?.base).toBe(0.5)
  })

  it('tell by their fingerprint what was priced with them', () => {
    const none = new PriceCatalog().fingerprint
    const one = new PriceCatalog([own]).fingerprint
    expect(one).not.toBe(none)
    expect(new PriceCatalog([{ ...own, from: 5 }]).fingerprint).not.toBe(one)
    const other = { ...own, model: 'a' }
    expect(new PriceCatalog([own, other]).fingerprint).toBe(new PriceCatalog([other, own]).fingerprint)
  })

  it('survive their file', () => {
    const all = [own, { ...own, model: '\u0000"<b>"', cacheRead: 0, reasoning: 3, from: time }]
    expect(readUserPrices(writeUserPrices(all), today)).toEqual(all)
  })

  it('are read from a file that an editor put a mark before', () => {
    expect(readUserPrices(`\ufeff${writeUserPrices([own])}`, today)).toEqual([own])
  })

  it('may be written by hand with what is needed alone', () => {
    const text = '{"version":1,"prices":[{"model":"house-7b","input":0.5,"output":1.5}]}'
    expect(readUserPrices(text, today)).toEqual([{ ...own, date: today }])
  })

  const bad: readonly [string, unknown][] = [
    ['negative', { input: -1 }],
    ['text', { input: '1' }],
    ['missing', { output: undefined }],
    ['absurd', { input: 1e9 }],
    ['infinite', { cacheRead: Infinity }],
    ['not a number', { reasoning: NaN }],
    ['without a model', { model: '' }],
    ['of an endless name', { model: 'x'.repeat(1001) }],
    ['before time', { from: -1 }],
    ['after time', { from: 1e18 }],
  ]
  it.each(bad)('are refused when %s', (_, change) => {
    const { date: __, ...price } = own
    expect(v.safeParse(userPriceSchema, price).success).toBe(true)
    expect(v.safeParse(userPriceSchema, { ...price, ...(change as object) }).success).toBe(false)
  })

  it.each([
    'no json',
    'null',
    '[]',
    '{"version":2,"prices":[]}',
    '{"version":1}',
    '{"version":1,"prices":[{"model":"m","input":1}]}',
    '{"version":1,"prices":[{"model":"m","input":1,"output":1},{"model":"n","input":-1,"output":1}]}',
    '{"version":1,"prices":[{"model":"m","input":1,"output":1,"from":"yesterday"}]}',
    `{"version":1,"prices":${JSON.stringify(Array.from({ length: 10_001 }, () => ({ model: 'm', input: 1, output: 1 })))}}`,
  ])('are not taken from a file that is %.60s', (text) => {
    expect(readUserPrices(text, today)).toBeNull()
  })
})
