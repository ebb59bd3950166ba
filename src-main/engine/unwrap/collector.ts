import { isArray, isObject, type Json, type JsonObject } from '../base/json'
import { gatewayLine } from './gateway-fields'
import type { Inner, Part } from './wrapper'

/** Levels of a record in which a gateway's line is looked for. */
const MAX_LEVELS = 8

/** Where collectors keep the text they collected, the more usual first. */
const TEXT_KEYS = [
  'log',
  'message',
  'MESSAGE',
  'line',
  'content',
  'textPayload',
  'msg',
  '_raw',
  '@message',
  'LogMessage',
  'LogEntry',
  'body',
  'Body',
  'text',
  'original',
]

/** Where they keep the time, as text or as a Unix time. */
const TIME_KEYS = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'date',
  '_time',
  '__time__',
  'timeUnixNano',
  'TimeGenerated',
  'ingestionTime',
  'receiveTimestamp',
]

/**
 * A record of a collector or an export: Fluent Bit, Fluentd, Vector, Filebeat, Logstash, Alibaba SLS, Loki, Google,
 * CloudWatch, FireLens, OpenTelemetry, Splunk, Azure and others of their kind. They differ in names and nesting only, so the gateway's line
 * is looked for by what it is: an object with `ai_log`, or a text that holds one. Empty when there is none.
 */
export function collectedLines(record: JsonObject): readonly Inner[] {
  const found: Inner[] = []
  search(record, { time: null, source: '' }, MAX_LEVELS, found)
  return found
}

interface Place {
  readonly time: Json
  readonly source: string
}

/** Whether anything was found in `value`. */
function search(value: Json, place: Place, levels: number, found: Inner[]): boolean {
  if (typeof value === 'string') return searchText(value, place, found)
  if (typeof value !== 'object' || value === null || levels === 0) return false
  if (isArray(value)) return searchList(value, place, levels, found)
  if (!isObject(value)) return false
  const here: Place = { time: timeOf(value) ?? place.time, source: sourceOf(value) || place.source }
  if (value.ai_log !== undefined) {
    found.push({ text: gatewayLine(value), ...here, part: 'end', wrapper: 'collector' })
    return true
  }
  // A text that is kept twice (Logstash: message and event.original) is one line.
  for (const key of TEXT_KEYS) {
    const text = value[key]
    if (text !== undefined && search(text, here, levels - 1, found)) return true
  }
  for (const key in value) {
    const inner = value[key]
    if (inner !== undefined && !TEXT_KEYS.includes(key) && search(inner, here, levels - 1, found)) return true
  }
  return false
}

/** All of a list's entries are lines of their own; Loki's pairs are `["nanoseconds", "line"]`. */
function searchList(list: readonly Json[], place: Place, levels: number, found: Inner[]): boolean {
  const [time, line] = list
  if (list.length === 2 && typeof line === 'string' && typeof time === 'string' && /^\d{10,19}$/.test(time))
    return searchText(line, { ...place, time }, found)
  let any = false
  for (const entry of list) any = search(entry, place, levels - 1, found) || any
  return any
}

function searchText(text: string, place: Place, found: Inner[]): boolean {
  if (!text.includes('ai_log')) return false
  found.push({ text: Buffer.from(text), ...place, part: 'end', wrapper: 'collector' })
  return true
}

/** A piece of a line that the runtime cut and the collector marked as such; null for any other record. */
export function collectedPiece(record: JsonObject): Inner | null {
  const part = partOf(record)
  if (part === null) return null
  for (const key of ['log', 'message', 'MESSAGE', 'content', 'line']) {
    const text = record[key]
    if (typeof text !== 'string') continue
    return { text: Buffer.from(text), time: timeOf(record), source: sourceOf(record), part, wrapper: 'collector' }
  }
  return null
}

/**
 * How a collector marks pieces of a line that the runtime cut: `logtag` P or F (Fluent Bit's cri parser), or
 * `partial_message` and `partial_last` (Docker's fluentd driver, FireLens). Null where it says nothing of it.
 */
function partOf(record: JsonObject): Part | null {
  const { logtag, partial_message: partial, partial_last: last } = record
  if (logtag === 'P') return 'more'
  if (logtag === 'F') return 'end'
  if (partial === 'true' || partial === true) return last === 'true' || last === true ? 'end' : 'more'
  return null
}

function timeOf(record: JsonObject): Json {
  for (const key of TIME_KEYS) {
    const time = record[key]
    if (typeof time === 'string' || typeof time === 'number') return time
  }
  return null
}

/** What tells containers and streams apart whose pieces come in turns. */
function sourceOf(record: JsonObject): string {
  const { kubernetes, stream, container_id: id, partial_id: piece, file } = record
  const pod = isObject(kubernetes) ? [kubernetes.pod_name, kubernetes.container_name] : []
  return [piece, id, ...pod, file, stream].filter((name) => typeof name === 'string').join(' ')
}
