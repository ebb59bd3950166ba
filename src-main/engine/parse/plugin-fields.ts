import { isObject, parseJson, type Json, type JsonObject } from '../base/json'

/**
 * Attributes of ai-statistics that an operator may have logged as fields of their own (as_separate_log_field): then they
 * stand beside `ai_log`, which lacks them. Source: higress, plugins/wasm-go/extensions/ai-statistics.
 */
const SEPARATE_FIELDS = (
  'session_id model input_token output_token total_token reasoning_tokens cached_tokens input_token_details ' +
  'output_token_details messages question answer reasoning tool_calls chat_id chat_round response_type ' +
  'llm_first_token_duration llm_service_duration consumer'
).split(' ')

/** The `ai_log` together with those of its attributes that were logged beside it. */
export function withSeparateFields(ai: JsonObject, outer: JsonObject): JsonObject {
  let all: Record<string, Json | undefined> | null = null
  for (const name of SEPARATE_FIELDS) {
    const value = outer[name]
    if (value === undefined || !isLogged(value) || isLogged(ai[name])) continue
    all ??= { ...ai }
    all[name] = asValue(name, value)
  }
  return all ?? ai
}

/** Counts and objects are written as text there. */
function asValue(name: string, value: Json): Json {
  if (typeof value !== 'string' || !/^[[{]/.test(value) || name === 'question' || name === 'answer') return value
  return parseJson(value) ?? value
}

/** Attributes that only a request to a model has. */
const LLM_FIELDS = [
  'model',
  'messages',
  'question',
  'answer',
  'input_token',
  'output_token',
  'total_token',
  'chat_id',
  'chat_round',
]

/** Attributes that the plugin writes for any request of a route it is on, where nothing says which paths are a model's. */
const WEAK_FIELDS = ['session_id', 'api', 'response_type']

/**
 * Whether an `ai_log` tells of a request to a model. The plugin also logs other requests of the routes it is on, such as
 * GET /v1/models, with `api`, a service time and `response_type` only.
 */
export function isLlmRequest(ai: JsonObject, outer: JsonObject): boolean {
  for (const name of LLM_FIELDS) if (isLogged(ai[name])) return true
  const method = outer.method
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  const path = typeof outer.path === 'string' ? outer.path : null
  if (path !== null && !isModelPath(path)) return false
  return WEAK_FIELDS.some((name) => isLogged(ai[name]))
}

/** Ends of the paths of a model's interface. Source: ai-proxy's provider paths, and the plugin's own list. */
const MODEL_PATHS =
  /\/(?:completions|messages|responses|embeddings|rerank|generations|edits|variations|speech|transcriptions|translations|realtime|moderations|count_tokens|generate|generation|chat|converse|converse-stream|invoke|[\w.-]+:(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents|countTokens|predict|rawPredict|streamRawPredict))(?:\/)?(?:\?|$)/

/** Whether a request's path is one of a model's interface. */
export function isModelPath(path: string): boolean {
  return MODEL_PATHS.test(path.length > 2000 ? path.slice(0, 2000) : path)
}

/** A call to a model of which the gateway logged nothing: the plugin does not look at this path, or did not come to run. */
export function isUnloggedCall(outer: JsonObject): boolean {
  const { ai_log: log, path, method } = outer
  const isEmpty = log === '-' || log === null || log === '' || log === undefined
  return isEmpty && method === 'POST' && typeof path === 'string' && isModelPath(path)
}

/** Whether a gateway wrote a value: "-" and null stand for nothing. */
function isLogged(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === '-') return false
  return !isObject(value) || Object.keys(value).length > 0
}
