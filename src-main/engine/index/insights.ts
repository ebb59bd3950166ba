import type { IndexedRequest } from './indexed-block'
import type { SummedRound } from './block-sums'
import { wellFormed } from './names'
import { Sketch } from './sketch'
import { int, intOrNull, type Sql } from './sql'

/** What a later request is compared with. */
interface Earlier {
  readonly time: number
  readonly input: number | null
  readonly cached: number | null
  readonly messages: number
  readonly messagesBytes: number
}

/** Sums of a day, model and consumer, as one block adds to them. */
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
  readonly #tools = new Map<string, number>()
  readonly #days = new Map<string, DaySums>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Adds a round that was just inserted as a request. `routeId`: of its route. */
  add(request: IndexedRequest, round: SummedRound, sessionId: number, routeId: number): void {
    const { seq, time, tokens, cost } = round
    const day = Math.floor(round.hour / 100)
    const sums = this.#sumsOf(day, round.modelId, round.consumerId)
    const { inferred } = request
    if (inferred !== null) {
      this.#sql.run('INSERT OR REPLACE INTO inference (seq, previous, confidence, evidence, messages) VALUES (?, ?, ?, ?, ?)', [
        seq,
        inferred.previous,
        inferred.confidence,
        inferred.evidence,
        inferred.messages,
      ])
    }
    this.#addHistory(request, round, sessionId, day, sums)
    this.#addLatency(request, round, sums)
    this.#addTools(request, round, day)
    this.#sql.run(UPSERT_ROUTE, [
      day,
      routeId,
      sessionId,
      (tokens.input ?? 0) + (tokens.output ?? 0),
      cost ?? 0,
      cost === null ? 1 : 0,
    ])
    this.#remember(seq, {
      time,
      input: tokens.input,
      cached: tokens.cached,
      messages: request.messages,
      messagesBytes: request.messagesBytes,
    })
  }

  /** Writes the sums of the block. */
  flush(): void {
    for (const [key, sums] of this.#days) {
      const ids = key.split(' ').map(Number)
      const before = this.#sql.get(
        'SELECT latency FROM insight_day WHERE day = ? AND model_id = ? AND consumer_id = ?',
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
    this.#days.clear()
  }

  /** Forgets what is not in the database: the block's transaction was rolled back. */
  rolledBack(): void {
    this.#days.clear()
    this.#earlier.clear()
    this.#tools.clear()
  }

  /** The request got another number: its record was archived once more. */
  renumber(from: number, to: number): void {
    for (const table of ['inference', 'cache_break', 'retry', 'tool_call'])
      this.#sql.run(`UPDATE OR REPLACE ${table} SET seq = ? WHERE seq = ?`, [to, from])
    this.#earlier.delete(from)
  }

  #addHistory(request: IndexedRequest, round: SummedRound, sessionId: number, day: number, sums: DaySums): void {
    const { base, kept, messages, keptBytes, messagesBytes } = request
    const { seq, tokens } = round
    if (messagesBytes > 0 && tokens.input !== null) {
      sums.knownRounds += 1
      sums.knownInput += tokens.input
      sums.resent += Math.round((tokens.input * keptBytes) / messagesBytes)
    }
    const previous = base ?? this.#replaced(request, round, sessionId)
    const before = previous === null ? undefined : this.#find(previous)
    if (previous === null || before === undefined) return
    if (kept === messages && kept === before.messages) {
      const gap = round.time - before.time
      if (gap >= 0 && gap <= RETRY_MS)
        this.#sql.run('INSERT OR REPLACE INTO retry (seq, previous, day) VALUES (?, ?, ?)', [seq, previous, day])
    }
    const changed = kept < before.messages
    if (changed && messages < before.messages) sums.compactions += 1
    const found = rebilled(request, round, before, changed)
    if (found === null) return
    sums.breaks += 1
    sums.rebilled += found.tokens
    if (found.estimated) sums.rebilledEstimated += found.tokens
    this.#sql.run(
      'INSERT OR REPLACE INTO cache_break (seq, previous, day, message, tokens, estimated) VALUES (?, ?, ?, ?, ?, ?)',
      [seq, previous, day, changed ? kept + 1 : null, found.tokens, found.estimated ? 1 : 0],
    )
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

  #addLatency({ fields }: IndexedRequest, { status, tokens }: SummedRound, { latency }: DaySums): void {
    // How long it took to fail is another matter.
    if (status !== 0) return
    const { firstTokenMs, serviceMs, durationMs } = fields
    if (firstTokenMs !== null) latency.add('firstToken', firstTokenMs)
    if (durationMs !== null) latency.add('duration', durationMs)
    const whole = serviceMs ?? durationMs
    if (whole === null || (tokens.output ?? 0) === 0) return
    const writing = firstTokenMs !== null && firstTokenMs < whole ? whole - firstTokenMs : whole
    if (writing > 0) latency.add('rate', ((tokens.output ?? 0) * 1000) / writing)
  }

  #addTools({ tools }: IndexedRequest, { seq, cost }: SummedRound, day: number): void {
    for (const use of tools) {
      const id = this.#toolId(use.name)
      const sizes = [use.calls, use.argumentBytes, use.results, use.resultBytes]
      this.#sql.run(
        'INSERT OR REPLACE INTO tool_call (seq, tool_id, calls, argument_bytes, results, result_bytes) VALUES (?, ?, ?, ?, ?, ?)',
        [seq, id, ...sizes],
      )
      const called = use.calls > 0
      this.#sql.run(UPSERT_TOOL, [
        day,
        id,
        called ? 1 : 0,
        ...sizes,
        called ? (cost ?? 0) : 0,
        called && cost === null ? 1 : 0,
      ])
    }
  }

  #toolId(name: string): number {
    const known = this.#tools.get(name)
    if (known !== undefined) return known
    const text = wellFormed(name).slice(0, 200)
    this.#sql.run('INSERT OR IGNORE INTO tool (name) VALUES (?)', [text])
    const id = int(this.#sql.get('SELECT id FROM tool WHERE name = ?', [text])?.[0])
    this.#tools.set(name, id)
    return id
  }

  #sumsOf(day: number, modelId: number, consumerId: number): DaySums {
    const key = `${String(day)} ${String(modelId)} ${String(consumerId)}`
    const sums = this.#days.get(key) ?? new DaySums()
    this.#days.set(key, sums)
    return sums
  }

  #find(seq: number): Earlier | undefined {
    const remembered = this.#earlier.get(seq)
    if (remembered !== undefined) return remembered
    const row = this.#sql.get('SELECT time, input, cached, messages, messages_bytes FROM request WHERE seq = ?', [seq])
    if (row === undefined) return undefined
    return {
      time: int(row[0]),
      input: intOrNull(row[1]),
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

/** Tokens billed again, see Insights; null where the cache was not broken. */
function rebilled(
  { kept, messages, keptBytes, messagesBytes }: IndexedRequest,
  { tokens: { input, cached } }: SummedRound,
  before: Earlier,
  changed: boolean,
): { readonly tokens: number; readonly estimated: boolean } | null {
  if (cached !== null && before.cached !== null) {
    const lost = Math.min(before.cached, input ?? before.cached) - cached
    if (lost > 0) return { tokens: lost, estimated: false }
    return changed ? { tokens: 0, estimated: false } : null
  }
  if (!changed || kept === messages) return null
  if (input === null || before.input === null || messagesBytes === 0) return { tokens: 0, estimated: true }
  const share = keptBytes / messagesBytes
  return { tokens: Math.max(0, Math.round(Math.min(before.input, input) - share * input)), estimated: true }
}

const UPSERT_DAY =
  'INSERT INTO insight_day (day, model_id, consumer_id, known_rounds, known_input, resent, compactions, breaks, ' +
  'rebilled, rebilled_estimated, latency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ' +
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
  'INSERT INTO route_day (day, route_id, session_id, rounds, tokens, cost, unpriced) VALUES (?, ?, ?, 1, ?, ?, ?) ' +
  'ON CONFLICT DO UPDATE SET rounds = rounds + 1, tokens = tokens + excluded.tokens, cost = cost + excluded.cost, ' +
  'unpriced = unpriced + excluded.unpriced'
