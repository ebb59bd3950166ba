import { describe, expect, it } from 'vitest'
import { canonical, normalCall, normalMessage } from '../../../../../src-main/engine/sessions/compare/normal'

const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'search', arguments: args } })

describe('messages brought to one spelling', () => {
  it('leaves out how an object was written', () => {
    expect(canonical({ b: 1, a: [true, { d: null, c: 'x' }] })).toBe(canonical({ a: [true, { c: 'x' }], b: 1 }))
    expect(canonical({ a: '1' })).not.toBe(canonical({ a: 1 }))
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]))
  })

  it('leaves out the ids of calls, in the shapes of every provider, and nothing that was said', () => {
    const openai = (id: string) => ({ role: 'assistant', content: null, tool_calls: [call(id, '{"q": 1}')] })
    expect(normalMessage(openai('call_1'))).toBe(normalMessage({ ...openai('call_2'), content: undefined }))
    const answered = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })
    expect(normalMessage(answered('call_1', 'x'))).toBe(normalMessage(answered('call_2', 'x')))
    expect(normalMessage(answered('call_1', 'x'))).not.toBe(normalMessage(answered('call_1', 'y')))
    const anthropic = (id: string) => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: 'ok' }] }],
    })
    expect(normalMessage(anthropic('toolu_1'))).toBe(normalMessage(anthropic('toolu_2')))
  })

  it('compares arguments as the JSON they hold, ids among them too', () => {
    expect(normalCall(call('1', '{"a":1,"b":2}'))).toBe(normalCall(call('2', '{ "b": 2, "a": 1 }')))
    expect(normalCall(call('1', '{"id":1}'))).not.toBe(normalCall(call('1', '{"id":2}')))
    expect(normalCall(call('1', '{"id":1'))).not.toBe(normalCall(call('1', '{"id":1}')))
    const use = (input: { id: number }) => ({ type: 'tool_use', id: 'toolu_1', name: 'get', input })
    expect(normalCall(use({ id: 5 }))).not.toBe(normalCall(use({ id: 6 })))
  })

  it('does not overflow on what nests too deep', () => {
    let deep: readonly unknown[] = []
    for (let level = 0; level < 5000; level += 1) deep = [deep]
    expect(() => normalMessage({ role: 'user', content: deep as never })).not.toThrow()
    for (let level = 0; level < 15_000; level += 1) deep = [deep]
    expect(() => normalMessage({ role: 'user', content: deep as never })).not.toThrow()
  })

  it('tells calls apart whose arguments nest too deep to be spelled', () => {
    const nested = (inner: number) => `${'['.repeat(300)}${String(inner)}${']'.repeat(300)}`
    expect(normalCall(call('1', nested(1)))).not.toBe(normalCall(call('1', nested(2))))
    const use = (inner: number) => ({ type: 'tool_use', name: 'get', input: JSON.parse(nested(inner)) as never })
    expect(normalCall(use(1))).not.toBe(normalCall(use(2)))
    expect(normalCall(use(1))).toBe(normalCall(use(1)))
  })
})
