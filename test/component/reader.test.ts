import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, shallowReactive } from 'vue'
import type { Message } from '@contract'
import { roundMarkdown, type CopyWords } from '../../src-renderer/features/conversation/model/round-markdown'
import { rangesOf } from '../../src-renderer/features/conversation/find-marks'
import {
  cacheLost,
  costlyRounds,
  landmarks,
  nextLandmark,
} from '../../src-renderer/features/conversation/model/landmarks'
import { chunksOf } from '../../src-renderer/features/conversation/model/long-text'
import { renderMarkdown } from '../../src-renderer/features/conversation/content/markdown'
import { messageChanges, parameterLines } from '../../src-renderer/features/conversation/model/message-diff'
import { provideReading } from '../../src-renderer/features/conversation/state/useReading'
import {
  answerTo,
  callAnsweredIn,
  linkCalls,
  type CallLink,
} from '../../src-renderer/features/conversation/model/tool-calls'
import { droppedMessages } from '../../src-renderer/features/conversation/model/round-view'
import RoundCard from '../../src-renderer/features/conversation/round/RoundCard.vue'
import ToolCallBlock from '../../src-renderer/features/conversation/content/ToolCallBlock.vue'
import { aRound, installMonitor, mountApp, text, textPart } from './support'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const words = { cut: { label: 'CUT', title: 'why' }, remoteImage: 'Remote image' }

function markdown(source: string): HTMLElement {
  installMonitor({})
  return mountApp({ render: () => h('div', renderMarkdown(source, words) ?? source) }, { props: {} })
    .element as HTMLElement
}

describe('Markdown out of a log', () => {
  it('becomes the elements it means', () => {
    const shown = markdown('## Plan\n\n1. **bold**\n2. `code`\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> said')
    expect(shown.querySelector('h2')?.textContent).toBe('Plan')
    expect(shown.querySelectorAll('ol > li')).toHaveLength(2)
    expect(shown.querySelector('strong')?.textContent).toBe('bold')
    expect(shown.querySelector('td.align-right')?.textContent).toBe('2')
    expect(shown.querySelector('blockquote')?.textContent).toBe('said')
  })

  it('colours code whose language it knows, and keeps every character of any', () => {
    const shown = markdown('```python\nreturn "<b>"\n```\n\n```klingon\nnuqneH <b>\n```')
    const [python, klingon] = shown.querySelectorAll('pre')
    expect(python?.querySelector('.hljs-keyword')?.textContent).toBe('return')
    expect(python?.textContent).toBe('return "<b>"')
    expect(klingon?.textContent).toBe('nuqneH <b>')
    expect(shown.querySelector('b')).toBeNull()
  })

  it('never becomes an element, an attribute or an address that its text asks for', () => {
    const shown = markdown(
      '<script>alert(1)</script> <b onclick="x">b</b>\n\n[bad](javascript:alert(1)) [data](data:text/html,x) ' +
        '[file](file:///etc/passwd) [mail](mailto:a@b.c) ![pixel](https://evil.example/p.png) ![svg](data:image/svg+xml;base64,AAAA)',
    )
    expect(shown.querySelectorAll('script, b, img, iframe')).toHaveLength(0)
    expect([...shown.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual([])
    expect(shown.textContent).toContain('<script>alert(1)</script>')
    expect(shown.textContent).toContain('Remote image: pixel')
  })

  it('keeps the lines that somebody typed', () => {
    const shown = markdown('first\nsecond\nthird')
    expect(shown.querySelectorAll('p')).toHaveLength(1)
    expect(shown.querySelectorAll('p > br')).toHaveLength(2)
  })

  it('shows the boxes of a list of tasks', () => {
    const shown = markdown('- [x] done **well**\n- [ ] open\n- [y] no box\n\n[ ] no list')
    const items = [...shown.querySelectorAll('li')].map((item) => [item.className, item.textContent])
    expect(items).toEqual([
      ['task', '☑ done well'],
      ['task', '☐ open'],
      ['', '[y] no box'],
    ])
    expect(shown.textContent).toContain('[ ] no list')
  })

  it('offers links to the web only, outside of this window', () => {
    const link = markdown('see https://example.com/a and main.py').querySelectorAll('a')
    expect([...link].map((a) => [a.href, a.target, a.rel])).toEqual([
      ['https://example.com/a', '_blank', 'noreferrer noopener'],
    ])
  })

  it('shows what the gateway cut', () => {
    expect(markdown('start [truncated] end').querySelector('.cut')?.textContent).toBe('CUT')
  })

  it('is text where it nests as nobody writes', () => {
    expect(renderMarkdown('>'.repeat(5000) + ' deep', words)).toBeNull()
    // These overflowed the stack of whoever put them on the page.
    for (const [open, close] of [
      ['*a ', 'b*'],
      ['~~a ', 'b~~'],
      ['*a **b ', 'c** d*'],
    ] as const)
      expect(renderMarkdown(open.repeat(5000) + close.repeat(5000), words), open).toBeNull()
    expect(renderMarkdown('```\n'.repeat(50_000), words), 'so many elements').toBeNull()
    expect(renderMarkdown('*a **b*** '.repeat(1000), words)).not.toBeNull()
  })
})

describe('tool calls', () => {
  const result = { kind: 'tool_result', callId: 'c1', isError: false, text: 'sunny', truncated: false } as const
  const call = { id: 'c1', name: 'weather', arguments: '{}', truncated: false }

  it('are linked with their results by id, in whichever order the rounds are loaded, the first time counting', () => {
    const asked = aRound({ round: 3, toolCalls: [call] })
    const answered = aRound({ round: 9, newMessages: [{ role: 'tool', name: null, parts: [result] }] })
    const again = { ...answered, round: 20 }
    for (const order of [
      [asked, answered, again],
      [again, answered, asked],
    ]) {
      const calls = new Map<string, CallLink>()
      linkCalls(calls, order)
      const link = calls.get('c1')
      expect(link?.name).toBe('weather')
      expect(answerTo(link, 3)).toEqual({ round: 9, results: [result] })
      for (const round of [9, 20, undefined]) expect(callAnsweredIn(link, round)).toBe(3)
    }
  })

  // Some providers count their calls anew in every answer: each call was shown with the first result of that id.
  it('of an id that is used again are linked with the results that came of them', () => {
    const made = (round: number, name: string) => aRound({ round, toolCalls: [{ ...call, name }] })
    const sent = (round: number, ...texts: string[]) =>
      aRound({
        round,
        toolCalls: [{ ...call, name: 'weather' }],
        newMessages: texts.map((text) => ({ role: 'tool', name: null, parts: [{ ...result, text }] })),
      })
    const rounds = [made(1, 'search'), sent(2, 'one'), sent(3, 'two'), sent(4), sent(5, 'four', 'and four')]
    for (const order of [rounds, [...rounds].reverse()]) {
      const calls = new Map<string, CallLink>()
      linkCalls(calls, order)
      const link = calls.get('c1')
      const texts = (round: number) => answerTo(link, round)?.results?.map(({ text }) => text) ?? null
      expect([1, 2, 3, 4, 5].map(texts)).toEqual([['one'], ['two'], null, ['four', 'and four'], null])
      expect([2, 3, 5, undefined].map((round) => callAnsweredIn(link, round))).toEqual([1, 2, 4, null])
      expect(link?.name, 'two tools').toBeNull()
    }
  })

  it('of an id that one answer uses twice are shown with a result each', () => {
    installMonitor({})
    const calls = new Map<string, CallLink>()
    linkCalls(calls, [
      aRound({ round: 1, toolCalls: [call, call] }),
      aRound({
        round: 2,
        newMessages: ['first', 'second'].map((text) => ({ role: 'tool', name: null, parts: [{ ...result, text }] })),
      }),
    ])
    const shown = [0, 1, 2].map((nth) => {
      const Page = defineComponent(() => {
        provideReading({ calls: shallowReactive(calls) })
        return () => h(ToolCallBlock, { call, foldKey: String(nth), round: 1, nth })
      })
      return mountApp(Page, { props: {} }).find('.glimpse')
    })
    expect(shown.map((glimpse) => (glimpse.exists() ? glimpse.text() : null))).toEqual(['first', 'second', null])
  })

  it('show large arguments as a tree whose text reads as text, and numbers as they were written', () => {
    installMonitor({})
    const args = JSON.stringify({ path: '/a', content: 'line one\nline two', deep: { list: Array(50).fill('x') } })
    const wrapper = mountApp(ToolCallBlock, {
      props: { call: { ...call, arguments: args.replace('}}', '},"id":1465367993012981988}') }, foldKey: 'k' },
    })
    const tree = wrapper.get('[data-testid="argument-tree"]')
    expect(tree.text()).toContain('line one\nline two')
    expect(tree.text()).toContain('1465367993012981988')
    expect(tree.findAll('[aria-expanded]').length).toBeGreaterThan(0)
  })
})

describe('landmarks', () => {
  const series = {
    revision: 1,
    times: [1, 2, 3, 4, 5],
    inputTokens: [5000, 6000, 7000, 8000, 2000],
    promptTokens: [5000, 6000, 7000, 8000, 2000],
    cachedTokens: [0, 5000, 6000, 0, 0],
    outputTokens: [1, 1, 1, 1, 1],
    costUsd: [0.01, 0.01, null, 0.05, 0.01],
  }

  it('are rounds that cost far more than usual; unknown costs are none of them', () => {
    expect(costlyRounds(series.costUsd)).toEqual([4])
    expect(costlyRounds([1, 1, 1, 1])).toEqual([])
    expect(costlyRounds([1, 1.2, 1, 1])).toEqual([2])
    expect(costlyRounds([null, null, 5])).toEqual([])
  })

  it('are rounds that lost the cache though they sent as much; a shorter history is none of them', () => {
    expect(cacheLost(series)).toEqual([4])
    // Logged beside the input, of which there is little while the cache holds.
    const beside = { ...series, inputTokens: [50, 60, 70, 80, 90] }
    expect(cacheLost(beside)).toEqual([4])
  })

  it('are gathered by kind, and found forward and back', () => {
    const marks = landmarks(
      [
        { round: 1, calls: [{ id: 'a', name: 'x' }], results: [], failed: false, rewritten: false },
        { round: 2, calls: [], results: [{ callId: 'a', isError: true }], failed: false, rewritten: false },
        { round: 5, calls: [], results: [], failed: true, rewritten: true },
      ],
      series,
      cacheLost(series),
    )
    expect(marks).toEqual({ calls: [1], errors: [2, 5], costly: [4], breaks: [4, 5] })
    expect(nextLandmark(marks.errors, 2, 1)).toBe(5)
    expect(nextLandmark(marks.errors, 2, -1)).toBeNull()
    expect(nextLandmark(marks.errors, 5, 1)).toBeNull()
  })
})

describe('the history a round sent', () => {
  it('is told from one that was shortened or left', () => {
    const before = aRound({
      round: 4,
      keptMessages: 8,
      newMessages: Array(2).fill({ role: 'user', name: null, parts: [] }),
    })
    const next = { round: 5, keptFromRound: 4 }
    expect(droppedMessages(aRound({ ...next, keptMessages: 10 }), [before])).toBeNull()
    expect(droppedMessages(aRound({ ...next, keptMessages: 3 }), [before])).toBe(7)
    const anew = { round: 5, newMessages: before.newMessages }
    expect(droppedMessages(aRound(anew), [before])).toBe(10)
    expect(droppedMessages(aRound({ round: 5 }), [before]), 'no messages were logged').toBeNull()
    // A branch that goes on from an earlier round says nothing of this one.
    expect(droppedMessages(aRound({ round: 5, keptFromRound: 2, keptMessages: 4 }), [before])).toBeNull()
  })

  it('is told across a round whose messages the gateway cut', () => {
    const before = aRound({ round: 4, newMessages: Array(9).fill({ role: 'user', name: null, parts: [] }) })
    const cut = aRound({ round: 5, messagesText: '[{"role":"us [truncated] "}]' })
    expect(droppedMessages(cut, [before])).toBeNull()
    expect(droppedMessages(aRound({ round: 6, keptFromRound: 4, keptMessages: 9 }), [before, cut])).toBeNull()
    expect(droppedMessages(aRound({ round: 6, keptFromRound: 4, keptMessages: 1 }), [before, cut])).toBe(8)
    expect(droppedMessages(aRound({ round: 6, keptFromRound: 4, keptMessages: 1 }), [cut])).toBeNull()
  })
})

describe('what changed between two requests', () => {
  const said = (role: string, value: string): Message => ({ role, name: null, parts: [textPart(value)] })

  it('is an edit where a message has lines in common with the one in its place', () => {
    const changes = messageChanges({
      removed: [said('system', 'one\ntwo\nthree'), said('user', 'same')],
      added: [said('system', 'one\n2\nthree'), said('user', 'same'), said('user', 'new')],
    })
    expect(changes.map((change) => change.kind)).toEqual(['changed', 'added'])
    const [edit] = changes
    expect(edit?.kind === 'changed' && edit.lines.map(({ kind, text: line }) => [kind, line])).toEqual([
      ['same', 'one\n'],
      ['removed', 'two\n'],
      ['added', '2\n'],
      ['same', 'three\n'],
    ])
  })

  it('is what was taken out, then what was put in, where they share nothing', () => {
    const changes = messageChanges({
      removed: [said('user', 'a'), said('assistant', 'b')],
      added: [said('user', 'summary')],
    })
    expect(changes.map((change) => change.kind)).toEqual(['removed', 'removed', 'added'])
  })
})

describe('a very long text', () => {
  it('is cut in pieces that lose nothing', () => {
    const long = Array.from({ length: 9000 }, (_, index) => `line ${index} 😀`).join('\n')
    const chunks = chunksOf(long)
    expect(chunks.length).toBeGreaterThan(3)
    expect(chunks.map((chunk) => chunk.text).join('\n')).toBe(long)
    const unbroken = '😀'.repeat(40_000)
    expect(
      chunksOf(unbroken)
        .map((chunk) => chunk.text)
        .join(''),
    ).toBe(unbroken)
    for (const chunk of chunksOf(unbroken)) expect(chunk.text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
    expect(chunksOf('short')).toHaveLength(1)
  })
})

describe('find', () => {
  it('marks every place, whatever its case', () => {
    const wrapper = mount(
      { template: '<p class="untrusted">Kraken and <b>kraken</b> krak</p>' },
      { attachTo: document.body },
    )
    expect(rangesOf(wrapper.element, 'KRAKEN').map(String)).toEqual(['Kraken', 'kraken'])
    expect(rangesOf(wrapper.element, '')).toEqual([])
    const turkish = mount({ template: '<p class="untrusted">İstanbul, ISTANBUL</p>' }, { attachTo: document.body })
    expect(rangesOf(turkish.element, 'istanbul').map(String)).toEqual(['İstanbul', 'ISTANBUL'])
  })
})

/** Marks stood in "Details" and "Copy as JSON" too, which were not counted. */
it('finds what was logged, and not the words around it', () => {
  installMonitor({})
  const round = aRound({
    newMessages: [{ role: 'user', name: 'Unsworth', parts: [textPart('a user asks')] }],
    answer: text('copy the details'),
  })
  const wrapper = mountApp(RoundCard, { props: { round, earlier: [] } })
  expect(wrapper.text()).toContain('Copy as JSON')
  expect(rangesOf(wrapper.element, 'copy').map(String)).toEqual(['copy'])
  expect(rangesOf(wrapper.element, 'details').map(String)).toEqual(['details'])
  expect(rangesOf(wrapper.element, 'user').map(String)).toEqual(['user'])
  expect(rangesOf(wrapper.element, 'unsworth').map(String)).toEqual(['Unsworth'])
})

describe('a round copied as Markdown', () => {
  const copyWords: CopyWords = {
    round: (round) => `Round ${round}`,
    role: (role) => role,
    time: () => 'now',
    figures: () => '1 in / 2 out',
    reasoning: 'Reasoning',
    toolCall: 'Tool call',
    toolResult: 'Result',
    image: 'Image',
  }

  it('says everything that is new, once, and lets no text end its fence', () => {
    const shown = roundMarkdown(
      aRound({
        round: 2,
        newMessages: [
          { role: 'user', name: null, parts: [textPart('Why?')] },
          {
            role: 'tool',
            name: null,
            parts: [{ kind: 'tool_result', callId: 'c', isError: false, text: '```\nx\n```', truncated: false }],
          },
        ],
        question: text('Why?'),
        reasoning: text('hm\nwell'),
        answer: text('Because.'),
        toolCalls: [{ id: 'k', name: 'run', arguments: '{}', truncated: false }],
      }),
      copyWords,
    )
    expect(shown.split('Why?')).toHaveLength(2)
    expect(shown).toContain('````\n```\nx\n```\n````')
    expect(shown).toContain('> *Reasoning*\n> \n> hm\n> well')
    expect(shown).toContain('**Tool call `run`** `k`')
    expect(shown).toContain('## Round 2 · now · gpt-4o · 1 in / 2 out')
  })

  it('lets no name or id end its code, and takes any number of backticks', () => {
    const shown = roundMarkdown(
      aRound({
        toolCalls: [{ id: '`c`\n# d', name: 'a`b` <img src=x>', arguments: '` '.repeat(200_000), truncated: false }],
      }),
      copyWords,
    )
    expect(shown).toContain('**Tool call `` a`b` <img src=x> ``** `` `c` # d ``\n\n```json\n` `')
  })
})

describe('a changed parameter', () => {
  it('shows a tool put in as lines put in, and a value that came or went whole', () => {
    const tools = (...names: string[]): string => JSON.stringify(names.map((name) => ({ name })))
    const lines = parameterLines({ name: 'tools', before: tools('search'), after: tools('search', 'read') })
    expect(
      lines
        .filter(({ kind }) => kind === 'added')
        .map(({ text }) => text)
        .join(''),
    ).toContain('"read"')
    expect(lines.some(({ kind, text }) => kind === 'same' && text.includes('"search"'))).toBe(true)
    expect(parameterLines({ name: 'temperature', before: '0.2', after: '0.7' })).toEqual([
      { kind: 'removed', text: '0.2\n' },
      { kind: 'added', text: '0.7\n' },
    ])
    expect(parameterLines({ name: 'seed', before: null, after: '7' })).toEqual([{ kind: 'added', text: '7\n' }])
    expect(parameterLines({ name: 'cut', before: '[1, [trunc', after: null }), 'no JSON any more').toEqual([
      { kind: 'removed', text: '[1, [trunc\n' },
    ])
  })
})
