import type { Json, JsonObject } from '../base/json'
import { isObject, parseJson } from '../base/json'

/** Token counts of one request as logged; null is "not logged". Cache writes come only from the details objects. */
export interface TokenCounts {
  readonly input: number | null
  readonly output: number | null
  readonly cached: number | null
  readonly reasoning: number | null
  /** Input tokens written to the provider's cache with its default lifetime (Anthropic: 5 minutes). */
  readonly cacheWrite: number | null
  /** Input tokens written to the provider's cache for an hour (Anthropic). */
  readonly cacheWriteHour: number | null
  /** True when a count was logged that can't be one: negative, fractional, absurd, no number. */
  readonly bad: boolean
  /**
   * True when such a one is all that was logged of the input, the output or the cache: what the request cost is not known.
   * (Reasoning tokens are part of the output, whether they can be read or not.)
   */
  readonly unusable: boolean
}

/** Whether it can't be told what was used: neither input nor output was logged, or a count that can't be read. */
export function isUnknown({ input, output, unusable }: Pick<TokenCounts, 'input' | 'output' | 'unusable'>): boolean {
  return unusable || (input === null && output === null)
}

/**
 * What of `input` was neither read from the cache nor written to it. Cached tokens are part of `input` unless greater,
 * cache writes while they fit in what is not cached. A count that is not known adds nothing.
 */
export function plainInput({ input, cached, cacheWrite, cacheWriteHour }: PromptCounts): number {
  const all = input ?? 0
  const read = cached ?? 0
  const written = (cacheWrite ?? 0) + (cacheWriteHour ?? 0)
  const afterCached = read <= all ? all - read : all
  return written <= afterCached ? afterCached - written : afterCached
}

/** All tokens of the prompt: `input`, and what was logged beside it and not as a part of it (plainInput). */
export function promptTokens(counts: PromptCounts): number {
  return plainInput(counts) + (counts.cached ?? 0) + (counts.cacheWrite ?? 0) + (counts.cacheWriteHour ?? 0)
}

export type PromptCounts = Pick<TokenCounts, 'input' | 'cached' | 'cacheWrite' | 'cacheWriteHour'>

/** All tokens generated: `reasoning` is part of `output` unless greater. A count that is not known adds nothing. */
export function completionTokens({ output, reasoning }: Pick<TokenCounts, 'output' | 'reasoning'>): number {
  const answer = output ?? 0
  const thought = reasoning ?? 0
  return thought > answer ? answer + thought : answer
}

/** More tokens than any context window holds; a larger count is a logging error, not a request. */
export const ABSURD_TOKENS = 1_000_000_000

type Count = number | null | 'bad'

/** A count logged as a number or a string of digits. Missing, empty and "-" are null. */
export function readCount(value: Json | undefined): Count {
  if (value === undefined || value === null || value === '' || value === '-') return null
  const count =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN
  return Number.isInteger(count) && count >= 0 && count <= ABSURD_TOKENS ? count : 'bad'
}

/**
 * Reads the counts of an `ai_log`. Where a field is missing it is read from the details objects, in the shapes of
 * OpenAI (cached_tokens, reasoning_tokens), Anthropic (cache_read_input_tokens, cache_creation_input_tokens,
 * cache_creation.ephemeral_*_input_tokens) and Gemini (cachedContentTokenCount, thoughtsTokenCount).
 */
export function readTokens(ai: JsonObject): TokenCounts {
  const inputDetails = readDetails(ai.input_token_details)
  const outputDetails = readDetails(ai.output_token_details)
  const creation = readDetails(inputDetails.cache_creation)
  let bad = 0
  const read = (value: Json | undefined): number | null => {
    if (value === undefined) return null
    const count = readCount(value)
    if (count !== 'bad') return count
    bad += 1
    return null
  }
  // The first that holds a count.
  const input = read(ai.input_token)
  const output = read(ai.output_token)
  let unusable = bad > 0
  let before = bad
  const cached =
    read(ai.cached_tokens) ??
    read(inputDetails.cached_tokens) ??
    read(inputDetails.cache_read_input_tokens) ??
    read(inputDetails.cachedContentTokenCount) ??
    read(inputDetails.cached_content_token_count)
  if (cached === null && bad > before) unusable = true
  const reasoning =
    read(ai.reasoning_tokens) ??
    read(outputDetails.reasoning_tokens) ??
    read(outputDetails.thoughtsTokenCount) ??
    read(outputDetails.thoughts_token_count)
  before = bad
  const cacheWriteHour = read(creation.ephemeral_1h_input_tokens)
  if (bad > before) unusable = true
  before = bad
  const cacheWrite =
    read(creation.ephemeral_5m_input_tokens) ??
    // The sum of both lifetimes.
    lessOrNull(read(inputDetails.cache_creation_input_tokens), cacheWriteHour ?? 0)
  if (cacheWrite === null && bad > before) unusable = true
  return { input, output, cached, reasoning, cacheWrite, cacheWriteHour, bad: bad > 0, unusable }
}

function lessOrNull(count: number | null, part: number): number | null {
  return count === null ? null : Math.max(0, count - part)
}

const NO_DETAILS: JsonObject = {}

/** Details arrive as an object or as a string of JSON. */
function readDetails(value: Json | undefined): JsonObject {
  const details = typeof value === 'string' ? parseJson(value) : value
  return isObject(details) ? details : NO_DETAILS
}
