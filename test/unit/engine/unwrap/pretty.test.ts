import { describe, expect, it } from 'vitest'
import { splitObjects } from '../../../../src-main/engine/unwrap/records'
import type { JsonObject } from '../../../../src-main/engine/base/json'
import { request, sessions, unwrap } from './gateway-log'

const object = (session: string) => JSON.parse(request(session)) as JsonObject
const spread = (value: unknown, indent: number | string = 2) => JSON.stringify(value, null, indent).split('\n')

describe('an object over many lines', () => {
  it('is one line, whose place is all of it', () => {
    const lines = spread(object('a'))
    const handed = unwrap([...lines, request('b')])
    expect(sessions(handed)).toEqual(['a', 'b'])
    expect(handed[0]).toMatchObject({
      wrapper: 'pretty',
      offset: 0,
      length: lines.join('\n').length + utf8Extra(lines),
    })
  })

  it.each([
    ['of two spaces', spread([{ message: request('a') }, { message: request('b') }])],
    ['of tabs', spread([object('a'), object('b')], '\t')],
    ['with an entry a line', ['[', `${request('a')},`, request('b'), ']']],
    ['with brackets beside the entries', [`[${request('a')},`, `${request('b')}]`]],
    ['with a comma before each entry', ['[', request('a'), ',', request('b'), ']']],
    ['as AWS prints it', spread({ events: [{ message: request('a') }, { message: request('b') }] }, 4)],
  ])('an array %s is its entries', (_, lines) => {
    const handed = unwrap(lines)
    expect(sessions(handed)).toEqual(['a', 'b'])
    expect(handed.filter(({ text }) => text !== '')).toHaveLength(2)
  })

  it('inside a wrapper is one line too', () => {
    const lines = spread(object('a')).map((text) => `2026-03-04T17:20:30Z stdout F ${text}`)
    expect(sessions(unwrap(lines))).toEqual(['a'])
  })

  it('that breaks off is cut, and what follows is read', () => {
    const handed = unwrap([...spread(object('a')).slice(0, 3), 'goroutine 1 [running]:', request('b')])
    expect(handed).toMatchObject([{ kind: 'cut' }, { text: 'goroutine 1 [running]:' }, { kind: 'whole' }])
    expect(sessions(unwrap([...spread(object('a')).slice(0, 3), request('b')]))).toEqual(['b'])
  })

  it('a bracket alone is nothing', () => {
    expect(unwrap(['[', ']', ','])).toMatchObject([{ text: '' }, { text: '' }, { text: '' }])
  })
})

describe('objects one after another on a line', () => {
  it('are told apart', () => {
    const both = splitObjects(Buffer.from(`${request('a')}${request('b')} ${request('c')}`))
    expect(both?.map(String)).toEqual([request('a'), request('b'), request('c')])
  })

  it.each([
    ['one object', request('a')],
    ['an object and half of one', `${request('a')}{"ai_log":`],
    ['an object and text', `${request('a')} done`],
  ])('%s is not several', (_, text) => {
    expect(splitObjects(Buffer.from(text))).toBeNull()
  })
})

function utf8Extra(lines: readonly string[]): number {
  const text = lines.join('\n')
  return Buffer.byteLength(text) - text.length
}
