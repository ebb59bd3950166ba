import type { RoundCostChange } from '../sums/cost-change'
import { InsightSums } from '../sums/insight-sums'
import type { SummedRound } from '../sums/block-sums'
import type { IndexedRequest } from './indexed-block'
import { Names, wellFormed } from '../database/names'
import { int, intOrNull, type Sql } from '../database/sql'

/** What a later request is compared with. */
interface EarlierRequest {
  readonly time: number
  /** All tokens of its prompt; null when unknown. */
  readonly prompt: number | null
  readonly cached: number | null
  readonly messages: number
  readonly messagesBytes: number
}

/** A request that repeats another one counts as a retry only within this time, ms. */
const RETRY_MS = 600_000
const REMEMBERED_REQUESTS = 20_000
const TOOL_NAME_CHARS = 200

/**
 * Keeps the tables of schema 3 (analyses) up to date as requests are added to the index.
 *
 * Cache breaks: a provider caches the prompt of a request; the next request pays the full price from the first message
 * that differs. A request breaks the cache when it keeps only some messages of the request it builds on, or when it reads
 * fewer tokens from the cache than that request did. If both log `cached_tokens`, the tokens billed again are those the
 * earlier request read from the cache and this one did not (counting only what it still sends). Otherwise they are
 * estimated: the size of the earlier prompt less the share of bytes that this one kept.
 */
export class InsightTables {
  readonly #sql: Sql
  readonly #earlier = new Map<number, EarlierRequest>()
  readonly #tools: Names
  readonly #sums = new InsightSums()
  /** Requests of whose history a later one kept only a part; loaded when first needed. */
  #left: Set<number> | null = null

  constructor(sql: Sql) {
    this.#sql = sql
    this.#tools = new Names(sql, 'tool')
  }

  /** Adds a round that was just inserted into `request`, with its session.id and route.id. */
  add(request: IndexedRequest, round: SummedRound, sessionId: number, routeId: number): void {
    const { seq, time, tokens, billed, cost } = round
    const day = Math.floor(round.hour / 100)
    const { inferred, messagesBytes, keptBytes } = request
    if (inferred !== null) {
      this.#sql.run(
        'INSERT OR REPLACE INTO inference (seq, previous, confidence, evidence, messages) VALUES (?, ?, ?, ?, ?)',
        [seq, inferred.previous, inferred.confidence, inferred.evidence, inferred.messages],
      )
    }
    const { modelId, consumerId, sourceId, status } = round
    const { firstTokenMs, serviceMs, durationMs } = request.fields
    this.#sums.countRound(day, {
      sessionId,
      modelId,
      consumerId,
      sourceId,
      routeId,
      status,
      input: tokens.input,
      output: tokens.output,
      prompt: billed.prompt,
      cost,
      firstTokenMs,
      serviceMs,
      durationMs,
      messagesBytes,
      keptBytes,
    })
    this.#addHistory(request, round, sessionId, day)
    this.#addTools(request, round, day)
    this.#remember(seq, {
      time,
      prompt: billed.prompt,
      cached: tokens.cached,
      messages: request.messages,
      messagesBytes,
    })
  }

  /** Takes in new costs of rounds, whose sequence numbers are at least `from` and below `to`. */
  reprice(rounds: ReadonlyMap<number, RoundCostChange>, from: number, to: number): void {
    for (const change of rounds.values()) this.#sums.changeRouteCost(change.day, change, change)
    this.#sql.each(
      'SELECT seq, tool_id FROM tool_call WHERE seq >= ? AND seq < ? AND calls > 0',
      (row) => {
        const change = rounds.get(int(row[0]))
        if (change !== undefined) this.#sums.changeToolCost(change.day, int(row[1]), change)
      },
      [from, to],
    )
    this.flush()
  }

  /** Writes the sums of the block. */
  flush(): void {
    this.#sums.flush(this.#sql)
  }

  /** The block's transaction was rolled back: forgets everything the database does not hold. */
  rolledBack(): void {
    this.#sums.clear()
    this.#earlier.clear()
    this.#tools.load()
    this.#left = null
  }

  /** A request was archived again under another number. */
  renumber(from: number, to: number): void {
    for (const table of ['inference', 'cache_break', 'retry', 'tool_call'])
      this.#sql.run(`UPDATE OR REPLACE ${table} SET seq = ? WHERE seq = ?`, [to, from])
    this.#earlier.delete(from)
  }

  #addHistory(request: IndexedRequest, round: SummedRound, sessionId: number, day: number): void {
    const { base, kept, messages } = request
    const { seq, modelId, consumerId, sourceId } = round
    const previous = base ?? this.#replaced(request, round, sessionId)
    const before = previous === null ? undefined : this.#find(previous)
    if (previous === null || before === undefined) return
    if (kept === messages && kept === before.messages) {
      const gap = round.time - before.time
      if (gap >= 0 && gap <= RETRY_MS)
        this.#sql.run('INSERT OR REPLACE INTO retry (seq, previous, day) VALUES (?, ?, ?)', [seq, previous, day])
    }
    const changed = kept < before.messages
    if (!changed && base !== null) this.#uncountFork(base)
    const found = rebilled(request, round, before, changed)
    if (found === null) return
    const compaction = changed && messages < before.messages
    this.#sums.countBreak(day, { modelId, consumerId, sourceId, compaction, ...found })
    this.#sql.run(
      'INSERT OR REPLACE INTO cache_break (seq, previous, day, message, tokens, estimated) VALUES (?, ?, ?, ?, ?, ?)',
      [seq, previous, day, changed ? kept + 1 : null, found.tokens, found.estimated ? 1 : 0],
    )
    if (changed) this.#leftBehind().add(previous)
  }

  /**
   * Request `base` is continued after all. So the earlier request that left its history was a fork, which neither broke a
   * cache nor compacted the history.
   */
  #uncountFork(base: number): void {
    if (!this.#leftBehind().delete(base)) return
    for (const [seq, day, tokens, estimated, modelId, consumerId, sourceId, messages] of this.#sql.all(
      'SELECT seq, day, tokens, estimated, model_id, consumer_id, source_id, messages FROM cache_break JOIN request USING (seq) ' +
        'WHERE previous = ? AND message IS NOT NULL',
      [base],
    )) {
      this.#sums.uncountBreak(int(day), {
        modelId: int(modelId),
        consumerId: int(consumerId),
        sourceId: int(sourceId),
        tokens: int(tokens),
        estimated: int(estimated) === 1,
        compaction: int(messages) < (this.#find(base)?.messages ?? 0),
      })
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

  /**
   * The session's previous request, when this one builds on none but sends a history at least as long: then its first
   * message was changed.
   */
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
      this.#sql.run(
        'INSERT OR REPLACE INTO tool_call (seq, tool_id, calls, argument_bytes, results, result_bytes) VALUES (?, ?, ?, ?, ?, ?)',
        [seq, id, use.calls, use.argumentBytes, use.results, use.resultBytes],
      )
      this.#sums.countTool(day, id, use, cost)
    }
  }

  #find(seq: number): EarlierRequest | undefined {
    const remembered = this.#earlier.get(seq)
    if (remembered !== undefined) return remembered
    const row = this.#sql.get('SELECT time, prompt, cached, messages, messages_bytes FROM request WHERE seq = ?', [seq])
    if (row === undefined) return undefined
    return {
      time: int(row[0]),
      prompt: intOrNull(row[1]),
      cached: intOrNull(row[2]),
      messages: int(row[3]),
      messagesBytes: int(row[4]),
    }
  }

  #remember(seq: number, request: EarlierRequest): void {
    if (this.#earlier.size >= 2 * REMEMBERED_REQUESTS) {
      let drop = REMEMBERED_REQUESTS
      for (const oldest of this.#earlier.keys()) {
        if (drop === 0) break
        drop -= 1
        this.#earlier.delete(oldest)
      }
    }
    this.#earlier.set(seq, request)
  }
}

/** Tokens billed again (see InsightTables); null when the cache was not broken. */
function rebilled(
  { kept, messages, keptBytes, messagesBytes }: IndexedRequest,
  { tokens, billed }: SummedRound,
  before: EarlierRequest,
  changed: boolean,
): { readonly tokens: number; readonly estimated: boolean } | null {
  // It sends only a beginning of the earlier history: nothing in it is new to the cache.
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
