import type { Json, JsonObject } from '../../base/json'
import { readText, type IndexFields } from '../../parse/index-fields'
import { readAnswer, type Answer } from './answers'
import type { SentBytes } from './conversation-memory'

/** A request without a session id. */
export interface UnnamedRequest {
  readonly seq: number
  readonly hash: string
  /** ms since the epoch. */
  readonly time: number
  readonly consumer: string | null
  readonly chatId: string | null
  /** It ended in an error or was cut off. */
  readonly failed: boolean
  readonly answer: Answer
  /** Its messages in the line's bytes; null when they could not be delimited. */
  readonly sent: SentBytes | null
  /** How many messages it sends, and the last of them, after those that were skipped. */
  readonly messages: number
  readonly fresh: readonly Json[]
}

type Place = Pick<UnnamedRequest, 'seq' | 'hash' | 'time' | 'sent' | 'messages' | 'fresh'>

/** Reads the facts that identify a request's conversation from an `ai_log`. */
export function readUnnamed(ai: JsonObject, fields: IndexFields, place: Place): UnnamedRequest {
  return {
    ...place,
    consumer: fields.consumer,
    chatId: readText(ai.chat_id),
    failed: fields.status !== 'ok',
    answer: readAnswer(ai),
  }
}
