import type {
  RoundRef,
  SessionFile,
  SessionFilePage,
  SessionFilePageQuery,
  SessionFileRound,
  SessionRow,
} from '../../contract/index'
import { EngineError } from '../base/errors'
import { roundRows } from '../index/queries/rounds'
import type { SessionIndex } from '../index/tables/session-index'
import { MAX_DEPTH, nestsDeeper, parseJson, type Json } from '../base/json'
import { readMessages, readRequest } from '../parse/request'
import type { PriceCatalog } from '../pricing/catalog'
import type { Conversations } from '../sessions/conversations'
import { roundCost } from '../sessions/rounds'

/** The sources of a session's file. */
export interface SessionFileSources {
  readonly index: SessionIndex
  readonly conversations: Conversations
  readonly prices: PriceCatalog
}

function sessionHead(row: SessionRow): Omit<SessionFile, 'rounds' | keyof ReturnType<typeof sessionTail>> {
  return {
    session_id: row.sessionId,
    created_at: isoTime(row.firstTime),
    updated_at: isoTime(row.lastTime),
    messages_count: row.rounds,
    total_input_tokens: row.inputTokens,
    total_output_tokens: row.outputTokens,
    total_reasoning_tokens: row.reasoningTokens,
    total_cached_tokens: row.cachedTokens,
    model: row.model,
  }
}

/** The keys that the original skill does not have. */
function sessionTail(row: SessionRow) {
  return { inferred: row.inferred, cost_usd: row.costUsd, unpriced_rounds: row.unpricedRounds }
}

/** Rounds `from` (1-based) to `from + limit - 1` of session `id` (session.id). `limit` 0: all from `from` on. */
export function sessionRounds(
  sources: SessionFileSources,
  id: number,
  from: number,
  limit: number,
  options: { readonly withMessages: boolean },
): SessionFileRound[] {
  return roundRows(sources.index, id, from, limit).map(({ seq, round }) => requestRound(sources, seq, round, options))
}

/** A part of the file of session `id` (session.id) with the row `row`. */
export function sessionFilePage(
  sources: SessionFileSources,
  id: number,
  row: SessionRow,
  query: SessionFilePageQuery,
): SessionFilePage {
  const rounds = sessionRounds(sources, id, query.from, query.limit, query)
  const { before, after } = sessionFileFrame(row)
  return {
    before,
    rounds: rounds.map((round) => JSON.stringify(round)),
    after,
    total: row.rounds,
    costUsd: row.costUsd,
  }
}

/** Which rounds of a session to include, and whether to include the history that each sent. */
interface SessionTextOptions {
  readonly withMessages: boolean
  /** 1-based; all rounds when absent. */
  readonly onlyRound?: number
}

/** The file of session `id` as indented text, in pieces because the whole may be longer than a string can be. */
export function* sessionText(
  sources: SessionFileSources,
  id: number,
  row: SessionRow,
  options: SessionTextOptions,
): Generator<string> {
  const { head, tail } = sessionTextFrame(row)
  yield head
  const [from, limit] = options.onlyRound === undefined ? [1, 0] : [options.onlyRound, 1]
  let separator = '\n    '
  for (const { seq, round } of roundRows(sources.index, id, from, limit)) {
    yield separator + JSON.stringify(requestRound(sources, seq, round, options), null, 2).replaceAll('\n', '\n    ')
    separator = ',\n    '
  }
  yield tail
}

/** The text before and after the rounds of a session. It contains all totals. */
export function sessionTextFrame(row: SessionRow): { readonly head: string; readonly tail: string } {
  const frame = JSON.stringify({ ...sessionHead(row), rounds: [], ...sessionTail(row) }, null, 2)
  // Strings in JSON text contain no line breaks.
  const end = frame.indexOf('\n  "rounds": []') + '\n  "rounds": ['.length
  return { head: frame.slice(0, end), tail: `\n  ${frame.slice(end)}\n` }
}

/** The text before and after the rounds in a session's file, without indentation. */
function sessionFileFrame(row: SessionRow): { readonly before: string; readonly after: string } {
  const before = JSON.stringify(sessionHead(row)).slice(0, -1)
  const after = JSON.stringify(sessionTail(row)).slice(1)
  return { before: `${before},"rounds":[`, after: `],${after}` }
}

/** A round of session `id` (session.id) as in the session's file, as text. Throws `not-found`. */
export function roundJson(sources: SessionFileSources, id: number, { sessionId, round }: RoundRef): string {
  const [row] = roundRows(sources.index, id, round, 1)
  if (row === undefined) {
    throw new EngineError('not-found', `The session has no round ${String(round)}.`, { where: sessionId })
  }
  return JSON.stringify(requestRound(sources, row.seq, round, { withMessages: true }), null, 2)
}

/** ms since the epoch as ISO 8601 in UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString()
}

/** Request `seq`, which is round `round` of its session, in the field names of the session file. */
export function requestRound(
  sources: SessionFileSources,
  seq: number,
  round: number,
  options: { readonly withMessages: boolean },
): SessionFileRound {
  const record = sources.conversations.request(seq)
  const request = readRequest(record.outer, record.ai)
  const told = options.withMessages ? sources.conversations.messages(seq) : null
  const logged = readMessages(record.ai)
  const messages = told?.messages ?? (logged.kind === 'text' ? logged.text : [])
  const toolCalls = request.toolCallsText ?? request.toolCalls
  return {
    round,
    timestamp: isoTime(record.time),
    input_tokens: request.tokens.input,
    output_tokens: request.tokens.output,
    reasoning_tokens: request.tokens.reasoning,
    cached_tokens: request.tokens.cached,
    model: request.model,
    has_tool_calls: toolCalls.length > 0,
    response_type: request.responseType,
    ...(options.withMessages ? { messages } : {}),
    question: request.question ?? '',
    answer: request.answer ?? '',
    reasoning: request.reasoning ?? '',
    tool_calls: toolCalls,
    input_token_details: details(record.ai.input_token_details),
    output_token_details: details(record.ai.output_token_details),
    request_id: request.requestId,
    cost_usd: roundCost(request.model, record.time, request.billed, sources.prices)?.usd ?? null,
    response_code: request.responseCode,
    time_inferred: record.timeInferred,
    first_token_ms: request.firstTokenMs,
    service_ms: request.serviceMs,
    duration_ms: request.durationMs,
    ...(told !== null && told.lostMessages > 0 ? { lost_messages: told.lostMessages } : {}),
  }
}

/** The token details, which may be logged as JSON text. */
function details(value: Json | undefined): Json {
  if (value === undefined) return null
  if (typeof value !== 'string') return value
  const parsed = parseJson(value) ?? value
  return nestsDeeper(parsed, MAX_DEPTH) ? value : parsed
}
