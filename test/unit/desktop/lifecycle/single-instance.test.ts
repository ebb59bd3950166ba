import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import type { App } from 'electron'
import { describe, expect, test } from 'vitest'
import { becomeOnlyInstance } from '../../../../src-main/desktop/lifecycle/single-instance'

const log = resolve('/var/log/access.log')
const none = { openLogs: [], openSession: null }

function appThat(getsTheLock: boolean) {
  const given: unknown[] = []
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: (data: unknown) => {
      given.push(data)
      return getsTheLock
    },
  })
  return { app: app as unknown as App, given, emitter: app as EventEmitter }
}

describe('a second start', () => {
  test('hands its logs over and is not the only instance', () => {
    const { app, given } = appThat(false)
    expect(becomeOnlyInstance(app, { openLogs: [log], openSession: 's' }, () => undefined)).toBe(false)
    expect(given).toEqual([{ openLogs: [log], openSession: 's' }])
  })

  test.each([
    ['logs', { openLogs: [log], openSession: null }, { openLogs: [log], openSession: null }],
    ['a session', { openLogs: [], openSession: 'a:b' }, { openLogs: [], openSession: 'a:b' }],
    ['a relative path, whose folder nobody knows any more', { openLogs: ['access.log'], openSession: null }, none],
    ['something else', 'text', none],
    ['nothing', undefined, none],
  ])('that hands over %s is heard by the first', (_what, handedOver, expected) => {
    const { app, emitter } = appThat(true)
    const heard: unknown[] = []
    expect(becomeOnlyInstance(app, none, (asked) => heard.push(asked))).toBe(true)
    emitter.emit('second-instance', {}, ['electron'], '/', handedOver)
    expect(heard).toEqual([expected])
  })
})
