import type { SessionIndex } from '../../index/tables/session-index'
import { latestInferred } from '../../index/queries/inference'
import { readIndexFields } from '../../parse/index-fields'
import type { Conversations } from '../conversations'
import type { SessionInference } from './inference'
import { readUnnamed } from './unnamed-request'

/** Conversations that can be continued after a restart. */
const RESTORED_CONVERSATIONS = 300

/** Restores the conversations that were open last, with their latest messages from the archive. */
export function restoreConversations(
  inference: SessionInference,
  index: SessionIndex,
  conversations: Conversations,
): SessionInference {
  for (const { seq, root, openingMessages } of latestInferred(index, RESTORED_CONVERSATIONS)) {
    try {
      const { outer, ai, hash, time } = conversations.request(seq)
      const told = conversations.messages(seq)
      if (told !== null && told.lostMessages > 0) continue
      const text = told === null ? null : conversations.messagesText(seq)
      const fresh = told?.messages ?? []
      const sent = text === null ? null : { line: text, start: 0, bytes: text.length - 1 }
      const fields = readIndexFields(outer, ai)
      const request = readUnnamed(ai, fields, { seq, hash, time, sent, messages: fresh.length, fresh })
      inference.restore(request, root, openingMessages)
    } catch {
      // A damaged block: its conversation cannot be continued.
    }
  }
  return inference
}
