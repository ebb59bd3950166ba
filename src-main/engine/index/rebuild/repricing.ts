import type { PriceCatalog } from '../../pricing/catalog'
import { isEstimate, picoCost, picoPerToken, TIERED_KINDS, type Price } from '../../pricing/cost'
import type { PriceSpan } from '../../pricing/listed'
import type { CostChange, RoundCostChange } from '../sums/cost-change'
import type { SessionIndex } from '../tables/session-index'
import { BILLED_COLUMNS, billedAt } from '../sums/billed-columns'
import { int, intOrNull, type Row, type Sql } from '../database/sql'

/** Target duration of a slice, ms. Queries wait no longer than that. */
const SLICE_MS = 30
const FIRST_SLICE = 2_000
const LEAST_SLICE = 500
const MOST_SLICE = 100_000

/**
 * Reprices the stored rounds of some models, slice by slice in order of their sequence numbers. After each slice, the
 * sums of sessions and usage agree with the rounds, so queries may be answered in between.
 */
export class Repricing {
  readonly modelIds: readonly number[]
  readonly #index: SessionIndex
  readonly #prices: PriceCatalog
  readonly #models: ReadonlySet<number>
  #next = 0
  #last: number
  #slice: number
  readonly #mostSlice: number

  /** Only rounds of `modelIds` are repriced. `slice` limits the number of rounds per step. */
  constructor(
    index: SessionIndex,
    prices: PriceCatalog,
    modelIds: readonly number[],
    { slice = MOST_SLICE }: { readonly slice?: number } = {},
  ) {
    this.modelIds = modelIds
    this.#index = index
    this.#prices = prices
    this.#models = new Set(modelIds)
    this.#last = lastSeq(index.sql)
    this.#slice = Math.min(FIRST_SLICE, slice)
    this.#mostSlice = slice
  }

  /** Rounds processed so far, out of all. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: Math.min(this.#next, this.#last), total: this.#last }
  }

  /** Does one slice. Returns false when there was nothing left to do. */
  step(): boolean {
    // A round whose history was restored gets a new number, so the end may move.
    this.#last = lastSeq(this.#index.sql)
    if (this.#models.size === 0 || this.#next > this.#last) return false
    const started = performance.now()
    this.#index.sql.transaction(() => {
      this.#priceSlice(this.#next, this.#next + this.#slice)
    })
    this.#next += this.#slice
    const wanted = (this.#slice * SLICE_MS) / Math.max(1, performance.now() - started)
    this.#slice = Math.round(Math.min(this.#mostSlice, 2 * this.#slice, Math.max(LEAST_SLICE, wanted)))
    return true
  }

  #priceSlice(from: number, to: number): void {
    const { sql } = this.#index
    const changes = new Changes()
    const priced: [cost: number | null, estimated: number][] = []
    const rounds = new Map<number, RoundCostChange>()
    sql.each(
      ROUNDS,
      (row) => {
        const modelId = int(row[1])
        if (!this.#models.has(modelId)) return
        const old = intOrNull(row[2])
        const { cost, estimated } = this.#priceRow(row, modelId)
        const estimates = (estimated ? 1 : 0) - int(row[9])
        if (cost === old && estimates === 0) return
        const seq = int(row[0])
        const sessionId = int(row[4])
        const hour = this.#index.hourOf(int(row[3]))
        const change = (cost ?? 0) - (old ?? 0)
        const unpriced = old === null ? -1 : cost === null ? 1 : 0
        priced.push([cost, estimated ? 1 : 0])
        rounds.set(seq, { day: Math.floor(hour / 100), routeId: int(row[8]), sessionId, cost: change, unpriced })
        changes.add(row, hour, change, unpriced, estimates)
      },
      [from, to],
    )
    if (rounds.size === 0) return
    let at = 0
    for (const seq of rounds.keys()) {
      sql.run('UPDATE request SET cost = ?, cost_estimated = ? WHERE seq = ?', [...(priced[at] ?? [null, 0]), seq])
      at += 1
    }
    for (const [sessionId, rows] of changes.bySession) {
      let cost = 0
      let unpriced = 0
      let estimated = 0
      for (const change of rows) {
        sql.run(CHANGE_USAGE, [change.cost, change.unpriced, change.estimated, ...keyOf(change)])
        cost += change.cost
        unpriced += change.unpriced
        estimated += change.estimated
      }
      sql.run(CHANGE_SESSION, [cost, unpriced, estimated, sessionId])
    }
    this.#index.costsChanged(changes.bySession.values(), rounds, from, to)
  }

  #priceRow(row: Row, modelId: number): { readonly cost: number | null; readonly estimated: boolean } {
    const price = this.#prices.find(this.#index.models.nameOf(modelId), int(row[3]))
    const billed = billedAt(row, 10)
    const cost = picoCost(billed, price, this.#prices.rules)
    return { cost, estimated: cost !== null && price !== null && isEstimate(billed, price) }
  }
}

/** Sums up the changes of a slice per row of `usage`. */
class Changes {
  readonly bySession = new Map<number, CostChange[]>()

  add(row: Row, hour: number, cost: number, unpriced: number, estimated: number): void {
    const [modelId, sessionId, consumerId] = [int(row[1]), int(row[4]), int(row[5])]
    const [sourceId, status] = [int(row[6]), int(row[7])]
    let rows = this.bySession.get(sessionId)
    if (rows === undefined) {
      rows = []
      this.bySession.set(sessionId, rows)
    }
    const same = rows.findLast(
      (change) =>
        change.hour === hour &&
        change.modelId === modelId &&
        change.consumerId === consumerId &&
        change.sourceId === sourceId &&
        change.status === status,
    )
    if (same === undefined) {
      rows.push({ hour, sessionId, modelId, consumerId, sourceId, status, cost, unpriced, estimated })
    } else {
      same.cost += cost
      same.unpriced += unpriced
      same.estimated += estimated
    }
  }
}

const ROUNDS =
  'SELECT seq, model_id, cost, time, session_id, consumer_id, source_id, status, ' +
  `route_id, cost_estimated, ${BILLED_COLUMNS} FROM request WHERE seq >= ? AND seq < ?`

/**
 * sql.js binds numbers beyond 32 bits as floating-point, which would turn the sum into one. So the change is converted
 * to an integer, unless it exceeds that range.
 */
const COST_CHANGED =
  'cost = cost + iif(abs(?1) < 9e15, CAST(?1 AS INTEGER), ?1), unpriced = unpriced + ?2, ' +
  'estimated = estimated + ?3'

const CHANGE_USAGE =
  `UPDATE usage SET ${COST_CHANGED} ` +
  'WHERE hour = ?4 AND session_id = ?5 AND model_id = ?6 AND consumer_id = ?7 AND source_id = ?8 AND status = ?9'

const CHANGE_SESSION = `UPDATE session SET ${COST_CHANGED} WHERE id = ?4`

function keyOf({ hour, sessionId, modelId, consumerId, sourceId, status }: CostChange): readonly number[] {
  return [hour, sessionId, modelId, consumerId, sourceId, status]
}

/** Reprices all rounds of an index whose costs were made with other prices. */
export function repriceAll(index: SessionIndex, prices: PriceCatalog): void {
  if (index.pricing === prices.fingerprint) return
  const repricing = new Repricing(index, prices, pricedModels(index))
  while (repricing.step()) continue
  index.pricing = prices.fingerprint
}

/** All models that may have a price: those that were logged with a name. */
export function pricedModels(index: SessionIndex): number[] {
  return index.models
    .all()
    .filter(({ name }) => name !== null)
    .map(({ id }) => id)
}

/** The logged models whose prices differ between the two catalogs. */
export function changedModels(index: SessionIndex, before: PriceCatalog, after: PriceCatalog): number[] {
  return pricedModels(index).filter((id) => {
    const model = index.models.nameOf(id) ?? ''
    return ratesText(before.spans(model)) !== ratesText(after.spans(model))
  })
}

/** The parts of a price that affect sums, as text; where it comes from does not matter. */
function ratesText(spans: readonly PriceSpan[]): string {
  const rates = ({ request, halfPriceTiers, ...price }: Price) =>
    TIERED_KINDS.map((kind) => price[kind])
      .map((tiered) =>
        tiered === null ? null : [picoPerToken(tiered.base), ...tiered.tiers.map(({ above, price }) => [above, price])],
      )
      .concat([[request, halfPriceTiers ? 1 : 0]])
  return JSON.stringify(
    spans.map(({ from, to, dayFrom, dayTo, price }) => [
      from,
      to,
      dayFrom,
      dayTo,
      price === null ? null : rates(price),
    ]),
  )
}

function lastSeq(sql: Sql): number {
  return int(sql.get('SELECT coalesce(max(seq), 0) FROM request')?.[0])
}
