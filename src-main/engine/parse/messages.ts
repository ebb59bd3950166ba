import type { LoggedText, Message, MessagePart, ToolCall } from '../../contract/index'
import { isArray, isObject, type Json, type JsonObject } from '../base/json'
import { TRUNCATION_MARK } from './request'

/** Marks whether the gateway cut the text. */
export function loggedText(text: string): LoggedText {
  return { text, truncated: text.includes(TRUNCATION_MARK) }
}

/**
 * Brings one logged message to a single form. Shapes: OpenAI chat (content string or parts, tool_calls, role "tool"
 * with tool_call_id), Anthropic messages (content blocks text, thinking, image, tool_use, tool_result), Gemini contents
 * (parts with text, functionCall, functionResponse, inlineData). What is none of these is shown as its JSON.
 */
export function readMessage(value: Json): Message {
  if (!isObject(value)) return { role: 'unknown', name: null, parts: [readPart(value)] }
  const role = text(value.role) ?? 'unknown'
  const content = value.content ?? value.parts
  const parts: MessagePart[] = []
  const thinking = text(value.reasoning_content) ?? text(value.reasoning)
  if (thinking !== null) parts.push({ kind: 'reasoning', ...loggedText(thinking) })
  if (role === 'tool' || role === 'function') parts.push(toolResult(text(value.tool_call_id), content, false))
  else if (isArray(content)) for (const part of content) parts.push(readPart(part))
  else if (content !== null && content !== undefined && content !== '') parts.push(readPart(content))
  if (isArray(value.tool_calls)) for (const call of value.tool_calls) parts.push(toolCallPart(readToolCall(call)))
  if (isObject(value.function_call)) parts.push(toolCallPart(readToolCall({ function: value.function_call })))
  const refusal = text(value.refusal)
  if (refusal !== null) parts.push({ kind: 'text', ...loggedText(refusal) })
  return { role, name: text(value.name), parts }
}

/** One call of a tool, in OpenAI's shape (`function.arguments` is JSON text) or Anthropic's (`input` is an object). */
export function readToolCall(value: Json): ToolCall {
  if (!isObject(value)) return { id: null, name: 'unknown', arguments: asText(value), truncated: false }
  const fn = isObject(value.function) ? value.function : value
  const args = fn.arguments ?? fn.input ?? fn.args
  const argumentsText = args === undefined || args === null ? '' : asText(args)
  return {
    id: text(value.id),
    name: text(fn.name) ?? 'unknown',
    arguments: argumentsText,
    truncated: argumentsText.includes(TRUNCATION_MARK),
  }
}

function toolCallPart(call: ToolCall): MessagePart {
  return { kind: 'tool_call', call }
}

function readPart(value: Json): MessagePart {
  if (typeof value === 'string') return { kind: 'text', ...loggedText(value) }
  if (!isObject(value)) return other(value)
  switch (value.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      if (typeof value.text === 'string') return { kind: 'text', ...loggedText(value.text) }
      break
    case 'thinking':
      if (typeof value.thinking === 'string') return { kind: 'reasoning', ...loggedText(value.thinking) }
      break
    case 'image_url':
      return image(isObject(value.image_url) ? value.image_url.url : value.image_url) ?? other(value)
    case 'input_image':
      return image(value.image_url) ?? other(value)
    case 'image':
      return anthropicImage(value.source) ?? other(value)
    case 'tool_use':
      return toolCallPart(readToolCall(value))
    case 'tool_result':
      return toolResult(text(value.tool_use_id), value.content, value.is_error === true)
    case undefined:
      return geminiPart(value) ?? other(value)
    default:
      break
  }
  return other(value)
}

function geminiPart(value: JsonObject): MessagePart | null {
  if (typeof value.text === 'string') return { kind: 'text', ...loggedText(value.text) }
  if (isObject(value.functionCall)) return toolCallPart(readToolCall(value.functionCall))
  if (isObject(value.functionResponse)) {
    return toolResult(text(value.functionResponse.id), value.functionResponse.response, false)
  }
  const inline = value.inlineData ?? value.inline_data
  if (isObject(inline)) {
    return image(`data:${text(inline.mimeType ?? inline.mime_type) ?? ''};base64,${text(inline.data) ?? ''}`)
  }
  return null
}

function toolResult(callId: string | null, content: Json | undefined, isError: boolean): MessagePart {
  const result = isArray(content)
    ? content.map(partText).join('\n')
    : content === undefined || content === null
      ? ''
      : asText(content)
  return { kind: 'tool_result', callId, isError, ...loggedText(result) }
}

function partText(part: Json): string {
  return isObject(part) && typeof part.text === 'string' ? part.text : asText(part)
}

/** Only these are shown as pictures: an SVG can carry script, and a remote address would be a request to outside. */
const SHOWN_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]*$/

function image(url: Json | undefined): MessagePart | null {
  if (typeof url !== 'string') return null
  if (SHOWN_IMAGE.test(url)) return { kind: 'image', dataUrl: url, remoteUrl: null }
  return { kind: 'image', dataUrl: null, remoteUrl: url.startsWith('data:') ? `${url.slice(0, 40)}…` : url }
}

function anthropicImage(source: Json | undefined): MessagePart | null {
  if (!isObject(source)) return null
  if (source.type === 'base64') return image(`data:${text(source.media_type) ?? ''};base64,${text(source.data) ?? ''}`)
  return image(source.url)
}

function other(value: Json): MessagePart {
  return { kind: 'other', json: JSON.stringify(value, null, 2) }
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
