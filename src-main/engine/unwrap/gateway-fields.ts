import { isArray, isObject, type Json, type JsonObject } from '../base/json'

/**
 * Fields of Higress' default access-log format, in its order. Source: higress, helm/core/templates/configmap.yaml,
 * accessLogFormat.
 */
export const GATEWAY_FIELDS: readonly string[] = (
  'ai_log authority bytes_received bytes_sent downstream_local_address downstream_remote_address duration ' +
  'istio_policy_status method path protocol request_id requested_server_name response_code response_flags route_name ' +
  'start_time trace_id upstream_cluster upstream_host upstream_local_address upstream_service_time ' +
  'upstream_transport_failure_reason user_agent x_forwarded_for response_code_details'
).split(' ')

const GATEWAY_FIELD_SET = new Set(GATEWAY_FIELDS)

/** Fields that collectors put beside the fields of a line they took apart. `timestamp` may be the gateway's own. */
const COLLECTOR_FIELDS = new Set(
  (
    '@timestamp @version @metadata _p _time agent cluster container container_id container_name data_stream date ecs ' +
    'event file filename fluent fluentbit host hostname input insertId kubernetes labels level log logName logtag ' +
    'message namespace node offset pod pod_name resource severity source source_type stream tag tags time'
  ).split(' '),
)

/** Whether a field of a gateway's line was put there by a collector. */
export function isCollectorField(name: string, line: JsonObject): boolean {
  if (name === 'timestamp') return line.start_time !== undefined
  return COLLECTOR_FIELDS.has(name) || (name.startsWith('__') && name.length > 4)
}

/** Whether a line that holds `ai_log` also holds fields of a collector. */
export function hasCollectorFields(line: JsonObject): boolean {
  for (const name in line) if (!GATEWAY_FIELD_SET.has(name) && isCollectorField(name, line)) return true
  return false
}

/**
 * The line as the gateway writes it, of fields that a collector took apart: the gateway's own fields in their order, then
 * what else the operator logs. So a request is the same one whichever way it came.
 */
export function gatewayLine(fields: JsonObject): Buffer {
  const line: Record<string, Json | undefined> = {}
  for (const name of GATEWAY_FIELDS) if (fields[name] !== undefined) line[name] = fields[name]
  for (const name in fields) {
    if (!GATEWAY_FIELD_SET.has(name) && !isCollectorField(name, fields)) line[name] = fields[name]
  }
  const { ai_log: log } = fields
  if (isObject(log)) line.ai_log = goJson(log)
  return Buffer.from(JSON.stringify(line))
}

const HTML = /[<>&\u2028\u2029]/g

/** JSON as Go's encoding/json writes a map: keys sorted, and characters that mean something in HTML escaped. */
function goJson(value: Json): string {
  return JSON.stringify(sorted(value)).replace(HTML, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function sorted(value: Json): Json {
  if (isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}
