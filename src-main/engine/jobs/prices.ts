import * as v from 'valibot'
import type { ModelPrice, PriceList, PricedModel, PriceRates, RepricingProgress, UserPrice } from '../../contract/index'
import { EngineError } from '../base/errors'
import { usageByModel } from '../index/queries/overview'
import { changedModels, pricedModels, Repricing } from '../index/rebuild/repricing'
import { importPriceFile, today, writePriceFile } from '../store/price-file'
import { PriceCatalog } from '../pricing/catalog'
import type { Price, TieredPrice } from '../pricing/cost'
import { userPriceSchema, type StoredUserPrice } from '../pricing/user-prices'
import type { Store } from '../store/store'

/** History is priced anew for so long before a store that was priced otherwise is opened, ms; the rest afterwards. */
const BEFORE_OPENING_MS = 300
/** Progress is told at most this often, ms. */
const PROGRESS_MS = 100

export interface PricesOptions {
  readonly store: Store
  /** Costs have changed. */
  readonly changed: () => void
  readonly progress: (progress: RepricingProgress) => void
  readonly failed: (error: unknown) => void
}

/** The prices in use: listing and changing them, and pricing the history anew when they change. */
export class Prices {
  readonly #options: PricesOptions
  #repricing: Repricing | null = null
  #running: Promise<void> | null = null
  #closed = false
  #lastProgress = 0

  constructor(options: PricesOptions) {
    this.#options = options
    const { index, prices, writable } = options.store
    if (!writable || index.pricing === prices.fingerprint) return
    this.#repricing = new Repricing(index, prices, pricedModels(index))
    const started = performance.now()
    while (performance.now() - started < BEFORE_OPENING_MS) {
      if (this.#repricing.step()) continue
      this.#finish()
      return
    }
    this.#run()
  }

  /** Resolves when all costs are those of the present prices. */
  async settled(): Promise<void> {
    await this.#running
  }

  list(now = Date.now()): PriceList {
    const { index, prices } = this.#options.store
    const seen = usageByModel(index)
    const names = new Set(seen.map(({ model }) => model))
    return {
      revision: index.revision,
      models: seen.map((usage): PricedModel => {
        const { model } = usage
        const price = prices.find(model, now)
        const own = model === null ? undefined : prices.userPrices.get(model)
        return {
          ...usage,
          price: price === null ? null : toModelPrice(price),
          varies: model !== null && new Set(prices.spans(model).map((span) => span.price)).size > 1,
          own: own === undefined ? null : toUserPrice(own),
        }
      }),
      unused: [...prices.userPrices.values()].filter(({ model }) => !names.has(model)).map(toUserPrice),
      repricing: this.progress(),
    }
  }

  progress(): RepricingProgress {
    if (this.#repricing === null) return { active: false, done: 0, total: 0 }
    return { active: true, ...this.#repricing.progress }
  }

  /** Throws `refused` where it can be no price. */
  set(price: UserPrice): void {
    const parsed = v.safeParse(userPriceSchema, price)
    if (!parsed.success) {
      throw new EngineError('refused', 'Not a valid price.', {
        hint: 'Prices are USD per million tokens, 0 to 100,000.',
      })
    }
    this.#change((prices) => prices.set(price.model, { ...parsed.output, date: today() }))
  }

  /** Does nothing where the user has set none for the model. */
  reset(model: string): void {
    this.#change((prices) => prices.delete(model))
  }

  /** Takes the prices of a file in, over those there are for the same models; says how many. */
  importFrom(path: string): number {
    const imported = importPriceFile(path)
    this.#change((prices) => {
      for (const price of imported) prices.set(price.model, price)
    })
    return imported.length
  }

  /** Writes the user's own prices to a file; says how many. */
  exportTo(path: string): number {
    const prices = [...this.#options.store.prices.userPrices.values()]
    writePriceFile(path, prices)
    return prices.length
  }

  async close(): Promise<void> {
    this.#closed = true
    // Nobody tells its end later.
    if (this.#repricing !== null) this.#options.progress({ active: false, done: 0, total: 0 })
    await this.#running
  }

  #change(edit: (prices: Map<string, StoredUserPrice>) => void): void {
    const { store } = this.#options
    if (!store.writable) {
      throw new EngineError('read-only', 'This data folder is open for reading only.', { where: 'prices.json' })
    }
    const next = new Map(store.prices.userPrices)
    edit(next)
    const before = new PriceCatalog([...store.prices.userPrices.values()])
    store.saveUserPrices([...next.values()])
    const changed = changedModels(store.index, before, store.prices)
    // What was still to be done is begun anew with what has changed since.
    const models = new Set([...(this.#repricing?.modelIds ?? []), ...changed])
    store.index.pricing = null
    this.#repricing = new Repricing(store.index, store.prices, [...models])
    this.#run()
  }

  #run(): void {
    this.#tell()
    this.#running ??= this.#repriceAll()
      .catch(this.#options.failed)
      .finally(() => {
        this.#running = null
      })
  }

  async #repriceAll(): Promise<void> {
    for (;;) {
      // Between the slices others are let in: queries, and the reading of logs.
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#closed || this.#repricing === null) return
      if (!this.#repricing.step()) this.#finish()
      else if (performance.now() - this.#lastProgress > PROGRESS_MS) this.#tell()
    }
  }

  #finish(): void {
    const { index, prices } = this.#options.store
    this.#repricing = null
    index.pricing = prices.fingerprint
    this.#options.changed()
    this.#tell()
  }

  #tell(): void {
    this.#lastProgress = performance.now()
    this.#options.progress(this.progress())
  }
}

function toUserPrice({ date: _, ...price }: StoredUserPrice): UserPrice {
  return price
}

function toModelPrice(price: Price): ModelPrice {
  const { matchedModel, rules, source, request } = price
  const kinds = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWriteHour', 'reasoning'] as const
  const ratesAt = (above: number): PriceRates => {
    const rate = (tiered: TieredPrice | null): number | null =>
      tiered === null ? null : (tiered.tiers.findLast((tier) => tier.above <= above)?.price ?? tiered.base)
    return {
      input: rate(price.input),
      output: rate(price.output),
      cacheRead: rate(price.cacheRead),
      cacheWrite: rate(price.cacheWrite),
      cacheWriteHour: rate(price.cacheWriteHour),
      reasoning: rate(price.reasoning),
    }
  }
  const bounds = new Set(kinds.flatMap((kind) => price[kind]?.tiers.map(({ above }) => above) ?? []))
  return {
    matchedModel,
    rules,
    source,
    ...ratesAt(-1),
    perRequest: request / 1e6,
    tiers: [...bounds].sort((a, b) => a - b).map((above) => ({ above, ...ratesAt(above) })),
  }
}
