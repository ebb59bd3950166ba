import { describe, expect, it } from 'vitest'
import { readMessage, readToolCall } from '../../../../src-main/engine/parse/messages'

describe('a message', () => {
  it('of plain text', () => {
    expect(readMessage({ role: 'user', content: '你好' })).toEqual({
      role: 'user',
      name: null,
      parts: [{ kind: 'text', text: '你好', truncated: false }],
    })
  })

  it('without content has no parts', () => {
    expect(readMessage({ role: 'assistant', content: null }).parts).toEqual([])
  })

  it("with OpenAI's tool calls and their result", () => {
    const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Beijing"}' } }
    expect(readMessage({ role: 'assistant', content: '', tool_calls: [call] }).parts).toEqual([
      { kind: 'tool_call', call: { id: 'c1', name: 'get_weather', arguments: '{"city":"Beijing"}', truncated: false } },
    ])
    expect(readMessage({ role: 'tool', tool_call_id: 'c1', content: '15°C' }).parts).toEqual([
      { kind: 'tool_result', callId: 'c1', isError: false, text: '15°C', truncated: false },
    ])
  })

  it("with Anthropic's blocks", () => {
    const message = {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 't1', name: 'read', input: { path: '/etc/hosts' } },
      ],
    }
    expect(readMessage(message).parts).toEqual([
      { kind: 'reasoning', text: 'Hm.', truncated: false },
      { kind: 'text', text: 'Let me look.', truncated: false },
      { kind: 'tool_call', call: { id: 't1', name: 'read', arguments: '{"path":"/etc/hosts"}', truncated: false } },
    ])
    const result = {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', is_error: true, content: [{ type: 'text', text: 'No such file' }] },
      ],
    }
    expect(readMessage(result).parts).toEqual([
      { kind: 'tool_result', callId: 't1', isError: true, text: 'No such file', truncated: false },
    ])
  })

  it("with Gemini's parts", () => {
    const message = { role: 'model', parts: [{ text: 'Hi' }, { functionCall: { name: 'f', args: { a: 1 } } }] }
    expect(readMessage(message).parts).toEqual([
      { kind: 'text', text: 'Hi', truncated: false },
      { kind: 'tool_call', call: { id: null, name: 'f', arguments: '{"a":1}', truncated: false } },
    ])
  })

  it('shows a picture of a data URL, and never one from elsewhere or one that can hold script', () => {
    const image = (url: string) =>
      readMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }).parts[0]
    expect(image('data:image/png;base64,iVBORw0KGgo=')).toEqual({
      kind: 'image',
      dataUrl: 'data:image/png;base64,iVBORw0KGgo=',
      remoteUrl: null,
    })
    expect(image('https://example.com/a.png')).toEqual({
      kind: 'image',
      dataUrl: null,
      remoteUrl: 'https://example.com/a.png',
    })
    expect(image('data:image/svg+xml;base64,PHN2Zz4=')).toMatchObject({ dataUrl: null })
    expect(image('javascript:alert(1)')).toMatchObject({ dataUrl: null })
  })

  it('of an unknown shape is shown as its JSON', () => {
    expect(readMessage({ role: 'user', content: [{ type: 'hologram', data: 1 }] }).parts[0]).toMatchObject({
      kind: 'other',
    })
    expect(readMessage(['x'])).toMatchObject({ role: 'unknown' })
    expect(readMessage(7)).toMatchObject({ role: 'unknown' })
  })

  it('marks what the gateway cut', () => {
    expect(readMessage({ role: 'user', content: 'aaa [truncated] zzz' }).parts).toEqual([
      { kind: 'text', text: 'aaa [truncated] zzz', truncated: true },
    ])
  })
})

describe('a tool call', () => {
  it('of no known shape still has a name to show', () => {
    expect(readToolCall('cut')).toEqual({ id: null, name: 'unknown', arguments: 'cut', truncated: false })
    expect(readToolCall({})).toEqual({ id: null, name: 'unknown', arguments: '', truncated: false })
  })
})
