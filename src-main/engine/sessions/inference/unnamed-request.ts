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
  /** It ended in an error, or was cut off. */
  readonly failed: boolean
  readonly answer: Answer
  /** Its messages in the line's bytes; null when they were not told apart there. */
  readonly sent: SentBytes | null
  /** How many it sends, and the last of them: those after the ones that were passed over. */
  readonly messages: number
  readonly fresh: readonly Json[]
}

type Place = Pick<UnnamedRequest, 'seq' | 'hash' | 'time' | 'sent' | 'messages' | 'fresh'>

/** Reads from an `ai_log` what tells a request's conversation. */
export function readUnnamed(ai: JsonObject, fields: IndexFields, place: Place): UnnamedRequest {
  return {
    ...place,
    consumer: fields.consumer,
    chatId: readText(ai.chat_id),
    failed: fields.status !== 'ok',
    answer: readAnswer(ai),
  }
}
