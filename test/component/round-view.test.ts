import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, ToolCall } from '@contract'
import { preview, roundTone, sameText, viewRound } from '../../src-renderer/features/conversation/model/round-view'
import { aRound, text, textPart } from './support'

const message = (role: string, ...parts: Message['parts']): Message => ({ role, name: null, parts })
const call = (id: string | null, name: string, args: string): ToolCall => ({
  id,
  name,
  arguments: args,
  truncated: false,
})
const callPart = (one: ToolCall) => ({ kind: 'tool_call' as const, call: one })
const result = (callId: string, value: string) => ({
  kind: 'tool_result' as const,
  callId,
  isError: false,
  text: value,
  truncated: false,
})

describe('the question', () => {
  it('is not shown again when the last user message says it', () => {
    const round = aRound({ newMessages: [message('user', textPart('Hello  there\n'))], question: text('Hello there') })
    const view = viewRound(round, [])
    expect(view.question).toBeNull()
    expect(view.messages.map((shown) => shown.isQuestion)).toEqual([true])
  })

  it('is shown when no message says it', () => {
    const round = aRound({ newMessages: [message('user', textPart('Something else'))], question: text('Hello') })
    expect(viewRound(round, []).question?.text).toBe('Hello')
    expect(viewRound(round, []).messages[0]?.isQuestion).toBe(false)
  })

  it('is recognised in a message although the gateway cut it', () => {
    const whole = `Please read this: ${'lorem ipsum '.repeat(600)}and tell me what it means.`
    const cut = `${whole.slice(0, 2000)} [truncated] ${whole.slice(-2000)}`
    const round = aRound({ newMessages: [message('user', textPart(whole))], question: text(cut, true) })
    expect(viewRound(round, []).question).toBeNull()
  })

  it('of an earlier round is named, not printed, while an agent works on it', () => {
    const first = aRound({ round: 1, question: text('Weather?'), newMessages: [message('user', textPart('Weather?'))] })
    const second = aRound({ round: 2, question: text('Weather?'), newMessages: [message('tool', result('c1', '15°'))] })
    const view = viewRound(second, [first])
    expect(view.question).toBeNull()
    expect(view.sameQuestionAs).toBe(1)
  })

  it('that is the tool result the gateway took for one is not printed twice', () => {
    const round = aRound({ question: text('15°'), newMessages: [message('tool', result('c1', '15°'))] })
    const view = viewRound(round, [])
    expect(view.question).toBeNull()
    expect(view.messages[0]?.isQuestion).toBe(false)
  })

  it('made of white space is none', () => {
    expect(viewRound(aRound({ question: text(' \n') }), []).question).toBeNull()
  })
})

describe('an assistant message among the new messages', () => {
  const previous = aRound({
    round: 4,
    answer: text('Let me look.'),
    toolCalls: [call('c1', 'get_weather', '{"city":"Berlin"}')],
  })

  it("that repeats the previous round's answer and calls is folded", () => {
    const round = aRound({
      round: 5,
      newMessages: [
        message('assistant', textPart('Let me look.'), callPart(call('c1', 'get_weather', '{"city": "Berlin"}'))),
        message('tool', result('c1', '15°')),
      ],
    })
    const view = viewRound(round, [previous])
    expect(view.repeats).toMatchObject([{ what: 'answer', round: 4 }])
    expect(view.messages.map((shown) => shown.message.role)).toEqual(['tool'])
  })

  it('that repeats only calls says so, ids or not', () => {
    const anonymous = aRound({ round: 4, toolCalls: [call(null, 'get_weather', '{"city":"Berlin"}')] })
    const round = aRound({
      round: 5,
      newMessages: [message('assistant', callPart(call('c9', 'get_weather', '{ "city": "Berlin" }')))],
    })
    expect(viewRound(round, [anonymous]).repeats).toMatchObject([{ what: 'calls', round: 4 }])
  })

  it("that is the round's own answer, logged among its messages, is folded too", () => {
    const round = aRound({
      round: 3,
      answer: text('You are welcome!'),
      newMessages: [message('assistant', textPart('You are welcome!'))],
    })
    const view = viewRound(round, [])
    expect(view.repeats).toMatchObject([{ what: 'answer', round: 3 }])
    expect(view.messages).toEqual([])
  })

  it('keeps showing what it says for the first time', () => {
    const round = aRound({
      round: 5,
      newMessages: [message('assistant', textPart('Let me look.'), textPart('One more thing.'))],
    })
    const view = viewRound(round, [previous])
    expect(view.repeats).toHaveLength(1)
    expect(view.messages[0]?.parts).toEqual([textPart('One more thing.')])
  })

  it('that was edited by the agent is shown', () => {
    const round = aRound({ round: 5, newMessages: [message('assistant', textPart('Let me look closer.'))] })
    const view = viewRound(round, [previous])
    expect(view.repeats).toEqual([])
    expect(view.messages).toHaveLength(1)
  })

  it('is not taken for a repetition when a user says the same words', () => {
    const round = aRound({ round: 5, newMessages: [message('user', textPart('Let me look.'))] })
    expect(viewRound(round, [previous]).repeats).toEqual([])
  })
})

describe('a tool result', () => {
  it('is named after the call it answers, also across rounds', () => {
    const previous = aRound({ round: 1, toolCalls: [call('c1', 'get_weather', '{}')] })
    const round = aRound({ round: 2, newMessages: [message('tool', result('c1', '15°'))] })
    expect(viewRound(round, [previous]).toolNames.get('c1')).toBe('get_weather')
  })
})

describe('sameText', () => {
  it('says of long texts what looking at all of them says', () => {
    const word = fc.constantFrom('a', 'b', 'word ', '  ', '\n', ' [truncated] ')
    const piece = fc.array(word, { maxLength: 30 }).map((words) => words.join(''))
    const filler = fc.constantFrom('', 'the same words '.repeat(40), 'x'.repeat(500), ' '.repeat(450))
    const squeezed = (whole: string) => whole.replace(/\s+/g, ' ').trim()
    const cutOf = (cut: string, whole: string): boolean => {
      const [head = '', ...rest] = cut.split('[truncated]')
      const [from, to] = [head.trimEnd(), rest.join('[truncated]').trimStart()]
      const known = from.length + to.length
      return rest.length > 0 && known >= 24 && whole.length >= known && whole.startsWith(from) && whole.endsWith(to)
    }
    fc.assert(
      fc.property(piece, filler, piece, piece, piece, fc.boolean(), (head, middle, tail, head2, tail2, alike) => {
        const one = head + middle + tail
        const other = alike ? `${head}${middle.replaceAll(' ', ' \n')}${tail2}` : `${head2}${middle}${tail}`
        const [left, right] = [squeezed(one), squeezed(other)]
        const expected = left !== '' && right !== '' && (left === right || cutOf(left, right) || cutOf(right, left))
        expect(sameText(one, other)).toBe(expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('does not take a bare mark for a match', () => {
    expect(sameText('[truncated]', 'anything at all')).toBe(false)
    expect(sameText('a [truncated] b', 'a long text that ends in b')).toBe(false)
    expect(sameText('', '')).toBe(false)
  })
})

describe('roundTone', () => {
  it('is an error by type or by status, and only then', () => {
    expect(roundTone(aRound({ responseType: 'error', responseCode: null }))).toBe('error')
    expect(roundTone(aRound({ responseCode: '429' }))).toBe('error')
    expect(roundTone(aRound({ responseCode: '0' }))).toBe('error')
    expect(roundTone(aRound({ responseCode: '200' }))).toBe('normal')
    expect(roundTone(aRound({ responseCode: null, responseType: null }))).toBe('normal')
    expect(roundTone(aRound({ responseCode: '-' }))).toBe('normal')
  })
})

describe('preview', () => {
  it('is null for what is shown whole', () => {
    expect(preview('short', 8000, 400)).toBeNull()
    expect(preview('a\nb\nc\n', 8000, 3)).toBeNull()
  })

  it('cuts by lines or by characters, whichever comes first', () => {
    expect(preview('a\nb\nc\nd', 8000, 2)).toBe('a\nb')
    expect(preview('x'.repeat(9000), 8000, 400)).toHaveLength(8000)
    expect(preview(`${'x'.repeat(9000)}\n\n\n`, 8000, 2)).toHaveLength(8000)
  })

  it('does not cut a character in two', () => {
    const cut = preview('🎉'.repeat(10), 5, 400) ?? ''
    expect(cut).toBe('🎉🎉')
  })
})
