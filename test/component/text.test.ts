import { describe, expect, it } from 'vitest'
import { prettyJson } from '../../src-renderer/lib/json'
import { oneLine, middleOf } from '../../src-renderer/lib/text'
import { fromRouteId, sessionRoute, toRouteId } from '../../src-renderer/lib/routes'
import { createMemoryHistory, createRouter } from 'vue-router'

describe('oneLine', () => {
  it('shows control characters instead of obeying them', () => {
    expect(oneLine('a\u0000b\u001bc\u007f')).toBe('a\u2400b\u241bc\u2421')
    expect(oneLine('first\r\n\tsecond')).toBe('first second')
  })

  it('disarms marks that turn or hide text', () => {
    expect(oneLine('\u202egpj.exe\u2066\u200b')).toBe('\ufffdgpj.exe\ufffd\ufffd')
    expect(oneLine('北京 🎉 naïve')).toBe('北京 🎉 naïve')
    expect(oneLine('a\u061cb\u00adc\u3164')).toBe('a\ufffdb\ufffdc\ufffd')
    expect(oneLine('one\u2028two')).toBe('one two')
    expect(oneLine('id\u{e0068}\u{e0069}'), 'letters that are not seen').toBe('id\ufffd\ufffd')
  })

  /** A family came out as its members with a stand-in between each two. */
  it.each(['👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍⚕️', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'می\u200cخواهم', 'क्\u200dष'])(
    'keeps what holds an emoji or a word together: %s',
    (text) => expect(oneLine(text)).toBe(text),
  )

  it('lets nothing hide beside what holds together', () => {
    expect(oneLine('a\u200db')).toBe('a\ufffdb')
    expect(oneLine('🎉\u200dx')).toBe('🎉\ufffdx')
    expect(oneLine('🎉\u200d\u200d🎉')).toBe('🎉\ufffd\ufffd🎉')
  })
})

describe('middleOf', () => {
  it('keeps the tail, by which ids differ', () => {
    expect(middleOf('agent:main:discord:1465367993012981988')).toEqual(['agent:main:discord:14653679930', '12981988'])
    expect(middleOf('short')).toEqual(['short', ''])
  })

  it('does not cut a character in two', () => {
    const [head, tail] = middleOf('🎉'.repeat(30))
    expect(head + tail).toBe('🎉'.repeat(30))
    expect(tail).toBe('🎉'.repeat(8))
    expect(middleOf('👩‍👩‍👧‍👦'.repeat(20))[1]).toBe('👩‍👩‍👧‍👦'.repeat(8))
  })
})

describe('prettyJson', () => {
  it('copies numbers as they were written', () => {
    expect(prettyJson('{"id":1465367993012981988,"price":1.50,"big":1e400}')).toBe(
      '{ "id": 1465367993012981988, "price": 1.50, "big": 1e400 }',
    )
  })

  it('keeps what fits on one line and breaks what does not', () => {
    const rows = JSON.stringify([
      { day: '2026-01-01', loans: 0, branch: 'Harbour' },
      { day: '2026-01-02', loans: 277, branch: 'Harbour' },
    ])
    expect(prettyJson(rows)).toBe(
      '[\n  { "day": "2026-01-01", "loans": 0, "branch": "Harbour" },\n  { "day": "2026-01-02", "loans": 277, "branch": "Harbour" }\n]',
    )
    expect(prettyJson('{"a":{},"b":[]}')).toBe('{ "a": {}, "b": [] }')
  })

  it('reads escapes and structure inside strings as text', () => {
    expect(prettyJson('{"q":"\\u67e5\\u8be2, \\"{[:]}\\" \\n"}')).toBe('{ "q": "查询, \\"{[:]}\\" \\n" }')
  })

  it('means the same as what it was given', () => {
    const value = {
      a: [1, [2, { b: null, c: [true, false, 'x'.repeat(90)] }]],
      'k"ey': { deep: { deeper: 'y'.repeat(60) } },
    }
    expect(JSON.parse(prettyJson(JSON.stringify(value)) ?? '')).toEqual(value)
  })

  it('leaves alone what is no JSON object or array', () => {
    expect(prettyJson('{"cut": "in the mid [truncated] dle')).toBeNull()
    expect(prettyJson('42')).toBeNull()
    expect(prettyJson('')).toBeNull()
    expect(prettyJson('['.repeat(200_000) + ']'.repeat(200_000))).toBeNull()
  })
})

describe('a session id in a route', () => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/session/:id', name: 'session', component: { render: () => null } }],
  })

  it.each([
    'agent:main:discord:1465367993012981988',
    'a/b/../c?d=e#f',
    '..',
    '%2F%',
    '~',
    '~d800.',
    'tilde~7e.end',
    'half \ud83d pair',
    '🎉 会话',
    ' ',
    '',
  ])('comes back as it went in: %j', async (id) => {
    await router.push(sessionRoute(id))
    expect(router.currentRoute.value.name).toBe('session')
    expect(fromRouteId(String(router.currentRoute.value.params['id']))).toBe(id)
    // And through a URL, as back, forward and reload take it.
    const parsed = router.resolve(router.currentRoute.value.fullPath)
    expect(fromRouteId(String(parsed.params['id']))).toBe(id)
    expect(() => encodeURIComponent(toRouteId(id))).not.toThrow()
  })
})
