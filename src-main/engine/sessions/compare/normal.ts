import { hash } from 'node:crypto'
import { isArray, isObject, MAX_DEPTH, nestsDeeper, parseJson, type Json, type JsonObject } from '../../base/json'

/**
 * Normalises messages and tool calls, so that equal content has equal text: keys are sorted, null and absent are the
 * same, a call's arguments are parsed JSON, and ids that providers make up per run are removed. Pure.
 */
export function normalMessage(value: Json): string {
  if (!isObject(value)) return canonical(value)
  const { id: _id, tool_call_id: _callId, tool_calls: calls, ...rest } = value
  const message: Record<string, Json | undefined> = { ...rest }
  if (isArray(calls) && calls.length > 0) message.tool_calls = calls.map(withoutIds)
  for (const key of ['content', 'parts'] as const) {
    const content = message[key]
    if (isArray(content)) message[key] = content.map(withoutIds)
  }
  return canonical(message)
}

export function normalCall(value: Json): string {
  return canonical(withoutIds(value))
}

/** A part of a message, or a tool call. */
function withoutIds(value: Json): Json {
  if (!isObject(value)) return value
  const { id: _id, tool_use_id: _useId, tool_call_id: _callId, call_id: _call, index: _index, ...rest } = value
  const part: Record<string, Json | undefined> = { ...rest }
  for (const key of ['function', 'functionCall', 'functionResponse'] as const) {
    const inner = part[key]
    if (isObject(inner)) part[key] = withParsedArguments(inner)
  }
  return withParsedArguments(part)
}

function withParsedArguments({ id: _id, ...call }: JsonObject): JsonObject {
  if (typeof call.arguments !== 'string') return call
  const parsed = parseJson(call.arguments)
  return parsed === undefined || nestsDeeper(parsed, MAX_DEPTH - 10) ? call : { ...call, arguments: parsed }
}

/** JSON text that is the same for equal values. */
export function canonical(value: Json): string {
  if (!nestsDeeper(value, MAX_DEPTH)) return spell(value)
  // Deeper than anything realistic: compared by its text, whatever the order of its keys, or not at all.
  try {
    return JSON.stringify(value)
  } catch {
    return 'deep'
  }
}

function spell(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(spell).join(',')}]`
  const object: JsonObject = value
  const fields: string[] = []
  for (const key of Object.keys(object).sort()) {
    const inner = object[key]
    if (inner !== undefined && inner !== null) fields.push(`${JSON.stringify(key)}:${spell(inner)}`)
  }
  return `{${fields.join(',')}}`
}

/** 96 bits of a text's hash; the probability that two of a billion texts collide is below 1e-10. */
export function digest(text: string): string {
  return hash('sha1', text, 'base64').slice(0, 16)
}
