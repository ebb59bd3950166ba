import type { IpcRenderer } from 'electron'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { EventChannel, InvokeChannel, MonitorBridge } from '../../../src-main/contract/index'
import { createBridge } from '../../../src-main/preload/bridge'
import { appCalls, appEvents, engineCalls, sharedEvents } from '../../../src-main/contract/calls'

function bridge(
  invoke: (channel: string, ...args: unknown[]) => Promise<unknown> = () => Promise.resolve('{"ok":true}'),
) {
  const sent: unknown[][] = []
  const listeners = new Map<string, Set<(...args: unknown[]) => void>>()
  const ipc = {
    invoke: (...args: [string, ...unknown[]]) => {
      sent.push(args)
      return invoke(...args)
    },
    on: (channel: string, listener: (...args: unknown[]) => void) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: (...args: unknown[]) => void) => listeners.get(channel)?.delete(listener),
  } as unknown as IpcRenderer
  const push = (channel: string, payload: unknown): void => {
    for (const listener of listeners.get(channel) ?? []) listener({ sender: ipc, ports: [] }, payload)
  }
  const pathOf = (file: File): string => (file.name.startsWith('/') ? file.name : '')
  const api = createBridge({ ipc, pathOf })
  // As a page calls it that does not care for types.
  const untyped = api as unknown as Record<keyof MonitorBridge, (...args: unknown[]) => Promise<unknown>>
  return { api, untyped, sent, push, listenerCount: (channel: string) => listeners.get(channel)?.size ?? 0 }
}

const file = (name: string): File => new File([], name)

describe('window.monitor', () => {
  test('is the contract, and frozen', () => {
    const { api } = bridge()
    expect(Object.keys(api).toSorted()).toEqual(['addDropped', 'invoke', 'on'])
    expect(Object.isFrozen(api)).toBe(true)
  })

  test('lets a page make every call and hear every event of the contract', async () => {
    const { untyped, sent, api, listenerCount } = bridge()
    const calls = [...Object.keys(engineCalls), ...Object.keys(appCalls)]
    for (const call of calls) await untyped.invoke(call)
    expect(sent.map(([call]) => call)).toEqual(calls)
    for (const event of [...Object.keys(sharedEvents), ...Object.keys(appEvents)]) {
      api.on(event as EventChannel, () => undefined)
      expect(listenerCount(event)).toBe(1)
    }
    expectTypeOf<keyof typeof engineCalls | keyof typeof appCalls>().toEqualTypeOf<InvokeChannel>()
    expectTypeOf<keyof typeof sharedEvents | keyof typeof appEvents>().toEqualTypeOf<EventChannel>()
  })

  test('passes a call on, arguments and answer', async () => {
    const { api, sent } = bridge((_channel, query) => Promise.resolve(JSON.stringify({ ok: true, value: query })))
    expect(JSON.parse(await api.invoke('sessionHeader', 'a'))).toEqual({ ok: true, value: 'a' })
    expect(sent).toEqual([['sessionHeader', 'a']])
  })

  test.each([
    'sources:add-dropped',
    'toString',
    '__proto__',
    'ELECTRON_BROWSER_REQUIRE',
    '',
    null,
    { toString: () => 'app:info' },
  ])('does not call %s', async (channel) => {
    const { untyped, sent } = bridge()
    expect(JSON.parse(String(await untyped.invoke(channel)))).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(sent).toEqual([])
  })

  test('never rejects', async () => {
    const { api } = bridge(() => Promise.reject(new Error('An object could not be cloned.')))
    expect(JSON.parse(await api.invoke('sourcesStatus'))).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(await api.addDropped([file('/a')])).toMatchObject({ ok: false, error: { code: 'refused' } })
  })

  test('hands a listener the payload and nothing else', () => {
    const { api, push, listenerCount } = bridge()
    const heard: unknown[][] = []
    const stop = api.on('changed', (...args: unknown[]) => void heard.push(args))
    push('changed', { revision: 3 })
    expect(heard).toEqual([[{ revision: 3 }]])
    stop()
    push('changed', { revision: 4 })
    expect(heard).toHaveLength(1)
    expect(listenerCount('changed')).toBe(0)
  })

  test('stops one listener and leaves its twin', () => {
    const { api, push } = bridge()
    let heard = 0
    const listener = (): void => void (heard += 1)
    const stop = api.on('changed', listener)
    api.on('changed', listener)
    stop()
    stop()
    push('changed', { revision: 1 })
    expect(heard).toBe(1)
  })

  test('does not listen to other channels, nor with something that is no function', () => {
    const { untyped, listenerCount } = bridge()
    expect(() => untyped.on('some:channel', () => undefined)).toThrow(TypeError)
    expect(() => untyped.on('hasOwnProperty', () => undefined)).toThrow(TypeError)
    expect(() => untyped.on('changed', 'text')).toThrow(TypeError)
    expect(listenerCount('changed')).toBe(0)
  })

  test('adds the paths of dropped files, not of files a page made up', async () => {
    const { api, sent } = bridge()
    await api.addDropped([file('/logs/access.log'), file('made-up')])
    expect(sent).toEqual([['sources:add-dropped', ['/logs/access.log']]])
    expect(await api.addDropped([file('made-up')])).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(sent).toHaveLength(1)
  })

  test.each([undefined, null, [null], ['/etc'], 7])('refuses %j as dropped files', async (files) => {
    const { untyped, sent } = bridge()
    expect(await untyped.addDropped(files)).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(sent).toEqual([])
  })
})
