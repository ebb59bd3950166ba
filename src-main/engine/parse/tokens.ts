import type { Json, JsonObject } from '../json'
import { isObject, parseJson } from '../json'

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
  let bad = false
  const first = (...values: (Json | undefined)[]): number | null => {
    for (const value of values) {
      const count = readCount(value)
      if (count === 'bad') bad = true
      else if (count !== null) return count
    }
    return null
  }
  const cacheWriteHour = first(creation.ephemeral_1h_input_tokens)
  return {
    input: first(ai.input_token),
    output: first(ai.output_token),
    cached: first(
      ai.cached_tokens,
      inputDetails.cached_tokens,
      inputDetails.cache_read_input_tokens,
      inputDetails.cachedContentTokenCount,
      inputDetails.cached_content_token_count,
    ),
    reasoning: first(
      ai.reasoning_tokens,
      outputDetails.reasoning_tokens,
      outputDetails.thoughtsTokenCount,
      outputDetails.thoughts_token_count,
    ),
    cacheWrite:
      first(creation.ephemeral_5m_input_tokens) ??
      // The sum of both lifetimes.
      lessOrNull(first(inputDetails.cache_creation_input_tokens), cacheWriteHour ?? 0),
    cacheWriteHour,
    bad,
  }
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
