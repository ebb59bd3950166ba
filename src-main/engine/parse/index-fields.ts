import type { RequestStatus } from '../../contract/index'
import { isArray, isObject, type Json, type JsonObject } from '../base/json'
import { readStatus } from './status'
import type { TokenCounts } from './tokens'
import { readUsage, type BilledTokens } from './usage'

/** What the index keeps of a request. */
export interface IndexFields {
  readonly sessionId: string | null
  readonly model: string | null
  readonly consumer: string | null
  readonly route: string | null
  readonly authority: string | null
  readonly question: string | null
  readonly status: RequestStatus
  /** As logged. */
  readonly tokens: TokenCounts
  /** What the counts mean. */
  readonly billed: BilledTokens
  /** Until the first token, streaming requests only; the LLM service's time; the whole request's. All ms. */
  readonly firstTokenMs: number | null
  readonly serviceMs: number | null
  readonly durationMs: number | null
}

/** Reads them from a line's two objects. */
export function readIndexFields(outer: JsonObject, ai: JsonObject): IndexFields {
  const model = readModel(ai)
  const status = readStatus(outer, ai)
  const { tokens, billed } = readUsage(ai, { model, status, path: readText(outer.path) })
  return {
    sessionId: readText(ai.session_id),
    model: displayedModel(model),
    consumer: readText(ai.consumer) ?? readText(outer.consumer),
    route: readText(outer.route_name),
    authority: readText(outer.authority),
    question: readContent(ai.question),
    status,
    tokens,
    billed,
    firstTokenMs: readDuration(ai.llm_first_token_duration),
    serviceMs: readDuration(ai.llm_service_duration),
    durationMs: readDuration(outer.duration),
  }
}

/** What ai-statistics logs where it cannot tell the model: "UNKNOWN" for multipart bodies, else "unknown" (tokenusage.go). */
const NO_MODEL = /^unknown$/i

function readModel(ai: JsonObject): string | null {
  const model = readText(ai.model)
  return model !== null && NO_MODEL.test(model) ? null : model
}

/** Answers of the gateway itself are not a model's: they bear a name that no model has. */
function displayedModel(model: string | null): string | null {
  if (model === 'from-cache') return '(gateway cache)'
  return model === 'from-security-guard' ? '(security guard)' : model
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

/**
 * Where the gateway's plugin is not set to log the question, it is among the messages. `fresh`: those that are archived with
 * the request, so that an index made anew says the same.
 */
export function withQuestion(fields: IndexFields, fresh: readonly Json[]): IndexFields {
  const question = fields.question ?? firstUserText(fresh)
  return question === fields.question ? fields : { ...fields, question }
}

/** What a user said first in these messages; null where no user said a word. Looks at few of them, and at few parts of each. */
function firstUserText(messages: readonly Json[]): string | null {
  for (const message of messages.slice(0, 20)) {
    if (!isObject(message) || message.role !== 'user') continue
    const content = message.content ?? message.parts
    for (const part of isArray(content) ? content.slice(0, 8) : [content]) {
      const said = isObject(part) ? part.text : part
      if (typeof said === 'string' && /\S/.test(said.slice(0, 1000))) return said
    }
  }
  return null
}

/** ms as a number or a string of one; anything negative or unreadable is null. */
function readDuration(value: Json | undefined): number | null {
  const ms = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : null
}
