import { describe, expect, it } from 'vitest'
import { isWholeLine, parseLine } from '../../../../src-main/engine/parse/line'
import { logLine } from '../../../fixtures/log-line'

const AI = {
  model: 'qwen3-max',
  session_id: 'tab 7',
  input_token: 40,
  messages: [{ role: 'user', content: 'say "hi"' }],
}
const line = (field: string, raw: string) =>
  logLine(AI, { [field]: 'PLACE', request_id: 'r-7', response_code: '503' }).replace('PLACE', () => raw)

const BROKEN = [
  ['a quote', 'curl "7.1"'],
  ['an object', 'App/3 {"v":"1","n":[2]}'],
  ['a backslash', 'C:\\Users\\dev\\x'],
  ['a tab', 'a\tb'],
  ['a control character', 'a\u0001b\u001bc'],
  ['a quote and a comma', 'x","y'],
  ['a lone quote', '"'],
  ['a backslash at its end', 'x\\'],
] as const

describe('a line that a client broke', () => {
  for (const field of ['user_agent', 'path', 'x_forwarded_for', 'upstream_transport_failure_reason', 'authority']) {
    it.each(BROKEN)(`with %s in ${field} is read`, (_, raw) => {
      const outcome = parseLine(line(field, raw))
      expect(outcome).toMatchObject({
        kind: 'request',
        mended: true,
        ai: AI,
        outer: { request_id: 'r-7', response_code: '503', start_time: '2026-02-01T10:00:00.000Z' },
      })
    })
  }

  it('keeps what the client sent', () => {
    expect(parseLine(line('user_agent', 'curl "7.1" \\d'))).toMatchObject({ outer: { user_agent: 'curl "7.1" \\d' } })
  })

  it('believes no field that is there twice', () => {
    const outcome = parseLine(line('user_agent', 'x"\\d","response_code":"200","request_id":"forged'))
    expect(outcome).toMatchObject({ kind: 'request', ai: AI })
    expect(outcome).not.toHaveProperty('outer.response_code')
    expect(outcome).not.toHaveProperty('outer.request_id')
  })

  it('reads an ai_log that stands elsewhere in the line', () => {
    const text = line('user_agent', '"q"').replace(/^\{("ai_log":.*?[^\\]"),(.*)\}$/, '{$2,$1}')
    expect(text).toMatch(/"\}$/)
    expect(parseLine(text)).toMatchObject({ kind: 'request', ai: AI, outer: { request_id: 'r-7' } })
  })

  it('reads details that are logged beside ai_log as they are', () => {
    const text = logLine(AI).replace(/\}$/, ',"input_token_details":"{"cached_tokens":80,"audio_tokens":0}"}')
    expect(parseLine(text)).toMatchObject({
      kind: 'request',
      mended: true,
      ai: { ...AI, input_token_details: { cached_tokens: 80, audio_tokens: 0 } },
    })
  })

  it('says of a request without an LLM call that it is none', () => {
    expect(parseLine(logLine(undefined, { user_agent: 'PLACE' }).replace('PLACE', 'a "b"'))).toMatchObject({
      kind: 'not-llm',
    })
  })

  it.each([
    ['cut in its ai_log', logLine(AI).slice(0, 60)],
    ['cut after it', line('user_agent', '"x"').slice(0, -30)],
    ['without ai_log', '{"a":"b"c"}'],
  ])('stays malformed when it is %s', (_, text) => {
    expect(parseLine(text).kind).toBe('malformed')
  })

  it('is not taken for complete before its line break has come', () => {
    const text = line('user_agent', '{"v":"1"}')
    expect(isWholeLine(Buffer.from(text))).toBe(false)
    expect(isWholeLine(Buffer.from(logLine(AI)))).toBe(true)
  })
})

describe('an ai_log that the gateway escaped once more', () => {
  it('is read', () => {
    const twice = JSON.stringify({ ai_log: JSON.stringify(JSON.stringify(AI)).slice(1, -1), duration: 9 })
    expect(parseLine(twice)).toMatchObject({ kind: 'request', mended: false, ai: AI })
  })
})

describe('attributes logged beside ai_log', () => {
  it('belong to it', () => {
    const text = logLine(
      { api: '-', response_type: 'stream' },
      { model: 'm', input_token: '7', question: '[1]', consumer: 'c' },
    )
    expect(parseLine(text)).toMatchObject({
      kind: 'request',
      ai: { model: 'm', input_token: '7', question: '[1]', consumer: 'c', response_type: 'stream' },
    })
  })

  it('do not replace what is in it', () => {
    expect(parseLine(logLine({ model: 'inner' }, { model: 'outer' }))).toMatchObject({ ai: { model: 'inner' } })
  })
})

describe('a request of a route the plugin is on', () => {
  const PLAIN = { api: '-', llm_service_duration: 4, response_type: 'normal' }

  it.each([
    ['GET of a page', PLAIN, { method: 'GET', path: '/index.html' }, 'not-llm'],
    ['GET of the models', { ...PLAIN, session_id: 's' }, { method: 'GET', path: '/v1/models' }, 'not-llm'],
    ['POST elsewhere', PLAIN, { method: 'POST', path: '/login' }, 'not-llm'],
    ['POST to a model', PLAIN, { method: 'POST', path: '/v1/chat/completions?x=1' }, 'request'],
    ['a model answered', { ...PLAIN, model: 'm' }, { method: 'GET', path: '/x' }, 'request'],
    ['a rejected one', { api: '-', chat_round: 1 }, { method: 'POST', path: '/proxy' }, 'request'],
  ])('%s', (_, ai, outer, kind) => {
    expect(parseLine(logLine(ai, outer)).kind).toBe(kind)
  })
})
