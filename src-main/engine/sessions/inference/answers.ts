import { hash } from 'node:crypto'
import { isArray, isObject, parseJson, type Json, type JsonObject } from '../../base/json'
import { readContent } from '../../parse/index-fields'
import { TRUNCATION_MARK } from '../../parse/request'

/**
 * The logged answer to a request: its text and the ids of its tool calls. The next request of the conversation sends it
 * back as an assistant message, which distinguishes conversations that began alike.
 */
export interface Answer {
  /** Without surrounding white space; empty when none was logged. */
  readonly text: string
  readonly callIds: readonly string[]
}

/** Longer answers are compared by their beginning. */
const ANSWER_CHARS = 4000
/** A shorter text within another one proves nothing. */
const PIECE_CHARS = 16

/** Reads the answer from an `ai_log`. Tool calls may be an array or its JSON text. */
export function readAnswer(ai: JsonObject): Answer {
  const text = readContent(ai.answer) ?? ''
  return { text: text.slice(0, ANSWER_CHARS).trim(), callIds: callIdsOf(listOf(ai.tool_calls)) }
}

/** What an assistant message says, in the same form; null for messages of others. */
export function assistantSays(message: Json): Answer | null {
  if (!isObject(message) || (message.role !== 'assistant' && message.role !== 'model')) return null
  const content = message.content ?? message.parts
  const parts = isArray(content) ? content : []
  const text = typeof content === 'string' ? content : parts.map(textOf).join('')
  return {
    text: text.slice(0, ANSWER_CHARS).trim(),
    callIds: callIdsOf([...listOf(message.tool_calls), ...parts.filter(isCall)]),
  }
}

/** Whether `said` is the answer `logged`; null when the log does not tell. */
export function isAnswer(said: Answer, logged: Answer): boolean | null {
  if (logged.callIds.length > 0 && said.callIds.length > 0)
    return said.callIds.some((id) => logged.callIds.includes(id))
  if (logged.text === '' || said.text === '') return null
  const cut = logged.text.indexOf(TRUNCATION_MARK)
  if (cut >= 0) return said.text.startsWith(logged.text.slice(0, cut))
  if (said.text === logged.text) return true
  // Agents remove their model's thinking, or put a word before its answer.
  const [shorter, longer] = said.text.length < logged.text.length ? [said.text, logged.text] : [logged.text, said.text]
  return shorter.length >= PIECE_CHARS && longer.includes(shorter)
}

/** Digest of a message. An assistant message has the same digest as the logged answer (digestOfAnswer). */
export function digestOf(message: Json): string {
  const said = assistantSays(message)
  return (said === null ? null : digestOfAnswer(said)) ?? hash('sha1', JSON.stringify(message)).slice(0, 16)
}

/** Null for an empty answer. */
export function digestOfAnswer({ text, callIds }: Answer): string | null {
  if (text === '' && callIds.length === 0) return null
  return hash('sha1', callIds.length > 0 ? `calls ${[...callIds].sort().join(' ')}` : `says ${text}`).slice(0, 16)
}

export function isSystem(message: Json | undefined): boolean {
  return isObject(message) && (message.role === 'system' || message.role === 'developer')
}

function listOf(value: Json | undefined): readonly Json[] {
  if (isArray(value)) return value
  if (typeof value !== 'string' || !value.startsWith('[')) return []
  const parsed = parseJson(value)
  return isArray(parsed) ? parsed : []
}

function callIdsOf(calls: readonly Json[]): string[] {
  return calls.flatMap((call) => (isObject(call) && typeof call.id === 'string' && call.id !== '' ? [call.id] : []))
}

function isCall(part: Json): boolean {
  return isObject(part) && part.type === 'tool_use'
}

function textOf(part: Json): string {
  return isObject(part) && typeof part.text === 'string' ? part.text : ''
}
