import { isArray, isObject, MAX_DEPTH, nestsDeeper, parseJson, type Json, type JsonObject } from '../base/json'
import { readContent } from './index-fields'

/** A tool's part in a request: what the model called, and what the tool had answered to the calls before. Bytes are UTF-8. */
export interface ToolUse {
  readonly name: string
  calls: number
  argumentBytes: number
  results: number
  resultBytes: number
}

const NONE: readonly ToolUse[] = []

/**
 * The tools of a request, sorted by name. Calls are those of its response (`tool_calls`). Results are at the end of its
 * messages, after the assistant message that called for them, which says their tools' names. `fresh`: the messages that
 * no earlier request of the session sent.
 */
export function readTools(ai: JsonObject, fresh: readonly Json[]): readonly ToolUse[] {
  const last = fresh.at(-1)
  if (ai.tool_calls === undefined && !isObject(last)) return NONE
  const uses = new Map<string, ToolUse>()
  const of = (name: string): ToolUse => {
    const use = uses.get(name) ?? { name, calls: 0, argumentBytes: 0, results: 0, resultBytes: 0 }
    uses.set(name, use)
    return use
  }
  for (const call of callsOf(ai.tool_calls)) {
    const { name, args } = readCall(call)
    const use = of(name)
    use.calls += 1
    use.argumentBytes += bytesOf(args)
  }
  readResults(fresh, of)
  return uses.size === 0 ? NONE : [...uses.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function readResults(fresh: readonly Json[], of: (name: string) => ToolUse): void {
  const results: { readonly id: string; readonly bytes: number }[] = []
  for (let at = fresh.length - 1; at >= 0; at -= 1) {
    const message = fresh[at]
    if (!isObject(message)) return
    if (message.role === 'assistant' || message.role === 'model') {
      if (results.length > 0) name(message, results, of)
      return
    }
    if (message.role === 'tool' && typeof message.tool_call_id === 'string')
      results.push({ id: message.tool_call_id, bytes: bytesOf(message.content) })
    else if (isArray(message.content)) {
      for (const part of message.content)
        if (isObject(part) && part.type === 'tool_result' && typeof part.tool_use_id === 'string')
          results.push({ id: part.tool_use_id, bytes: bytesOf(part.content) })
    }
  }
}

/** Gives results to the tools whose calls' ids they carry. */
function name(
  assistant: JsonObject,
  results: readonly { readonly id: string; readonly bytes: number }[],
  of: (name: string) => ToolUse,
): void {
  const names = new Map<Json | undefined, string>()
  const parts = isArray(assistant.content) ? assistant.content : []
  for (const call of [...callsOf(assistant.tool_calls), ...parts])
    if (isObject(call) && call.type !== 'text') names.set(call.id, readCall(call).name)
  for (const { id, bytes } of results) {
    const use = of(names.get(id) ?? 'unknown')
    use.results += 1
    use.resultBytes += bytes
  }
}

function callsOf(calls: Json | undefined): readonly Json[] {
  if (isArray(calls)) return calls
  if (typeof calls !== 'string' || !calls.startsWith('[')) return []
  // Cut by the gateway, or nested too deep to be written back, it is text: what it called can't be told.
  const parsed = parseJson(calls)
  return isArray(parsed) && !nestsDeeper(parsed, MAX_DEPTH) ? parsed : []
}

function readCall(call: Json): { readonly name: string; readonly args: Json | undefined } {
  if (!isObject(call)) return { name: 'unknown', args: call }
  const fn = isObject(call.function) ? call.function : call
  const { name: called } = fn
  return {
    name: typeof called === 'string' && called !== '' ? called : 'unknown',
    args: fn.arguments ?? fn.input ?? fn.args,
  }
}

function bytesOf(value: Json | undefined): number {
  const text = readContent(value)
  return text === null ? 0 : Buffer.byteLength(text)
}
