import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Round } from '@contract'
import { tooltipElement } from '../../src-renderer/features/overview/chart-options'
import MiddleText from '../../src-renderer/components/MiddleText.vue'
import RoundCard from '../../src-renderer/features/conversation/round/RoundCard.vue'
import { aRound, installMonitor, mountApp, text, textPart } from './support'

/*
 * Everything in a log can be written by whoever talks to the agent. It has to arrive on screen as the characters it is:
 * no element, no attribute, no address to load.
 */
const EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>\u202e{{ constructor }}'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

function mountRound(change: Partial<Round>) {
  installMonitor({})
  return mountApp(RoundCard, { props: { round: aRound(change), earlier: [] } })
}

describe('hostile text', () => {
  it('stays text wherever a round shows it', async () => {
    const wrapper = mountRound({
      model: EVIL,
      responseType: 'error',
      responseCode: EVIL,
      question: text(`${EVIL} question`),
      answer: text(`${EVIL} answer`),
      reasoning: text(`${EVIL} reasoning`),
      messagesText: `${EVIL} messages`,
      toolCallsText: `${EVIL} calls`,
      toolCalls: [{ id: EVIL, name: EVIL, arguments: '{"a": "<b>"}', truncated: true }],
      newMessages: [
        { role: EVIL, name: EVIL, parts: [textPart(EVIL)] },
        {
          role: 'tool',
          name: null,
          parts: [{ kind: 'tool_result', callId: EVIL, isError: true, text: EVIL, truncated: true }],
        },
        { role: 'user', name: null, parts: [{ kind: 'other', json: EVIL }] },
      ],
      attributes: [{ name: EVIL, value: EVIL }],
      origin: { path: EVIL, offset: 0, length: 1 },
    })
    for (const button of wrapper.findAll('[aria-expanded="false"]')) await button.trigger('click')
    expect(wrapper.findAll('img, script, iframe, .body b').map((found) => found.html())).toEqual([])
    expect(wrapper.text()).toContain('{{ constructor }}')
    const answer = wrapper.get('[data-testid="round-answer"]').text()
    expect(answer).toContain('<img src=x onerror="alert(1)">')
    for (const element of wrapper.element.querySelectorAll('*')) {
      expect(
        [...element.attributes].map((attribute) => attribute.name).filter((name) => name.startsWith('on')),
      ).toEqual([])
    }
  })

  it('never loads a remote image', () => {
    const wrapper = mountRound({
      newMessages: [
        {
          role: 'user',
          name: null,
          parts: [{ kind: 'image', dataUrl: null, remoteUrl: 'https://evil.example/pixel.png' }],
        },
      ],
    })
    expect(wrapper.find('img').exists()).toBe(false)
    expect(wrapper.find('a').exists()).toBe(false)
    expect(wrapper.text()).toContain('https://evil.example/pixel.png')
  })

  it('shows an image only from data that is one', () => {
    const shown = (dataUrl: string) =>
      mountRound({ newMessages: [{ role: 'user', name: null, parts: [{ kind: 'image', dataUrl, remoteUrl: null }] }] })
    expect(shown('data:image/png;base64,AAAA').find('img').attributes('src')).toBe('data:image/png;base64,AAAA')
    expect(shown('javascript:alert(1)').find('img').exists()).toBe(false)
    expect(shown('data:text/html,<script>1</script>').find('img').exists()).toBe(false)
  })

  it('stays text in a chart tooltip', () => {
    const element = tooltipElement(EVIL, [{ label: EVIL, value: EVIL, color: 'red;} body{display:none' }])
    expect(element.querySelectorAll('img, script')).toHaveLength(0)
    expect(element.textContent).toContain('<img')
  })

  it('cannot turn the direction of the line it stands in', () => {
    installMonitor({})
    const wrapper = mountApp(MiddleText, { props: { text: `id-\u202e${'x'.repeat(40)}` } })
    expect(wrapper.text()).not.toContain('\u202e')
    expect(wrapper.classes()).toContain('untrusted')
  })
})
