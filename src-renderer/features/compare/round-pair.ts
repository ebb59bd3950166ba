import type { ComparedReply, Message, MessagePart, RoundComparison, ToolCall } from '@contract'
import { prettyJson } from '../../lib/json'

/** A message of either, or the same place of both. */
export interface MessagePair {
  readonly role: string
  readonly a: string | null
  readonly b: string | null
}

/** Messages at the same place said by the same role are beside each other; the others stand alone. Pure. */
export function messagePairs({ removed, added }: RoundComparison['messages']): readonly MessagePair[] {
  const pairs: MessagePair[] = []
  for (let index = 0; index < Math.max(removed.length, added.length); index++) {
    const [left, right] = [removed[index], added[index]]
    if (left !== undefined && right !== undefined && left.role === right.role) {
      const [a, b] = [messageText(left), messageText(right)]
      pairs.push({ role: left.role, a, b })
      continue
    }
    if (left !== undefined) pairs.push({ role: left.role, a: messageText(left), b: null })
    if (right !== undefined) pairs.push({ role: right.role, a: null, b: messageText(right) })
  }
  return pairs
}

export const messageText = (message: Message): string => message.parts.map(partText).join('\n')

function partText(part: MessagePart): string {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
      return part.text
    case 'tool_result':
      return prettyJson(part.text) ?? part.text
    case 'tool_call':
      return callText(part.call)
    case 'image':
      return `[${part.remoteUrl ?? 'image'}]`
    case 'other':
      return part.json
  }
}

export interface CallPair {
  readonly name: string
  readonly a: string | null
  readonly b: string | null
}

/** Calls of one tool beside each other, in their order; those of a tool that only one calls stand alone. Pure. */
export function callPairs(a: ComparedReply | null, b: ComparedReply | null): readonly CallPair[] {
  if (typeof a?.toolCallsText === 'string' || typeof b?.toolCallsText === 'string') {
    return [{ name: '', a: callsText(a), b: callsText(b) }]
  }
  const left = [...(b?.toolCalls ?? [])]
  const pairs: CallPair[] = []
  for (const call of a?.toolCalls ?? []) {
    const at = left.findIndex(({ name }) => name === call.name)
    const [match] = at < 0 ? [] : left.splice(at, 1)
    pairs.push({ name: call.name, a: argumentsText(call), b: match === undefined ? null : argumentsText(match) })
  }
  for (const call of left) pairs.push({ name: call.name, a: null, b: argumentsText(call) })
  return pairs
}

const argumentsText = (call: ToolCall): string => prettyJson(call.arguments) ?? call.arguments
const callText = (call: ToolCall): string => `${call.name} ${argumentsText(call)}`
const callsText = (reply: ComparedReply | null): string | null => {
  const calls = reply?.toolCalls ?? []
  return reply?.toolCallsText ?? (calls.length === 0 ? null : calls.map(callText).join('\n'))
}

/** The names in a logged list of tools, in OpenAI's, Anthropic's or Gemini's shape; null when it is no such list. */
export function toolNames(value: string | null): readonly string[] | null {
  if (value === null || !value.trim().startsWith('[')) return null
  try {
    const list = JSON.parse(value) as readonly {
      readonly name?: unknown
      readonly function?: { readonly name?: unknown }
    }[]
    const names = list.map((tool) => (typeof tool === 'string' ? tool : (tool.function?.name ?? tool.name)))
    return names.length > 0 && names.every((name) => typeof name === 'string') ? names : null
  } catch {
    return null
  }
}
