import type { Json, JsonObject } from '../base/json'
import { isObject, parseJson } from '../base/json'

/** Whose names the cache counts were logged under; decides whether they lie beside the input where no total does. */
export type CacheKeys =
  | 'none'
  /** `cached_tokens`, also Qwen's with `cache_creation_input_tokens` next to it: parts of the input. */
  | 'openai'
  /** `cache_read_input_tokens` and `cache_creation_input_tokens`: beside the input. */
  | 'anthropic'
  /** `cache_read_input_tokens` alone: converted from OpenAI's protocol, so a part of the input. */
  | 'anthropic-read'
  /** `cachedContentTokenCount`: a part of the input. */
  | 'gemini'

/** Token counts of one request as logged; null is "not logged". What they mean together is decided in usage.ts. */
export interface TokenCounts {
  readonly input: number | null
  readonly output: number | null
  readonly total: number | null
  readonly cached: number | null
  readonly reasoning: number | null
  /** Input tokens written to the provider's cache with its default lifetime (Anthropic: 5 minutes). */
  readonly cacheWrite: number | null
  /** Input tokens written to the provider's cache for an hour (Anthropic). */
  readonly cacheWriteHour: number | null
  readonly audioInput: number | null
  readonly audioOutput: number | null
  readonly imageInput: number | null
  readonly imageOutput: number | null
  /** Tokens of tool definitions and results that Gemini counts beside the prompt. */
  readonly toolUsePrompt: number | null
  readonly cacheKeys: CacheKeys
  /** `gemini`: logged as thoughts, which lie beside the output. */
  readonly reasoningKey: 'none' | 'openai' | 'gemini'
  /** True when the details of the input were logged, without a single key. */
  readonly detailsEmpty: boolean
  /** True when a logged value cannot be a count: negative, fractional, absurd, not a number. */
  readonly bad: boolean
  /**
   * True when such a value is all that was logged of the input, the output or the cache, so that the cost is unknown.
   * (Unreadable reasoning tokens do no harm where they are part of the output.)
   */
  readonly unusable: boolean
}

/** More tokens than any context window holds; a larger count is a logging error, not a request. */
const ABSURD_TOKENS = 1_000_000_000

type Count = number | null | 'bad'

/** A count logged as a number or a string of digits. Missing, empty and "-" are null. */
function readCount(value: Json | undefined): Count {
  if (value === undefined || value === null || value === '' || value === '-') return null
  const count =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN
  return Number.isInteger(count) && count >= 0 && count <= ABSURD_TOKENS ? count : 'bad'
}

/**
 * Reads the counts of an `ai_log`. Where a field is missing, the details objects are read: OpenAI's keys (cached_tokens,
 * reasoning_tokens, audio_tokens, image_tokens), OpenRouter's and OpenAI's cache_write_tokens, Anthropic's
 * (cache_read_input_tokens, cache_creation_input_tokens, cache_creation.ephemeral_*_input_tokens), LiteLLM's
 * cache_creation_tokens, and Gemini's (cachedContentTokenCount, thoughtsTokenCount, toolUsePromptTokenCount), in camel and
 * snake case.
 */
export function readTokens(ai: JsonObject): TokenCounts {
  const inputDetails = readDetails(ai.input_token_details)
  const outputDetails = readDetails(ai.output_token_details)
  const creation = readDetails(inputDetails.cache_creation)
  let bad = 0
  /** The first that holds a count. */
  const first = (...values: readonly (Json | undefined)[]): number | null => {
    for (const value of values) {
      const count = readCount(value)
      if (count === 'bad') bad += 1
      else if (count !== null) return count
    }
    return null
  }
  /** As `first`, for a count without which the cost is unknown. */
  let unusable = false
  const needed = (...values: readonly (Json | undefined)[]): number | null => {
    const before = bad
    const count = first(...values)
    if (count === null && bad > before) unusable = true
    return count
  }
  const input = needed(ai.input_token)
  const output = needed(ai.output_token)
  const cached = needed(
    ai.cached_tokens,
    inputDetails.cached_tokens,
    inputDetails.cache_read_input_tokens,
    inputDetails.cachedContentTokenCount,
    inputDetails.cached_content_token_count,
  )
  const reasoning = first(
    ai.reasoning_tokens,
    outputDetails.reasoning_tokens,
    outputDetails.thoughtsTokenCount,
    outputDetails.thoughts_token_count,
  )
  const cacheWriteHour = needed(creation.ephemeral_1h_input_tokens)
  const bothLifetimes = [
    inputDetails.cache_creation_input_tokens,
    inputDetails.cache_write_tokens,
    inputDetails.cache_creation_tokens,
  ]
  const cacheWrite =
    first(creation.ephemeral_5m_input_tokens) ?? lessOrNull(needed(...bothLifetimes), cacheWriteHour ?? 0)
  return {
    input,
    output,
    total: first(ai.total_token),
    cached,
    reasoning,
    cacheWrite,
    cacheWriteHour,
    audioInput: first(inputDetails.audio_tokens),
    audioOutput: first(outputDetails.audio_tokens),
    imageInput: first(inputDetails.image_tokens),
    imageOutput: first(outputDetails.image_tokens),
    toolUsePrompt: first(inputDetails.toolUsePromptTokenCount, inputDetails.tool_use_prompt_token_count),
    cacheKeys: cacheKeysOf(ai, inputDetails),
    reasoningKey: reasoningKeyOf(ai, outputDetails),
    detailsEmpty: isObject(inputDetails) && inputDetails !== NO_DETAILS && Object.keys(inputDetails).length === 0,
    bad: bad > 0,
    unusable,
  }
}

function cacheKeysOf(ai: JsonObject, details: JsonObject): CacheKeys {
  const holds = (...keys: readonly string[]): boolean => keys.some((key) => typeof readCount(details[key]) === 'number')
  if (holds('cached_tokens', 'cache_write_tokens')) return 'openai'
  if (holds('cache_creation_input_tokens') || isObject(details.cache_creation)) return 'anthropic'
  if (holds('cache_read_input_tokens')) return 'anthropic-read'
  if (holds('cachedContentTokenCount', 'cached_content_token_count')) return 'gemini'
  return typeof readCount(ai.cached_tokens) === 'number' ? 'openai' : 'none'
}

function reasoningKeyOf(ai: JsonObject, details: JsonObject): TokenCounts['reasoningKey'] {
  const holds = (key: string): boolean => typeof readCount(details[key]) === 'number'
  if (holds('thoughtsTokenCount') || holds('thoughts_token_count')) return 'gemini'
  return holds('reasoning_tokens') || typeof readCount(ai.reasoning_tokens) === 'number' ? 'openai' : 'none'
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
