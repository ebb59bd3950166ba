import type { Sql } from '../database/sql'
import { Sketch } from './sketch'
import { statusNumber } from './status'

/** What a round adds to the daily sums of the analyses. */
export interface InsightRound {
  readonly sessionId: number
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  readonly routeId: number
  /** See statusNumber. */
  readonly status: number
  /** Tokens; null where they were not logged. `prompt` is the whole prompt. */
  readonly input: number | null
  readonly output: number | null
  readonly prompt: number | null
  /** Picodollars; null when unknown. */
  readonly cost: number | null
  readonly firstTokenMs: number | null
  readonly serviceMs: number | null
  readonly durationMs: number | null
  /** Bytes of the messages sent, and of those that an earlier request had sent. */
  readonly messagesBytes: number
  readonly keptBytes: number
}

/** A cache break as the daily sums count it. */
export interface CountedBreak {
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  /** Tokens billed again. */
  readonly tokens: number
  readonly estimated: boolean
  /** The history became shorter. */
  readonly compaction: boolean
}

/** Sizes of a tool's calls and results in one request; sizes are bytes. */
interface ToolSizes {
  readonly calls: number
  readonly argumentBytes: number
  readonly results: number
  readonly resultBytes: number
}

/** Sums of one day, model, consumer and source. */
class DaySums {
  knownRounds = 0
  knownInput = 0
  resent = 0
  compactions = 0
  breaks = 0
  rebilled = 0
  rebilledEstimated = 0
  readonly latency = new Sketch()
}

/**
 * Collects what rounds add to the tables `insight_day`, `tool_day` and `route_day`; flush() adds it to them. Days are
 * YYYYMMDD.
 */
export class InsightSums {
  readonly #days = new Map<string, DaySums>()
  /** Keyed by day and tool. */
  readonly #toolDays = new Map<string, number[]>()
  /** Keyed by day, route and session. */
  readonly #routeDays = new Map<string, number[]>()

  countRound(day: number, round: InsightRound): void {
    const sums = this.#sumsOf(day, round)
    const { prompt, messagesBytes, keptBytes, input, output, cost } = round
    if (messagesBytes > 0 && prompt !== null) {
      sums.knownRounds += 1
      sums.knownInput += prompt
      // An estimate: the re-sent share of the prompt's tokens is that of the messages' bytes.
      sums.resent += Math.round((prompt * keptBytes) / messagesBytes)
    }
    addLatency(sums.latency, round)
    const tokens = (input ?? 0) + (output ?? 0)
    addTo(this.#routeDays, routeKey(day, round), [1, tokens, cost ?? 0, cost === null ? 1 : 0])
  }

  countBreak(day: number, counted: CountedBreak): void {
    this.#addBreak(day, counted, 1)
  }

  /** Takes a counted break back. */
  uncountBreak(day: number, counted: CountedBreak): void {
    this.#addBreak(day, counted, -1)
  }

  /** Counts a tool in a request of this cost (picodollars; null when unknown). Only requests that call it have a cost. */
  countTool(day: number, toolId: number, sizes: ToolSizes, cost: number | null): void {
    const { calls, argumentBytes, results, resultBytes } = sizes
    const called = calls > 0
    addTo(this.#toolDays, toolKey(day, toolId), [
      called ? 1 : 0,
      calls,
      argumentBytes,
      results,
      resultBytes,
      called ? (cost ?? 0) : 0,
      called && cost === null ? 1 : 0,
    ])
  }

  /** A round of the session was repriced. `cost`: picodollars; `unpriced`: see RoundCostChange. */
  changeRouteCost(
    day: number,
    route: { readonly routeId: number; readonly sessionId: number },
    change: { readonly cost: number; readonly unpriced: number },
  ): void {
    addTo(this.#routeDays, routeKey(day, route), [0, 0, change.cost, change.unpriced])
  }

  /** A round that called the tool was repriced. */
  changeToolCost(day: number, toolId: number, change: { readonly cost: number; readonly unpriced: number }): void {
    addTo(this.#toolDays, toolKey(day, toolId), [0, 0, 0, 0, 0, change.cost, change.unpriced])
  }

  /** Adds everything collected to the tables and starts over. */
  flush(sql: Sql): void {
    for (const [key, sums] of this.#days) {
      const ids = key.split(' ').map(Number)
      const before = sql.get(
        'SELECT latency FROM insight_day WHERE day = ? AND model_id = ? AND consumer_id = ? AND source_id = ?',
        ids,
      )?.[0]
      if (before instanceof Uint8Array) sums.latency.addBlob(before)
      sql.run(UPSERT_DAY, [
        ...ids,
        sums.knownRounds,
        sums.knownInput,
        sums.resent,
        sums.compactions,
        sums.breaks,
        sums.rebilled,
        sums.rebilledEstimated,
        sums.latency.isEmpty ? null : sums.latency.toBlob(),
      ])
    }
    for (const [key, sums] of this.#toolDays) sql.run(UPSERT_TOOL, [...key.split(' ').map(Number), ...sums])
    for (const [key, sums] of this.#routeDays) sql.run(UPSERT_ROUTE, [...key.split(' ').map(Number), ...sums])
    this.clear()
  }

  /** Discards what was collected since the last flush. */
  clear(): void {
    this.#days.clear()
    this.#toolDays.clear()
    this.#routeDays.clear()
  }

  #addBreak(day: number, counted: CountedBreak, sign: 1 | -1): void {
    const sums = this.#sumsOf(day, counted)
    sums.breaks += sign
    sums.rebilled += sign * counted.tokens
    if (counted.estimated) sums.rebilledEstimated += sign * counted.tokens
    if (counted.compaction) sums.compactions += sign
  }

  #sumsOf(day: number, { modelId, consumerId, sourceId }: Omit<CountedBreak, 'tokens' | 'estimated' | 'compaction'>) {
    const key = `${String(day)} ${String(modelId)} ${String(consumerId)} ${String(sourceId)}`
    const sums = this.#days.get(key) ?? new DaySums()
    this.#days.set(key, sums)
    return sums
  }
}

function routeKey(day: number, { routeId, sessionId }: Pick<InsightRound, 'routeId' | 'sessionId'>): string {
  return `${String(day)} ${String(routeId)} ${String(sessionId)}`
}

function toolKey(day: number, toolId: number): string {
  return `${String(day)} ${String(toolId)}`
}

function addTo(map: Map<string, number[]>, key: string, numbers: readonly number[]): void {
  const sums = map.get(key)
  if (sums === undefined) map.set(key, [...numbers])
  else for (let at = 0; at < numbers.length; at += 1) sums[at] = (sums[at] ?? 0) + (numbers[at] ?? 0)
}

const OK = statusNumber('ok')

/** Adds a successful round's latencies; how long a failure took says nothing about them. */
function addLatency(sketch: Sketch, { status, output, firstTokenMs, serviceMs, durationMs }: InsightRound): void {
  if (status !== OK) return
  if (firstTokenMs !== null) sketch.add('firstToken', firstTokenMs)
  if (durationMs !== null) sketch.add('duration', durationMs)
  const whole = serviceMs ?? durationMs
  if (whole === null || output === null || output === 0) return
  // Tokens per second are counted from the first token on, where its time is known.
  const writing = firstTokenMs !== null && firstTokenMs < whole ? whole - firstTokenMs : whole
  if (writing > 0) sketch.add('rate', (output * 1000) / writing)
}

const UPSERT_DAY =
  'INSERT INTO insight_day (day, model_id, consumer_id, source_id, known_rounds, known_input, resent, compactions, breaks, ' +
  'rebilled, rebilled_estimated, latency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ' +
  'known_rounds = known_rounds + excluded.known_rounds, known_input = known_input + excluded.known_input, ' +
  'resent = resent + excluded.resent, compactions = compactions + excluded.compactions, ' +
  'breaks = breaks + excluded.breaks, rebilled = rebilled + excluded.rebilled, ' +
  'rebilled_estimated = rebilled_estimated + excluded.rebilled_estimated, latency = excluded.latency'

const UPSERT_TOOL =
  'INSERT INTO tool_day (day, tool_id, rounds, calls, argument_bytes, results, result_bytes, cost, unpriced) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET rounds = rounds + excluded.rounds, ' +
  'calls = calls + excluded.calls, argument_bytes = argument_bytes + excluded.argument_bytes, ' +
  'results = results + excluded.results, result_bytes = result_bytes + excluded.result_bytes, ' +
  'cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced'

const UPSERT_ROUTE =
  'INSERT INTO route_day (day, route_id, session_id, rounds, tokens, cost, unpriced) VALUES (?, ?, ?, ?, ?, ?, ?) ' +
  'ON CONFLICT DO UPDATE SET rounds = rounds + excluded.rounds, tokens = tokens + excluded.tokens, cost = cost + excluded.cost, ' +
  'unpriced = unpriced + excluded.unpriced'
