import type { MessagePart, SearchedKind, ToolCall } from '../../contract/index'
import type { RequestRecord } from '../archive/records'
import { isArray, isObject, parseJson, type Json } from '../base/json'
import { readMessage, readToolCall } from '../parse/messages'
import { readText } from '../parse/index-fields'
import { readMessages, readRequest } from '../parse/request'

/** A searchable text of a request. */
export interface SearchableText {
  readonly role: string
  readonly kind: SearchedKind
  readonly text: string
  /**
   * Where the text is from: `message`, the history that was sent, in which the model's messages are answers of earlier
   * rounds; `question`, which the gateway repeats with every request until there is another; `answer`; `name`, an id
   * that also belongs to other requests.
   */
  readonly by: 'message' | 'question' | 'answer' | 'name'
  /** It is another spelling of the previous text. */
  readonly isSpelling?: boolean
}

type Text = Omit<SearchableText, 'by'>

/** Every text that the request added: new messages, question, answer, reasoning, tool calls, and ids. */
export function* textsOf(record: RequestRecord): Generator<SearchableText> {
  for (const value of record.messages ?? []) {
    const message = readMessage(value)
    for (const part of message.parts) {
      for (const text of textsOfPart(message.role, part)) yield { ...text, by: 'message' }
    }
  }
  const request = readRequest(record.outer, record.ai)
  const logged = readMessages(record.ai)
  if (logged.kind === 'text') yield { role: 'unknown', kind: 'text', text: logged.text, by: 'message' }
  if (request.question !== null) yield { role: 'user', kind: 'text', text: request.question, by: 'question' }
  for (const text of textsOfAnswer(request)) yield { ...text, by: 'answer' }
  for (const id of [
    request.sessionId,
    request.requestId,
    readText(record.ai.chat_id),
    readText(record.outer.trace_id),
  ]) {
    if (id !== null) yield { role: 'id', kind: 'id', text: id, by: 'name' }
  }
}

function* textsOfAnswer(request: ReturnType<typeof readRequest>): Generator<Text> {
  if (request.reasoning !== null) yield { role: 'assistant', kind: 'reasoning', text: request.reasoning }
  if (request.answer !== null) yield { role: 'assistant', kind: 'text', text: request.answer }
  for (const call of request.toolCalls) yield* textsOfCall(readToolCall(call))
  if (request.toolCallsText !== null) yield { role: 'assistant', kind: 'tool_call', text: request.toolCallsText }
}

function* textsOfPart(role: string, part: MessagePart): Generator<Text> {
  switch (part.kind) {
    case 'text':
      yield { role, kind: 'text', text: part.text }
      break
    case 'reasoning':
      yield { role, kind: 'reasoning', text: part.text }
      break
    case 'tool_call':
      yield* textsOfCall(part.call)
      break
    case 'tool_result':
      yield { role: 'tool', kind: 'tool_result', text: part.text }
      break
    case 'image':
      if (part.remoteUrl !== null) yield { role, kind: 'text', text: part.remoteUrl }
      break
    case 'other':
      yield { role, kind: 'text', text: part.json }
      break
  }
}

/** A call as one text, the name before the arguments; also with its strings decoded if they contain escapes. */
function* textsOfCall(call: ToolCall): Generator<Text> {
  yield { role: 'assistant', kind: 'tool_call', text: `${call.name} ${call.arguments}` }
  const spelled = spelledOut(call)
  if (spelled !== null) yield { role: 'assistant', kind: 'tool_call', text: spelled, isSpelling: true }
  if (call.id !== null) yield { role: 'id', kind: 'id', text: call.id }
}

/** The decoded strings of a call's arguments, if some contain escapes; otherwise null. */
export function spelledOut(call: ToolCall): string | null {
  if (!call.arguments.includes('\\')) return null
  const strings = [...stringsIn(parseJson(call.arguments))].filter((text) => /["\\\n\r\t]|[^ -~]/.test(text))
  return strings.length === 0 ? null : strings.join('\n')
}

function* stringsIn(value: Json | undefined): Generator<string> {
  if (typeof value === 'string') yield value
  else if (isArray(value)) for (const item of value) yield* stringsIn(item)
  else if (isObject(value)) for (const item of Object.values(value)) yield* stringsIn(item)
}
