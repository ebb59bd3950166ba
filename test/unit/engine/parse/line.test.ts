import { describe, expect, it } from 'vitest'
import { parseLine, trimLine } from '../../../../src-main/engine/parse/line'
import { logLine } from '../../../fixtures/log-line'

const classify = (text: string | Buffer) => parseLine(trimLine(Buffer.from(text))).kind

describe('a line of the access log', () => {
  it('is a request when its ai_log holds an LLM request', () => {
    const outcome = parseLine(Buffer.from(logLine({ model: 'gpt-4o', session_id: 's' }, { request_id: 'r-1' })))
    expect(outcome).toMatchObject({ kind: 'request', ai: { model: 'gpt-4o' }, outer: { request_id: 'r-1' } })
  })

  it.each([
    ['"-"', logLine(undefined)],
    ['absent', '{"method":"GET"}'],
    ['null', '{"ai_log":null}'],
    ['empty', '{"ai_log":""}'],
    ['an empty object', '{"ai_log":"{}"}'],
    ['an object with nothing of an LLM request', '{"ai_log":"{\\"foo\\":1}"}'],
  ])('is no LLM request when ai_log is %s', (_, line) => {
    expect(classify(line)).toBe('not-llm')
  })

  it.each([
    ['text', 'upstream connect error'],
    ['half a line', logLine({ model: 'm' }).slice(0, -20)],
    ['an array', '[1,2]'],
    ['null', 'null'],
    ['a number', '42'],
    ['a broken inner JSON', '{"ai_log":"{\\"model\\":"}'],
    ['an inner array', '{"ai_log":"[]"}'],
    ['NUL bytes in the middle', '{"ai_log":\u0000"-"}'],
  ])('is malformed when it is %s', (_, line) => {
    expect(classify(line)).toBe('malformed')
  })

  it.each([
    ['nothing', ''],
    ['white space', ' \t\r'],
    ['a run of NUL bytes', Buffer.alloc(4096)],
    ['a byte-order mark', '\ufeff'],
  ])('is blank when it holds %s', (_, line) => {
    expect(classify(line)).toBe('blank')
  })

  it.each([
    ['a carriage return', `${logLine({ model: 'm' })}\r`],
    ['a byte-order mark', `\ufeff${logLine({ model: 'm' })}`],
    ['the NUL run that copytruncate leaves', `${'\u0000'.repeat(1000)}${logLine({ model: 'm' })}`],
  ])('counts in spite of %s, and is the same line without', (_, line) => {
    expect(classify(line)).toBe('request')
    expect(trimLine(Buffer.from(line)).toString()).toBe(logLine({ model: 'm' }))
  })

  it('counts in spite of invalid UTF-8', () => {
    const line = Buffer.from(logLine({ model: 'm', question: 'caf?' }))
    line[line.indexOf('caf?') + 3] = 0xe9
    const outcome = parseLine(line)
    expect(outcome).toMatchObject({ kind: 'request', ai: { question: 'caf\ufffd' } })
  })

  it('accepts an ai_log that is an object instead of a string', () => {
    expect(classify('{"ai_log":{"model":"m"}}')).toBe('request')
  })
})
