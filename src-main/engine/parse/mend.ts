import { isObject, parseJson, type Json, type JsonObject } from '../base/json'

/**
 * Reads a gateway's line that is not JSON because of what a client or an upstream put into a field. Higress' default
 * format is a text that looks like JSON: Envoy writes header values into it as they are, quotes, backslashes and control
 * characters included (envoy#4191, higress#1649); a details object logged as a field of its own is not escaped either
 * (higress, ai-statistics, as_separate_log_field). `ai_log` itself is escaped by the plugin, and so is whole.
 */
export function mendLine(line: string): JsonObject | null {
  if (!line.startsWith('{') || !line.endsWith('}')) return null
  const log = findLog(line)
  if (log === null) return null
  const fields: Record<string, Json> = { ai_log: log.value }
  const seen = new Set<string>(['ai_log'])
  for (const { name, value } of [...readFields(line, 1, log.start), ...readFields(line, log.end, line.length - 1)]) {
    // A field that is there twice may be a client's invention: neither is believed.
    if (seen.has(name)) {
      if (name !== 'ai_log') Reflect.deleteProperty(fields, name)
    } else {
      seen.add(name)
      fields[name] = value
    }
  }
  return fields
}

/** Fields whose names are looked for: the default format's, and the plugin's where they are logged as fields of their own. */
const NAMES = new Set(
  (
    'authority bytes_received bytes_sent downstream_local_address downstream_remote_address duration ' +
    'istio_policy_status method path protocol request_id requested_server_name response_code response_flags route_name ' +
    'start_time timestamp trace_id upstream_cluster upstream_host upstream_local_address upstream_service_time ' +
    'upstream_transport_failure_reason user_agent x_forwarded_for response_code_details ' +
    'session_id consumer model question answer reasoning messages tool_calls input_token output_token total_token ' +
    'reasoning_tokens cached_tokens input_token_details output_token_details chat_id chat_round response_type api ' +
    'llm_first_token_duration llm_service_duration'
  ).split(' '),
)

const LOG_KEY = /[{,]\s*"ai_log"\s*:\s*/
const FIELD_KEY = /\s*,?\s*"([A-Za-z_][\w.-]*)"\s*:\s*/y
const NEXT_KEY = /"\s*,\s*"([A-Za-z_][\w.-]*)"\s*:/g
const BARE_VALUE = /(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*(?:,|$))/y

/** The value of `ai_log`, and where it stands in the line with its name. */
function findLog(line: string): { readonly value: Json; readonly start: number; readonly end: number } | null {
  const key = LOG_KEY.exec(line)
  if (key === null) return null
  const start = key.index + key[0].length
  if (line[start] === '"') {
    const end = stringEnd(line, start)
    const value = end === null ? undefined : parseJson(line.slice(start, end))
    return typeof value !== 'string' || end === null ? null : { value, start: key.index, end }
  }
  const end = line[start] === '{' ? objectEnd(line, start) : null
  const value = end === null ? undefined : parseJson(line.slice(start, end))
  return end === null || !isObject(value) ? null : { value, start: key.index, end }
}

/** The fields between two places of a line, as far as they can be told apart. */
function* readFields(
  line: string,
  from: number,
  to: number,
): Generator<{ readonly name: string; readonly value: Json }> {
  const text = line.slice(from, to)
  let at = 0
  while (at < text.length) {
    FIELD_KEY.lastIndex = at
    const key = FIELD_KEY.exec(text)
    if (key?.[1] === undefined) return
    const start = at + key[0].length
    const { value, end } = readValue(text, start)
    if (value !== undefined) yield { name: key[1], value }
    at = end
  }
}

/** A value from `start` on, and where it ends. Undefined where it can't be told where it does. */
function readValue(text: string, start: number): { readonly value: Json | undefined; readonly end: number } {
  if (text[start] !== '"') {
    if (text[start] === '{') {
      const end = objectEnd(text, start)
      return { value: end === null ? undefined : parseJson(text.slice(start, end)), end: end ?? text.length }
    }
    BARE_VALUE.lastIndex = start
    const bare = BARE_VALUE.exec(text)
    return bare === null
      ? { value: undefined, end: text.length }
      : { value: parseJson(bare[0]), end: start + bare[0].length }
  }
  const end = stringEnd(text, start)
  if (end !== null && endsField(text, end)) return { value: readString(text.slice(start, end)), end }
  // An object that was written into the quotes as it is.
  if (text[start + 1] === '{') {
    const close = objectEnd(text, start + 1)
    const value = close === null || text[close] !== '"' ? undefined : parseJson(text.slice(start + 1, close))
    if (close !== null && isObject(value) && endsField(text, close + 1)) return { value, end: close + 1 }
  }
  return readBrokenString(text, start)
}

/** A text with quotes of its own: it ends before the next known field, or with the line. */
function readBrokenString(text: string, start: number): { readonly value: Json; readonly end: number } {
  NEXT_KEY.lastIndex = start + 1
  for (let next = NEXT_KEY.exec(text); next !== null; next = NEXT_KEY.exec(text)) {
    if (next[1] === undefined || !NAMES.has(next[1])) continue
    return { value: readString(text.slice(start, next.index + 1)), end: next.index + 1 }
  }
  return { value: readString(text.slice(start).trimEnd()), end: text.length }
}

/** The text between the quotes: unescaped where it is JSON, as it stands where it is not. */
function readString(quoted: string): string {
  const value = parseJson(escapeControls(quoted))
  if (typeof value === 'string') return value
  return quoted.slice(1, quoted.endsWith('"') && quoted.length > 1 ? -1 : undefined)
}

function endsField(text: string, end: number): boolean {
  return /^\s*(?:$|,\s*"[A-Za-z_][\w.-]*"\s*:)/.test(text.slice(end, end + 128))
}

/** Place after the quote that ends the string that starts at `start`; null when none does. */
function stringEnd(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return null
}

/** Place after the bracket that closes the object that starts at `start`; null when none does. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text[at]
    if (char === '"') {
      const end = stringEnd(text, at)
      if (end === null) return null
      at = end - 1
    } else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return null
}

const CONTROLS = /[\u0000-\u001f]/g

function escapeControls(text: string): string {
  return text.replace(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
