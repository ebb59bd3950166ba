import { describe, expect, expectTypeOf, test } from 'vitest'
import { Failure, ok } from '../../../../src-main/shared/result'
import type { LogFields } from '../../../../src-main/desktop/lifecycle/program-log'
import type { InvokeChannel, Result } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'
import { handleAll } from '../../../../src-main/desktop/ipc/handle'
import type { HandledChannel, Handlers } from '../../../../src-main/api/handler'
import { allHandlers } from '../../../../src-main/api/all-handlers'
import type { HandlerServices } from '../../../../src-main/api/all-handlers'
import type { SenderEvent } from '../../../../src-main/desktop/ipc/sender'
import { appCalls, engineCalls } from '../../../../src-main/contract/calls'

const ours: SenderEvent = { sender: { id: 1 }, senderFrame: { origin: 'app://monitor', parent: null } }
const stranger: SenderEvent = { sender: { id: 2 }, senderFrame: { origin: 'app://monitor', parent: null } }

type Listener = (event: SenderEvent, ...args: unknown[]) => Promise<string>

/** The real handlers on services that write down what reaches them. */
function listening(answer: (name: string) => unknown = () => ok('answer')) {
  const reached: unknown[][] = []
  const logged: { event: string; fields: LogFields }[] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      reached.push([name, ...args])
      return Promise.resolve(answer(name))
    }
  const services = {
    engine: { call: note('engine') as unknown as EngineClient['call'] },
    sources: { choose: note('choose'), add: note('add'), openSample: note('openSample'), remove: note('remove') },
    exports: { run: note('export'), cancel: note('cancel') },
    settings: { get: () => ({}), change: (change: unknown) => change },
    app: {
      info: () => ({}),
      pageReady: note('pageReady'),
      showSession: note('showSession'),
      openWindow: note('openWindow'),
    },
  } as unknown as HandlerServices
  const listeners = new Map<string, Listener>()
  let clock = 0
  handleAll(allHandlers(services), {
    ipc: { handle: (channel, listener) => void listeners.set(channel, listener) },
    trusted: () => ({ contentsIds: new Set([1]), origin: 'app://monitor' }),
    log: {
      info: () => undefined,
      warn: (event, fields = {}) => logged.push({ event, fields }),
      error: (event, _error, fields = {}) => logged.push({ event, fields }),
    },
    now: () => (clock += 150),
  })
  const send = async (channel: string, args: unknown[], from = ours): Promise<Result<unknown>> =>
    JSON.parse(await listeners.get(channel)!(from, ...args)) as Result<unknown>
  return { send, reached, logged, channels: [...listeners.keys()] }
}

describe('every message from a page', () => {
  test('has a handler: the channels of the contract, the drop channel, and no other', () => {
    expect(listening().channels.toSorted()).toEqual(
      [...Object.keys(engineCalls), ...Object.keys(appCalls), 'sources:add-dropped'].toSorted(),
    )
  })

  test('has a handler, or does not compile', () => {
    expectTypeOf<keyof Handlers>().toEqualTypeOf<InvokeChannel | 'sources:add-dropped'>()
    expectTypeOf<Omit<Handlers, 'overview'>>().not.toExtend<Handlers>()
    expectTypeOf<Handlers<'overview'>>().not.toExtend<Handlers>()
    expectTypeOf<HandledChannel>().toEqualTypeOf<keyof Handlers>()
  })

  test('from an unknown sender is refused on every channel and reaches nothing', async () => {
    const { send, reached, logged, channels } = listening()
    for (const channel of channels) {
      expect(await send(channel, [], stranger)).toMatchObject({ ok: false, error: { code: 'refused', where: channel } })
    }
    expect(reached).toEqual([])
    expect(logged.map(({ event }) => event)).toEqual(channels.map(() => 'ipc-unknown-sender'))
  })

  const bytes = new Uint8Array(3)
  test.each<[string, unknown[]]>([
    ['overview', []],
    ['overview', [{ recentLimit: 5 }, 'one too many']],
    ['overview', [{ recentLimit: 101 }]],
    ['overview', [{ recentLimit: -1 }]],
    ['overview', [{ recentLimit: 1.5 }]],
    ['overview', [{ recentLimit: NaN }]],
    ['overview', [{ recentLimit: '5' }]],
    ['overview', [{ recentLimit: 5, extra: 1 }]],
    ['overview', [null]],
    ['sessions', [{ sortBy: 'toString', descending: true, offset: 0, limit: 0 }]],
    ['sessions', [{ sortBy: 'cost; DROP TABLE rounds', descending: true, offset: 0, limit: 0 }]],
    ['sessions', [{ sortBy: 'cost', descending: 1, offset: 0, limit: 0 }]],
    ['sessions', [{ sortBy: 'cost', descending: true, offset: -1, limit: 0 }]],
    ['sessionHeader', [7]],
    ['sessionHeader', [['a']]],
    ['sessionHeader', ['x'.repeat(1_000_001)]],
    ['sessionRounds', [{ sessionId: 'a', from: 0, limit: 10 }]],
    ['sessionRounds', [{ sessionId: 'a', from: 1, limit: 501 }]],
    ['sessionRounds', [{ sessionId: 'a', from: Infinity, limit: 5 }]],
    ['searchStart', [{ text: '', limit: 10 }]],
    ['searchStart', [{ text: 'a', limit: 0 }]],
    ['searchStart', [{ text: 'a', limit: 10, order: 'best' }]],
    ['searchStart', [{ text: 'a', limit: 10, roles: [7] }]],
    ['searchNext', ['1']],
    ['sourcesStatus', [1]],
    ['sources:choose', ['disk']],
    ['sources:remove', ['relative/path']],
    ['sources:remove', ['/a\0b']],
    ['sources:add-dropped', ['/not/a/list']],
    ['sources:add-dropped', [['/fine', 7]]],
    ['sources:add-dropped', [Array.from({ length: 1001 }, () => '/a')]],
    ['export:run', [{ what: 'report', format: 'exe' }]],
    ['export:run', [{ what: 'report', format: 'json', path: '/etc/passwd' }]],
    ['export:run', [{ what: 'session', format: 'json' }]],
    ['export:run', [{ what: 'rounds', format: 'json' }]],
    ['export:cancel', ['1']],
    ['settings:set', [{ timeZone: 'Mars/Olympus' }]],
    ['settings:set', [{ keepRunning: 1 }]],
    ['settings:set', [{ theme: 'purple' }]],
    ['settings:set', [{ theme: undefined }]],
    ['settings:set', [{ sources: ['/etc'] }]],
    ['settings:set', [{ sessionSort: { sortBy: '', descending: true } }]],
    ['settings:set', [bytes]],
    ['app:session-shown', [undefined]],
    ['app:new-window', ['https://example.org/']],
    ['app:new-window', ['/over view']],
  ])('%s with malformed arguments %j is refused', async (channel, args) => {
    const { send, reached, logged } = listening()
    expect(await send(channel, args)).toMatchObject({ ok: false, error: { code: 'refused', where: channel } })
    expect(reached).toEqual([])
    expect(logged).toMatchObject([{ event: 'ipc-malformed', fields: { channel } }])
  })

  test('a refusal is logged without what was sent', async () => {
    const { send, logged } = listening()
    await send('sessionHeader', [{ secret: 'secret' }])
    await send('settings:set', [{ secret: 'secret' }])
    await send('overview', [{ recentLimit: 'secret' }])
    expect(JSON.stringify(logged.map(({ fields }) => Object.values(fields)))).not.toContain('"secret"')
  })

  test.each<[string, unknown[], unknown[]]>([
    ['overview', [{ recentLimit: 5 }], ['engine', 'overview', { recentLimit: 5 }]],
    [
      'sessions',
      [{ sortBy: 'cost', descending: true, offset: 0, limit: 0 }],
      ['engine', 'sessions', { sortBy: 'cost', descending: true, offset: 0, limit: 0 }],
    ],
    ['sessionHeader', ['a/../b'], ['engine', 'sessionHeader', 'a/../b']],
    [
      'sessionRounds',
      [{ sessionId: '', from: 1, limit: 500 }],
      ['engine', 'sessionRounds', { sessionId: '', from: 1, limit: 500 }],
    ],
    ['sourcesStatus', [], ['engine', 'sourcesStatus']],
    ['progress', [], ['engine', 'progress']],
    ['sources:choose', ['folder'], ['choose', 'folder']],
    ['sources:open-sample', [], ['openSample']],
    ['sources:remove', ['/var/log/a'], ['remove', '/var/log/a']],
    ['sources:add-dropped', [['/a', '/b']], ['add', ['/a', '/b']]],
    [
      'export:run',
      [{ what: 'session', format: 'json', sessionId: 'a' }],
      ['export', { what: 'session', format: 'json', sessionId: 'a' }],
    ],
    ['export:cancel', [3], ['cancel', 3]],
    ['app:session-shown', [null], ['showSession', 1, null]],
    ['app:ready', [], ['pageReady', 1]],
    ['app:new-window', ['/session/a%20b'], ['openWindow', '/session/a%20b']],
  ])('%s reaches whom it is for', async (channel, args, expected) => {
    const { send, reached } = listening()
    expect(await send(channel, args)).toMatchObject({ ok: true })
    expect(reached).toEqual([expected])
  })

  test('that fails is answered by a value, with its reason where it has one', async () => {
    const missing = new Failure({ code: 'not-found', message: 'No such session.', where: 'a' })
    const failing = (error: Error) => listening(() => Promise.reject(error)).send('sessionHeader', ['a'])
    expect(await failing(missing)).toEqual({ ok: false, error: missing.error })
    expect(await failing(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toMatchObject({
      error: { code: 'disk-full' },
    })
    const unexpected = await failing(new TypeError('the text of a conversation'))
    expect(unexpected).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(unexpected)).not.toContain('conversation')
  })

  test('that is slow is logged by its channel, unless it waited for the user', async () => {
    const { send, logged } = listening()
    await send('overview', [{ recentLimit: 5 }])
    await send('sources:choose', ['folder'])
    expect(logged).toEqual([{ event: 'ipc-slow', fields: { channel: 'overview', ms: 150 } }])
  })
})
