import type { RequestStatus } from '../../contract/index'
import type { Json, JsonObject } from '../base/json'

/**
 * Envoy's response flags that say an answer ended before it was whole, whatever its response code: downstream or
 * upstream connection lost (DC, DR, UC, UR, LR), a timeout (UT, SI, DT) or a protocol error (DPE, UPE). An HTTP/2 client
 * that cancels is DR, DownstreamRemoteReset, in the Envoy that Higress 2.2 builds on. Source: Envoy, "Access log
 * operators", %RESPONSE_FLAGS%.
 */
const CUT_OFF_FLAGS = new Set(['DC', 'DR', 'UC', 'UR', 'LR', 'UT', 'SI', 'DT', 'DPE', 'UPE'])

/**
 * How a request ended, by the gateway's own fields: `error` when its response code is 400 or more or the plugin says
 * "error"; `cut-off` when the answer began and its flags say that it did not end, or no response code was sent at all
 * (Envoy logs 0). Otherwise, and where the log says nothing of it, `ok`.
 */
export function readStatus(outer: JsonObject, ai: JsonObject): RequestStatus {
  const code = readCode(outer.response_code)
  if ((code ?? 0) >= 400 || ai.response_type === 'error') return 'error'
  if (code === 0 || hasCutOffFlag(outer.response_flags)) return 'cut-off'
  return 'ok'
}

function readCode(value: Json | undefined): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : null
}

function hasCutOffFlag(flags: Json | undefined): boolean {
  if (typeof flags !== 'string' || flags === '-' || flags === '') return false
  return flags.split(',').some((flag) => CUT_OFF_FLAGS.has(flag.trim()))
}
