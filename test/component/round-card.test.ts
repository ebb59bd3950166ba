import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, shallowRef } from 'vue'
import type { Round } from '@contract'
import RoundCard from '../../src-renderer/features/conversation/round/RoundCard.vue'
import { provideReading, type RoundCacheBreak } from '../../src-renderer/features/conversation/state/useReading'
import { aRound, installMonitor, mountApp, text, textPart } from './support'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

function mountRound(change: Partial<Round>, earlier: Round[] = []) {
  installMonitor({})
  return mountApp(RoundCard, { props: { round: aRound(change), earlier } })
}

const occurrences = (whole: string, part: string): number => whole.split(part).length - 1

describe('a round', () => {
  it('prints a question once although the log has it twice', () => {
    const wrapper = mountRound({
      newMessages: [{ role: 'user', name: null, parts: [textPart('What is the weather?')] }],
      question: text('What is the weather?'),
      answer: text('Sunny.'),
    })
    expect(occurrences(wrapper.text(), 'What is the weather?')).toBe(1)
    expect(wrapper.find('[data-testid="round-question"]').exists()).toBe(false)
  })

  it('says of a broken prompt cache what is known of it, and no more', () => {
    const said = (broken: RoundCacheBreak | null) => {
      installMonitor({})
      const Page = defineComponent(() => {
        provideReading({ cacheLost: shallowRef(new Map([[2, broken]])) })
        return () => h(RoundCard, { round: aRound({ round: 2 }), earlier: [] })
      })
      return mountApp(Page, { props: {} }).find('[data-testid="cache-lost"]').text()
    }
    const broken = { message: 3, tokens: 176, estimated: true, costUsd: null }
    expect(said(broken)).toContain('Message 3 changed')
    expect(said(broken)).toContain('≈ 176 tokens')
    expect(said(broken), 'the log has no cached tokens').not.toContain('fewer')
    expect(said({ ...broken, tokens: 0, estimated: false })).not.toContain('tokens')
    expect(said({ ...broken, message: null, tokens: 128, estimated: false })).toContain('128 tokens fewer')
    expect(said(null)).toContain('far fewer')
  })

  it('folds the previous answer the agent re-sent, and opens it on demand', async () => {
    const previous = aRound({ round: 1, answer: text('Let me look that up.') })
    const wrapper = mountRound(
      {
        round: 2,
        keptMessages: 2,
        keptFromRound: 1,
        newMessages: [
          { role: 'assistant', name: null, parts: [textPart('Let me look that up.')] },
          { role: 'user', name: null, parts: [textPart('Thanks')] },
        ],
        answer: text('Here it is.'),
      },
      [previous],
    )
    expect(wrapper.text()).toContain('2 earlier messages re-sent')
    expect(wrapper.text()).toContain('Repeats the answer of round 1')
    expect(wrapper.text()).not.toContain('Let me look that up.')
    await wrapper.findAll('.context button').at(-1)?.trigger('click')
    expect(wrapper.text()).toContain('Let me look that up.')
  })

  it('takes a call under an id used again for what it is, not for a repetition', () => {
    const call = (text: string) => ({ id: 'call_0', name: 'read', arguments: `{"path":"${text}"}`, truncated: false })
    const earlier = [aRound({ round: 1, toolCalls: [call('first')] })]
    const parts = [{ kind: 'tool_call', call: { ...call('first'), arguments: '{ "path": "first" }' } }] as const
    const wrapper = mountRound(
      {
        round: 2,
        keptMessages: 1,
        keptFromRound: 1,
        newMessages: [{ role: 'assistant', name: null, parts }],
        toolCalls: [call('second')],
      },
      earlier,
    )
    expect(wrapper.text()).toContain('Repeats the tool calls of round 1')
  })

  it('shows some of very many messages, parts and calls at first, and more when asked', async () => {
    const parts = Array.from({ length: 5000 }, (_, part) => textPart(`part-${String(part)}-`))
    const wrapper = mountRound({
      newMessages: [{ role: 'user', name: null, parts }],
      toolCalls: Array.from({ length: 300 }, (_, at) => ({
        id: `c${String(at)}`,
        name: 'f',
        arguments: '{}',
        truncated: false,
      })),
    })
    expect(occurrences(wrapper.text(), 'part-')).toBe(100)
    expect(wrapper.findAll('[data-testid="tool-call"]')).toHaveLength(100)
    await wrapper.get('.message [data-testid="show-more"]').trigger('click')
    expect(occurrences(wrapper.text(), 'part-')).toBe(200)
    expect(wrapper.text()).toContain('Show more: 4,800 left')
  })

  it('keeps reasoning folded until it is asked for', async () => {
    const wrapper = mountRound({ reasoning: text('Secret thoughts'), answer: text('42') })
    expect(wrapper.text()).not.toContain('Secret thoughts')
    await wrapper.get('[data-testid="round-reasoning"] button').trigger('click')
    expect(wrapper.text()).toContain('Secret thoughts')
  })

  it('lays out the arguments of a call, and shows them raw when they are no JSON', () => {
    const wrapper = mountRound({
      toolCalls: [
        { id: 'c1', name: 'search', arguments: '{"query":"库","limit":1465367993012981988}', truncated: false },
        { id: 'c2', name: 'broken', arguments: '{"query": "cut [truncated] off', truncated: true },
        { id: 'c3', name: 'nothing', arguments: '{}', truncated: false },
      ],
    })
    const calls = wrapper.findAll('[data-testid="tool-call"]').map((call) => call.text())
    expect(calls[0]).toContain('{ "query": "库", "limit": 1465367993012981988 }')
    expect(calls[1]).toContain('{"query": "cut')
    expect(calls[1]).toContain('arguments are not complete JSON')
    expect(calls[1]).toContain('cut by the gateway')
    expect(calls[2]).toContain('no arguments')
  })

  it('marks where the gateway cut a text', () => {
    const wrapper = mountRound({ answer: text('The beginning [truncated] the end', true) })
    const answer = wrapper.get('[data-testid="round-answer"]')
    expect(answer.find('.cut').text()).toBe('cut by the gateway')
    expect(answer.text()).not.toContain('[truncated]')
  })

  it('leaves a text alone that only talks about the mark', () => {
    const wrapper = mountRound({ answer: text('The gateway writes [truncated] there.') })
    expect(wrapper.get('[data-testid="round-answer"]').text()).toContain('The gateway writes [truncated] there.')
    expect(wrapper.find('.cut').exists()).toBe(false)
  })

  it('shortens a very long text until all of it is asked for', async () => {
    const wrapper = mountRound({ answer: text(`${'x'.repeat(9000)}END`) })
    const answer = wrapper.get('[data-testid="round-answer"]')
    expect(answer.text()).not.toContain('END')
    expect(answer.text()).toContain('Show all 9,003 characters')
    await answer.get('.more button').trigger('click')
    expect(answer.text()).toContain('END')
  })

  it('says that a request failed and with what status', () => {
    const wrapper = mountRound({
      responseType: 'error',
      responseCode: '429',
      usage: {
        inputTokens: null,
        outputTokens: null,
        cachedTokens: null,
        reasoningTokens: null,
        promptTokens: null,
        completionTokens: null,
        marks: [],
      },
    })
    expect(wrapper.text()).toContain('Status 429')
    expect(wrapper.text()).toContain('The request failed; no answer was logged.')
    expect(wrapper.text()).toContain('tokens not logged')
    expect(wrapper.get('.cost').attributes('data-usd')).toBe('unknown')
  })

  it('tells a count that was not logged from a zero', () => {
    const wrapper = mountRound({
      usage: {
        inputTokens: 0,
        outputTokens: null,
        cachedTokens: null,
        reasoningTokens: null,
        promptTokens: null,
        completionTokens: null,
        marks: [],
      },
    })
    expect(wrapper.get('.meta').text()).toMatch(/0 in/)
    expect(wrapper.get('.meta').text()).toMatch(/– out/)
  })

  it('says where a count was logged that is none: what can be told beside it, and no cost', () => {
    const usage = {
      inputTokens: null,
      outputTokens: 5,
      cachedTokens: null,
      reasoningTokens: null,
      promptTokens: null,
      completionTokens: null,
      marks: ['unusable' as const],
    }
    const meta = mountRound({ usage, cost: null }).get('.meta')
    expect(meta.text()).toContain('a logged token count is not a number')
    expect(meta.text()).toMatch(/– in\s*5 out/)
    expect(meta.get('.cost').attributes('data-usd')).toBe('unknown')
    const none = { ...usage, outputTokens: null }
    expect(mountRound({ usage: none, cost: null }).get('.meta').text()).not.toContain('tokens not logged')
  })
})
