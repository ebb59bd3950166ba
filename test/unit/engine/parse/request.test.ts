import { describe, expect, it } from 'vitest'
import { readMessages, readRequest } from '../../../../src-main/engine/parse/request'

describe('an LLM request', () => {
  it('is read under one set of names, and keeps what else was logged', () => {
    const request = readRequest(
      {
        start_time: '2026-02-01T10:00:00Z',
        request_id: 'r-1',
        response_code: '200',
        duration: '1500',
        route_name: 'ai',
        trace_id: '-',
      },
      {
        session_id: 's:1',
        model: 'gpt-4o',
        consumer: 'bot',
        response_type: 'stream',
        llm_first_token_duration: '300',
        llm_service_duration: 1400,
        question: 'Why?',
        answer: 'Because.',
        api: 'openai',
        tenant: { name: 'acme' },
        tool_calls: [{ id: 'c1' }],
      },
    )
    expect(request).toMatchObject({
      sessionId: 's:1',
      requestId: 'r-1',
      model: 'gpt-4o',
      consumer: 'bot',
      responseType: 'stream',
      responseCode: '200',
      firstTokenMs: 300,
      serviceMs: 1400,
      durationMs: 1500,
      question: 'Why?',
      answer: 'Because.',
      reasoning: null,
      toolCalls: [{ id: 'c1' }],
      truncated: false,
    })
    expect(request.attributes).toEqual([
      { name: 'consumer', value: 'bot' },
      { name: 'api', value: 'openai' },
      { name: 'tenant', value: '{"name":"acme"}' },
      { name: 'route_name', value: 'ai' },
    ])
  })

  it('takes the consumer of the outer line where the inner one has none', () => {
    expect(readRequest({ consumer: 'outer' }, { model: 'm' }).consumer).toBe('outer')
  })

  it('keeps tool calls cut by the gateway as text', () => {
    const cut = '[{"id":"c1","function":{"name":"read" [truncated] }]'
    const request = readRequest({}, { tool_calls: cut })
    expect(request.toolCalls).toEqual([])
    expect(request.toolCallsText).toBe(cut)
    expect(request.truncated).toBe(true)
  })
})

describe('messages', () => {
  it('are a list, a list in text, text cut by the gateway, or nothing', () => {
    const list = [{ role: 'user', content: 'hi' }]
    expect(readMessages({ messages: list })).toEqual({ kind: 'messages', messages: list })
    expect(readMessages({ messages: JSON.stringify(list) })).toEqual({ kind: 'messages', messages: list })
    expect(readMessages({ messages: '[{"role":"us [truncated] i"}]' })).toEqual({
      kind: 'text',
      text: '[{"role":"us [truncated] i"}]',
    })
    expect(readMessages({})).toEqual({ kind: 'none' })
    expect(readMessages({ messages: '' })).toEqual({ kind: 'none' })
  })
})
