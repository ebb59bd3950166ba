import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import type { App } from 'electron'
import { describe, expect, test } from 'vitest'
import { becomeOnlyInstance } from '../../../src-main/app/single-instance'

const log = resolve('/var/log/access.log')

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
    expect(becomeOnlyInstance(app, [log], () => undefined)).toBe(false)
    expect(given).toEqual([{ openLogs: [log] }])
  })

  test.each([
    ['logs', { openLogs: [log] }, [log]],
    ['none', { openLogs: [] }, []],
    ['a relative path, whose folder nobody knows any more', { openLogs: ['access.log'] }, []],
    ['something else', 'text', []],
    ['nothing', undefined, []],
  ])('that hands over %s is heard by the first', (_what, handedOver, expected) => {
    const { app, emitter } = appThat(true)
    const heard: (readonly string[])[] = []
    expect(becomeOnlyInstance(app, [], (paths) => heard.push(paths))).toBe(true)
    emitter.emit('second-instance', {}, ['electron'], '/', handedOver)
    expect(heard).toEqual([expected])
  })
})
