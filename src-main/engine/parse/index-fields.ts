import type { Json, JsonObject } from '../json'
import { readTokens, type TokenCounts } from './tokens'

/** What the index keeps of a request. */
export interface IndexFields {
  readonly sessionId: string | null
  readonly model: string | null
  readonly consumer: string | null
  readonly question: string | null
  readonly tokens: TokenCounts
}

/** Reads them from a line's two objects. */
export function readIndexFields(outer: JsonObject, ai: JsonObject): IndexFields {
  return {
    sessionId: readText(ai.session_id),
    model: readText(ai.model),
    consumer: readText(ai.consumer) ?? readText(outer.consumer),
    question: readContent(ai.question),
    tokens: readTokens(ai),
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
