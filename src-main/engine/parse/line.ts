import { isObject, parseJson, type JsonObject } from '../base/json'

/**
 * One line of the access log. Format: Higress' default access log, one JSON object a line, whose `ai_log` field is a
 * string of JSON text written by the ai-statistics plugin (`"-"` or absent when the request was no LLM call).
 */
export type LineOutcome =
  /** `outer`: the line's own fields; its `ai_log` among them is for nobody to read, `ai` is what it holds. */
  | { readonly kind: 'request'; readonly outer: JsonObject; readonly ai: JsonObject }
  | { readonly kind: 'not-llm'; readonly outer: JsonObject }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'blank' }

const BLANK: LineOutcome = { kind: 'blank' }

const MALFORMED: LineOutcome = { kind: 'malformed' }

/**
 * The line without what surrounds it: white space, a carriage return, a byte-order mark, and the run of NUL bytes that
 * copytruncate leaves at the start of a log whose writer does not append.
 */
export function trimLine(line: Buffer): Buffer {
  let start = 0
  let end = line.length
  for (;;) {
    const byte = line[start]
    if (start < end && byte !== undefined && isPadding(byte)) start += 1
    else if (line[start] === 0xef && line[start + 1] === 0xbb && line[start + 2] === 0xbf && start + 3 <= end)
      start += 3
    else break
  }
  while (end > start && isPadding(line[end - 1] ?? 0)) end -= 1
  return line.subarray(start, end)
}

/**
 * Classifies and takes apart one trimmed line (see trimLine), as bytes or as text. Never throws.
 * Invalid UTF-8 becomes U+FFFD: the rest of the line still counts.
 */
export function parseLine(line: Buffer | string): LineOutcome {
  if (line.length === 0) return BLANK
  const outer = parseJson(typeof line === 'string' ? line : line.toString('utf8'))
  if (!isObject(outer)) return MALFORMED
  const log = outer.ai_log
  if (log === undefined || log === null || log === '' || log === '-') return { kind: 'not-llm', outer }
  const ai = typeof log === 'string' ? parseJson(log) : log
  if (!isObject(ai)) return MALFORMED
  return looksLikeLlm(ai) ? { kind: 'request', outer, ai } : { kind: 'not-llm', outer }
}

const LLM_KEYS = [
  'model',
  'session_id',
  'messages',
  'question',
  'answer',
  'input_token',
  'output_token',
  'total_token',
  'response_type',
  'chat_id',
  'api',
]

/** An `ai_log` that holds none of the plugin's keys ("{}") describes no LLM request. */
function looksLikeLlm(ai: JsonObject): boolean {
  for (const key of LLM_KEYS) if (ai[key] !== undefined) return true
  return false
}

function isPadding(byte: number): boolean {
  return byte === 0x00 || byte === 0x20 || byte === 0x0d || byte === 0x09 || byte === 0x0a
}
