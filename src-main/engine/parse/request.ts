import { isArray, isObject, MAX_DEPTH, nestsDeeper, parseJson, type Json, type JsonObject } from '../base/json'
import { readTime } from './time'
import { readContent, readIndexFields, readText, type IndexFields } from './index-fields'

/** What the gateway puts in the place of the middle of a value longer than its `value_length_limit`. */
export const TRUNCATION_MARK = ' [truncated] '

/** An LLM request as the rest of the engine knows it: the log's fields under one set of names and types. */
export interface LlmRequest extends IndexFields {
  /** ms since the epoch; null when the line has no time of its own. */
  readonly time: number | null
  readonly requestId: string | null
  readonly responseType: string | null
  readonly responseCode: string | null
  readonly answer: string | null
  readonly reasoning: string | null
  readonly toolCalls: readonly Json[]
  /** Text of a `tool_calls` that is no JSON array (any more). */
  readonly toolCallsText: string | null
  /** Whether any of its values was cut by the gateway. */
  readonly truncated: boolean
  /** Everything else the line said, as text. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
}

/** The history sent with a request: whole messages, or the text of what is no JSON array (any more). */
export type LoggedMessages =
  | { readonly kind: 'messages'; readonly messages: readonly Json[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' }

/** Takes `messages` out of an `ai_log`. A string that holds a JSON array is that array. */
export function readMessages(ai: JsonObject): LoggedMessages {
  const list = readList(ai.messages)
  if (list.text !== null) return { kind: 'text', text: list.text }
  return list.items === null ? { kind: 'none' } : { kind: 'messages', messages: list.items }
}

/** Brings a line's two objects under one set of names. `ai.messages` is not looked at: see readMessages. */
export function readRequest(outer: JsonObject, ai: JsonObject): LlmRequest {
  const calls = readList(ai.tool_calls)
  return {
    ...readIndexFields(outer, ai),
    time: readTime(outer),
    requestId: readText(outer.request_id),
    responseType: readText(ai.response_type),
    responseCode: readText(outer.response_code),
    answer: readContent(ai.answer),
    reasoning: readContent(ai.reasoning),
    toolCalls: calls.items ?? [],
    toolCallsText: calls.text,
    // The next two only when asked for: most who read a request don't, and they look at everything in it.
    get truncated() {
      return isTruncated(ai)
    },
    get attributes() {
      return [
        ...readAttributes(Object.entries(ai), KNOWN_AI_KEYS),
        ...readAttributes(Object.entries(outer), KNOWN_OUTER_KEYS),
      ]
    },
  }
}

/**
 * What a request asked for, by name: the model, and every attribute of its `ai_log` that is no text, count or number of
 * the conversation (temperature, tools …, where the gateway logs them).
 */
export function readParameters(ai: JsonObject): ReadonlyMap<string, string> {
  const model = readText(ai.model)
  const others = readAttributes(Object.entries(ai), KNOWN_AI_KEYS).filter(({ name }) => !COUNTING_KEYS.has(name))
  return new Map([...(model === null ? [] : [['model', model] as const]), ...others.map(entryOf)])
}

const entryOf = ({ name, value }: { readonly name: string; readonly value: string }) => [name, value] as const
/** Another one with every request: not asked for. */
const COUNTING_KEYS = new Set(['chat_id', 'chat_round'])

/** Whether any of the values was cut by the gateway. */
export function isTruncated(ai: JsonObject): boolean {
  for (const key in ai) {
    const value = ai[key]
    if (typeof value === 'string' && value.includes(TRUNCATION_MARK)) return true
  }
  return false
}

const KNOWN_AI_KEYS = new Set(
  (
    'session_id model input_token output_token total_token reasoning_tokens cached_tokens input_token_details ' +
    'output_token_details llm_first_token_duration llm_service_duration response_type messages question answer ' +
    'reasoning tool_calls'
  ).split(' '),
)
const KNOWN_OUTER_KEYS = new Set(['ai_log', 'request_id', 'start_time', 'timestamp', 'response_code', 'duration'])

/** A list that may arrive as an array, as JSON text of one, or as text cut by the gateway. */
function readList(value: Json | undefined): { readonly items: readonly Json[] | null; readonly text: string | null } {
  if (isArray(value)) return { items: value, text: null }
  if (isObject(value)) return { items: [value], text: null }
  if (typeof value !== 'string' || value.trim() === '') return { items: null, text: null }
  // Cut inside a string, the rest may happen to be JSON: of messages that were never sent.
  if (value.includes(TRUNCATION_MARK)) return { items: null, text: value }
  const parsed = parseJson(value)
  if (parsed === null) return { items: null, text: null }
  // Nested too deep to be written back, it stays the text it is.
  return isArray(parsed) && !nestsDeeper(parsed, MAX_DEPTH)
    ? { items: parsed, text: null }
    : { items: null, text: value }
}

function readAttributes(
  entries: readonly (readonly [string, Json | undefined])[],
  known: ReadonlySet<string>,
): { name: string; value: string }[] {
  const attributes: { name: string; value: string }[] = []
  for (const [name, value] of entries) {
    if (known.has(name) || value === undefined || value === null || value === '' || value === '-') continue
    attributes.push({ name, value: typeof value === 'string' ? value : JSON.stringify(value) })
  }
  return attributes
}
