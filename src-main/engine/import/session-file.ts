import { isArray, isObject, parseJson, type Json, type JsonObject } from '../base/json'

/** The importable part of a session file of the original skill, or of this program. */
export interface OriginalSession {
  readonly sessionId: string
  /** Its id was inferred, so its rounds are imported without an id. */
  readonly inferred: boolean
  readonly rounds: readonly OriginalRound[]
}

export interface OriginalRound {
  /** The round as a line of the gateway's log, without its line break. */
  readonly line: string
  /** Equal for two rounds of a session that are the same request, whatever files they come from. */
  readonly likeness: string
  /** Its reasoning tokens were guessed by the original skill from the length of the text, and are left out. */
  readonly guessLeftOut: boolean
}

/**
 * Reads a session file; null when the text is not one. `name` is the file's name, stored with each round as
 * `imported_from`.
 */
export function readSessionFile(text: string, name: string): OriginalSession | null {
  const file = parseJson(text)
  if (!isObject(file) || typeof file.session_id !== 'string' || !isArray(file.rounds)) return null
  const { session_id: sessionId, rounds } = file
  const inferred = file.inferred === true
  const read: OriginalRound[] = []
  for (const [position, round] of rounds.entries()) {
    if (isObject(round)) read.push(toRound(inferred ? null : sessionId, round, name, position + 1))
  }
  return { sessionId, inferred, rounds: read }
}

function toRound(sessionId: string | null, round: JsonObject, name: string, number: number): OriginalRound {
  const reasoningTokens = counted(round.reasoning_tokens)
  const guessed = reasoningTokens !== null && reasoningTokens === guessFor(round.reasoning)
  // The original wrote 0 for counts that were not logged, and no request uses zero tokens.
  const input = counted(round.input_tokens)
  const output = counted(round.output_tokens)
  const logged = input !== null || output !== null
  // The keys in the gateway's order.
  const ai: Record<string, Json> = {
    ...present('answer', round.answer),
    ...numberNamed('cached_tokens', counted(round.cached_tokens)),
    ...numberNamed('input_token', logged ? (input ?? 0) : null),
    ...present('input_token_details', round.input_token_details),
    ...present('messages', round.messages),
    ...present('model', round.model === 'unknown' ? null : round.model),
    ...numberNamed('output_token', logged ? (output ?? 0) : null),
    ...present('output_token_details', round.output_token_details),
    ...present('question', round.question),
    ...present('reasoning', round.reasoning),
    ...numberNamed('reasoning_tokens', guessed ? null : reasoningTokens),
    ...present('response_type', round.response_type),
    ...present('session_id', sessionId),
    ...present('tool_calls', round.tool_calls),
  }
  const time = instant(round.timestamp)
  const outer: Record<string, Json> = {
    ai_log: JSON.stringify(ai),
    imported_from: name,
    imported_round: String(number),
    ...present('request_id', round.request_id),
    ...present('response_code', round.response_code),
    ...(time === null ? {} : { start_time: time }),
  }
  return {
    line: JSON.stringify(outer),
    likeness: likenessOf(round),
    guessLeftOut: guessed,
  }
}

/**
 * The facts of a round that every file agrees on: question, answer and usage. The time is not among them, because the
 * original wrote the time at which it read the log.
 */
export function likenessOf(round: {
  readonly [K in 'model' | 'input_tokens' | 'output_tokens' | 'question' | 'answer' | 'tool_calls']?: Json | undefined
}): string {
  const calls = round.tool_calls
  return JSON.stringify([
    round.model === 'unknown' ? null : (round.model ?? null),
    counted(round.input_tokens) ?? 0,
    counted(round.output_tokens) ?? 0,
    textOf(round.question),
    textOf(round.answer),
    isArray(calls) ? calls.length : textOf(calls),
  ])
}

function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

/** A positive count; null for anything else. */
function counted(value: Json | undefined): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : null
}

/** Where no reasoning tokens were logged, the original wrote a quarter of the text's length in code points. */
function guessFor(reasoning: Json | undefined): number | null {
  return typeof reasoning === 'string' ? Math.floor(Array.from(reasoning).length / 4) : null
}

/** ISO 8601 in UTC. A time without a zone is in this computer's zone, as the original wrote it. */
function instant(value: Json | undefined): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function numberNamed(name: string, value: number | null): Record<string, Json> {
  return value === null ? {} : { [name]: value }
}

function present(name: string, value: Json | undefined): Record<string, Json> {
  if (value === undefined || value === null || value === '') return {}
  if (isArray(value) && value.length === 0) return {}
  if (isObject(value) && Object.keys(value).length === 0) return {}
  return { [name]: value }
}
