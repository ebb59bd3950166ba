import type { IndexFields } from '../../parse/index-fields'
import type { SummedRound } from '../sums/block-sums'
import type { IndexedRequest } from './indexed-block'
import { Names, wellFormed } from '../database/names'
import { Sketch } from '../sums/sketch'
import type { RoundCostChange } from '../sums/cost-change'
import { BILLED_COLUMNS, billedAt } from '../sums/billed-columns'
import type { BilledTokens } from '../../parse/usage'
import { int, intOrNull, type Row, type Sql } from '../database/sql'

/** What a later request is compared with. */
interface Earlier {
  readonly time: number
  /** All tokens of its prompt; null where input is not known. */
  readonly prompt: number | null
  readonly cached: number | null
  readonly messages: number
  readonly messagesBytes: number
}

/** Sums of a day, model, consumer and source, as one block adds to them. */
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

/** A request that repeats another one after a longer time than this is no retry of it, ms. */
const RETRY_MS = 600_000
const REMEMBERED = 20_000
const TOOL_NAME_CHARS = 200

/**
 * Keeps up the tables of schema 3 as requests are added to the index.
 *
 * Cache breaks: the provider caches the prompt of a request; the next one pays full price from the first message on that
 * differs. A request breaks the cache when it keeps less than all messages of the one it builds on, or reads fewer tokens
 * from the cache than that did. Billed again are, where both log `cached_tokens`, the tokens that the one before read
 * from the cache and this one did not (of those it still sends); else, as an estimate, what it sends of the earlier
 * prompt's size, less the share of bytes it kept.
 */
export class Insights {
  readonly #sql: Sql
  readonly #earlier = new Map<number, Earlier>()
  readonly #tools: Names
  /** What the block being added brings: by day, model, consumer and source; by day and tool; by day, route and session. */
  readonly #days = new Map<string, DaySums>()
  readonly #toolDays = new Map<string, number[]>()
  readonly #routeDays = new Map<string, number[]>()
  /** Requests whose history another one did not keep whole; read when first asked for. */
  #left: Set<number> | null = null

  constructor(sql: Sql) {
    this.#sql = sql
    this.#tools = new Names(sql, 'tool')
  }

  /** Adds a round that was just inserted as a request. `routeId`: of its route. */
  add(request: IndexedRequest, round: SummedRound, sessionId: number, routeId: number): void {
    const { seq, time, tokens, billed, cost } = round
    const day = Math.floor(round.hour / 100)
    const sums = this.#sumsOf(day, round.modelId, round.consumerId, round.sourceId)
    const { inferred } = request
    if (inferred !== null) {
      this.#sql.run(
        'INSERT OR REPLACE INTO inference (seq, previous, confidence, evidence, messages) VALUES (?, ?, ?, ?, ?)',
        [seq, inferred.previous, inferred.confidence, inferred.evidence, inferred.messages],
      )
    }
    this.#addHistory(request, round, sessionId, day, sums)
    addLatency(sums.latency, round.status, tokens.output, request.fields)
    this.#addTools(request, round, day)
    this.#addRoute(day, routeId, sessionId, (tokens.input ?? 0) + (tokens.output ?? 0), cost)
    this.#remember(seq, {
      time,
      prompt: billed.prompt,
      cached: tokens.cached,
      messages: request.messages,
      messagesBytes: request.messagesBytes,
    })
  }

  /** The rounds of requests from `from` to before `to` were priced anew (reprice.ts): how the cost of some has changed. */
  reprice(rounds: ReadonlyMap<number, RoundCostChange>, from: number, to: number): void {
    for (const { day, routeId, sessionId, cost, unpriced } of rounds.values()) {
      addTo(this.#routeDays, `${String(day)} ${String(routeId)} ${String(sessionId)}`, [0, 0, cost, unpriced])
    }
    this.#sql.each(
      'SELECT seq, tool_id FROM tool_call WHERE seq >= ? AND seq < ? AND calls > 0',
      (row) => {
        const round = rounds.get(int(row[0]))
        if (round === undefined) return
        addTo(this.#toolDays, `${String(round.day)} ${String(int(row[1]))}`, [
          0,
          0,
          0,
          0,
          0,
          round.cost,
          round.unpriced,
        ])
      },
      [from, to],
    )
    this.flush()
  }

  /** Writes the sums of the block. */
  flush(): void {
    for (const [key, sums] of this.#days) {
      const ids = key.split(' ').map(Number)
      const before = this.#sql.get(
        'SELECT latency FROM insight_day WHERE day = ? AND model_id = ? AND consumer_id = ? AND source_id = ?',
        ids,
      )?.[0]
      if (before instanceof Uint8Array) sums.latency.addBlob(before)
      this.#sql.run(UPSERT_DAY, [
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
    for (const [key, sums] of this.#toolDays) this.#sql.run(UPSERT_TOOL, [...key.split(' ').map(Number), ...sums])
    for (const [key, sums] of this.#routeDays) this.#sql.run(UPSERT_ROUTE, [...key.split(' ').map(Number), ...sums])
    this.#clear()
  }

  /** Forgets what is not in the database: the block's transaction was rolled back. */
  rolledBack(): void {
    this.#clear()
    this.#earlier.clear()
    this.#tools.load()
    this.#left = null
  }

  /** The request got another number: its record was archived once more. */
  renumber(from: number, to: number): void {
    for (const table of ['inference', 'cache_break', 'retry', 'tool_call'])
      this.#sql.run(`UPDATE OR REPLACE ${table} SET seq = ? WHERE seq = ?`, [to, from])
    this.#earlier.delete(from)
  }

  /** For the sums by day of another time zone (rezoning.ts): a row of ADOPTED with its tokens, of this day. */
  countRequest(day: number, row: Row, { tokens, billed }: SummedTokens): void {
    const { input, output } = tokens
    const sums = this.#sumsOf(day, int(row[2]), int(row[3]), int(row[4]))
    addShare(sums, billed.prompt, int(row[16]), int(row[17]))
    addLatency(sums.latency, int(row[5]), output, {
      firstTokenMs: intOrNull(row[13]),
      serviceMs: intOrNull(row[14]),
      durationMs: intOrNull(row[15]),
    })
    this.#addRoute(day, int(row[12]), int(row[1]), (input ?? 0) + (output ?? 0), intOrNull(row[11]))
  }

  /** As countRequest, a row of BREAKS. */
  countBreak(day: number, row: Row): void {
    const [, , modelId, consumerId, sourceId, message, tokens, estimated, messages, before] = row
    const sums = this.#sumsOf(day, int(modelId), int(consumerId), int(sourceId))
    sums.breaks += 1
    sums.rebilled += int(tokens)
    if (int(estimated) === 1) sums.rebilledEstimated += int(tokens)
    if (message !== null && int(messages) < (intOrNull(before) ?? 0)) sums.compactions += 1
  }

  /** As countRequest, a row of TOOLS. */
  countTool(day: number, row: Row): void {
    this.#addToolDay(day, int(row[1]), row.slice(2, 6).map(int), intOrNull(row[6]))
  }

  #addHistory(request: IndexedRequest, round: SummedRound, sessionId: number, day: number, sums: DaySums): void {
    const { base, kept, messages, keptBytes, messagesBytes } = request
    const { seq, billed } = round
    addShare(sums, billed.prompt, messagesBytes, keptBytes)
    const previous = base ?? this.#replaced(request, round, sessionId)
    const before = previous === null ? undefined : this.#find(previous)
    if (previous === null || before === undefined) return
    if (kept === messages && kept === before.messages) {
      const gap = round.time - before.time
      if (gap >= 0 && gap <= RETRY_MS)
        this.#sql.run('INSERT OR REPLACE INTO retry (seq, previous, day) VALUES (?, ?, ?)', [seq, previous, day])
    }
    const changed = kept < before.messages
    if (!changed && base !== null) this.#takeBackFork(base)
    const found = rebilled(request, round, before, changed)
    if (found === null) return
    sums.breaks += 1
    if (changed && messages < before.messages) sums.compactions += 1
    sums.rebilled += found.tokens
    if (found.estimated) sums.rebilledEstimated += found.tokens
    this.#sql.run(
      'INSERT OR REPLACE INTO cache_break (seq, previous, day, message, tokens, estimated) VALUES (?, ?, ?, ?, ?, ?)',
      [seq, previous, day, changed ? kept + 1 : null, found.tokens, found.estimated ? 1 : 0],
    )
    if (changed) this.#leftBehind().add(previous)
  }

  /**
   * Request `base` is gone on with after all: what left it before was a fork beside it, which broke no cache and compacted
   * no history.
   */
  #takeBackFork(base: number): void {
    if (!this.#leftBehind().delete(base)) return
    for (const [seq, day, tokens, estimated, modelId, consumerId, sourceId, messages] of this.#sql.all(
      'SELECT seq, day, tokens, estimated, model_id, consumer_id, source_id, messages FROM cache_break JOIN request USING (seq) ' +
        'WHERE previous = ? AND message IS NOT NULL',
      [base],
    )) {
      const sums = this.#sumsOf(int(day), int(modelId), int(consumerId), int(sourceId))
      sums.breaks -= 1
      sums.rebilled -= int(tokens)
      if (int(estimated) === 1) sums.rebilledEstimated -= int(tokens)
      if (int(messages) < (this.#find(base)?.messages ?? 0)) sums.compactions -= 1
      this.#sql.run('DELETE FROM cache_break WHERE seq = ?', [int(seq)])
    }
  }

  #leftBehind(): Set<number> {
    if (this.#left === null) {
      const rows = this.#sql.all('SELECT previous FROM cache_break WHERE message IS NOT NULL')
      this.#left = new Set(rows.map((row) => int(row[0])))
    }
    return this.#left
  }

  /** The request before one that builds on none and yet sends a history as long: its first message was changed. */
  #replaced({ messages }: IndexedRequest, { seq, time }: SummedRound, sessionId: number): number | null {
    if (messages < 3) return null
    const row = this.#sql.get(
      'SELECT seq, messages FROM request WHERE session_id = ? AND (time, seq) < (?, ?) ORDER BY time DESC, seq DESC LIMIT 1',
      [sessionId, time, seq],
    )
    return row !== undefined && int(row[1]) > 1 && int(row[1]) <= messages ? int(row[0]) : null
  }

  #addTools({ tools }: IndexedRequest, { seq, cost }: SummedRound, day: number): void {
    for (const use of tools) {
      const id = this.#tools.idOf(wellFormed(use.name).slice(0, TOOL_NAME_CHARS))
      const sizes = [use.calls, use.argumentBytes, use.results, use.resultBytes]
      this.#sql.run(
        'INSERT OR REPLACE INTO tool_call (seq, tool_id, calls, argument_bytes, results, result_bytes) VALUES (?, ?, ?, ?, ?, ?)',
        [seq, id, ...sizes],
      )
      this.#addToolDay(day, id, sizes, cost)
    }
  }

  #addToolDay(day: number, id: number, sizes: readonly number[], cost: number | null): void {
    const called = (sizes[0] ?? 0) > 0
    const [rounds, unpriced] = [called ? 1 : 0, called && cost === null ? 1 : 0]
    addTo(this.#toolDays, `${String(day)} ${String(id)}`, [rounds, ...sizes, called ? (cost ?? 0) : 0, unpriced])
  }

  #addRoute(day: number, routeId: number, sessionId: number, tokens: number, cost: number | null): void {
    const key = `${String(day)} ${String(routeId)} ${String(sessionId)}`
    addTo(this.#routeDays, key, [1, tokens, cost ?? 0, cost === null ? 1 : 0])
  }

  #sumsOf(day: number, modelId: number, consumerId: number, sourceId: number): DaySums {
    const key = `${String(day)} ${String(modelId)} ${String(consumerId)} ${String(sourceId)}`
    const sums = this.#days.get(key) ?? new DaySums()
    this.#days.set(key, sums)
    return sums
  }

  #clear(): void {
    this.#days.clear()
    this.#toolDays.clear()
    this.#routeDays.clear()
  }

  #find(seq: number): Earlier | undefined {
    const remembered = this.#earlier.get(seq)
    if (remembered !== undefined) return remembered
    const row = this.#sql.get(EARLIER, [seq])
    if (row === undefined) return undefined
    return {
      time: int(row[0]),
      prompt: intOrNull(row[1]),
      cached: intOrNull(row[2]),
      messages: int(row[3]),
      messagesBytes: int(row[4]),
    }
  }

  #remember(seq: number, request: Earlier): void {
    if (this.#earlier.size >= 2 * REMEMBERED) {
      let drop = REMEMBERED
      for (const oldest of this.#earlier.keys()) {
        if (drop === 0) break
        drop -= 1
        this.#earlier.delete(oldest)
      }
    }
    this.#earlier.set(seq, request)
  }
}

function addTo(map: Map<string, number[]>, key: string, numbers: readonly number[]): void {
  const sums = map.get(key)
  if (sums === undefined) map.set(key, [...numbers])
  else for (let at = 0; at < numbers.length; at += 1) sums[at] = (sums[at] ?? 0) + (numbers[at] ?? 0)
}

const EARLIER = 'SELECT time, prompt, cached, messages, messages_bytes FROM request WHERE seq = ?'

/** What all sums by hour and day are made of, of every request. */
export const ADOPTED =
  'SELECT time, session_id, model_id, consumer_id, source_id, status, input, output, cached, ' +
  'coalesce(cache_write, 0) + coalesce(cache_write_hour, 0), reasoning, cost, route_id, first_token_ms, service_ms, ' +
  `duration_ms, messages_bytes, kept_bytes, cost_estimated, ${BILLED_COLUMNS} FROM request`

/** The tokens of a request as logged, and what they mean. */
export type SummedTokens = Pick<SummedRound, 'tokens' | 'billed'>

/** The tokens of a row of ADOPTED; both kinds of cache writes are in `cacheWrite`. */
export function tokensOf(row: Row): SummedTokens & { readonly estimated: boolean } {
  const tokens = {
    input: intOrNull(row[6]),
    output: intOrNull(row[7]),
    cached: intOrNull(row[8]),
    cacheWrite: int(row[9]),
    cacheWriteHour: null,
    reasoning: intOrNull(row[10]),
  }
  const billed: BilledTokens = billedAt(row, 19)
  return { tokens, billed, estimated: int(row[18]) === 1 }
}

/** The part of a request's prompt that was sent before: as many of its tokens as of its messages' bytes, an estimate. */
function addShare(sums: DaySums, prompt: number | null, messagesBytes: number, keptBytes: number): void {
  if (messagesBytes === 0 || prompt === null) return
  sums.knownRounds += 1
  sums.knownInput += prompt
  sums.resent += Math.round((prompt * keptBytes) / messagesBytes)
}

type Latency = Pick<IndexFields, 'firstTokenMs' | 'serviceMs' | 'durationMs'>

/**
 * Adds what is known of a round's latency to a sketch; of rounds that failed nothing: how long it took to fail is another
 * matter. Tokens a second are those after the first, where its time is known.
 */
function addLatency(
  sketch: Sketch,
  status: number,
  output: number | null,
  { firstTokenMs, serviceMs, durationMs }: Latency,
): void {
  if (status !== 0) return
  if (firstTokenMs !== null) sketch.add('firstToken', firstTokenMs)
  if (durationMs !== null) sketch.add('duration', durationMs)
  const whole = serviceMs ?? durationMs
  if (whole === null || output === null || output === 0) return
  const writing = firstTokenMs !== null && firstTokenMs < whole ? whole - firstTokenMs : whole
  if (writing > 0) sketch.add('rate', (output * 1000) / writing)
}

/** Tokens billed again, see Insights; null where the cache was not broken. */
function rebilled(
  { kept, messages, keptBytes, messagesBytes }: IndexedRequest,
  { tokens, billed }: SummedRound,
  before: Earlier,
  changed: boolean,
): { readonly tokens: number; readonly estimated: boolean } | null {
  // It sends nothing but a beginning of what the other sent: nothing of that is new to the cache.
  if (changed && kept === messages) return null
  const { cached } = tokens
  const { prompt } = billed
  if (cached !== null && before.cached !== null) {
    const lost = Math.min(before.cached, prompt ?? before.cached) - cached
    if (lost > 0) return { tokens: lost, estimated: false }
    return changed ? { tokens: 0, estimated: false } : null
  }
  if (!changed) return null
  if (prompt === null || before.prompt === null || messagesBytes === 0) return { tokens: 0, estimated: true }
  const share = keptBytes / messagesBytes
  return { tokens: Math.max(0, Math.round(Math.min(before.prompt, prompt) - share * prompt)), estimated: true }
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
