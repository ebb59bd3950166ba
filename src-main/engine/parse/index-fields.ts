import type { RequestStatus } from '../../contract/index'
import type { Json, JsonObject } from '../json'
import { readStatus } from './status'
import { readTokens, type TokenCounts } from './tokens'

/** What the index keeps of a request. */
export interface IndexFields {
  readonly sessionId: string | null
  readonly model: string | null
  readonly consumer: string | null
  readonly route: string | null
  readonly authority: string | null
  readonly question: string | null
  readonly status: RequestStatus
  readonly tokens: TokenCounts
  /** Until the first token, streaming requests only; the LLM service's time; the whole request's. All ms. */
  readonly firstTokenMs: number | null
  readonly serviceMs: number | null
  readonly durationMs: number | null
}

/** Reads them from a line's two objects. */
export function readIndexFields(outer: JsonObject, ai: JsonObject): IndexFields {
  return {
    sessionId: readText(ai.session_id),
    model: readText(ai.model),
    consumer: readText(ai.consumer) ?? readText(outer.consumer),
    route: readText(outer.route_name),
    authority: readText(outer.authority),
    question: readContent(ai.question),
    status: readStatus(outer, ai),
    tokens: readTokens(ai),
    firstTokenMs: readDuration(ai.llm_first_token_duration),
    serviceMs: readDuration(ai.llm_service_duration),
    durationMs: readDuration(outer.duration),
  }
}

/** A name or id: text, or a number written as one. Empty and "-" (the gateway's "nothing") are null. */
export function readText(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null
}

/** Something said: text as it is, another shape as its JSON. Empty is null. */
export function readContent(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** ms as a number or a string of one; anything negative or unreadable is null. */
function readDuration(value: Json | undefined): number | null {
  const ms = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : null
}
