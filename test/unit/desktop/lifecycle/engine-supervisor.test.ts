import { beforeEach, describe, expect, test } from 'vitest'
import { superviseEngine } from '../../../../src-main/desktop/lifecycle/engine-supervisor'
import type { SupervisedEngine } from '../../../../src-main/desktop/lifecycle/engine-supervisor'
import { ok } from '../../../../src-main/shared/result'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { AppError, Notice } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'
import { eventually } from '../../../fixtures/patience'

/** An engine that answers with its own number, and dies when told. */
class FakeEngine {
  readonly number: number
  readonly listeners = new Set<(payload: unknown) => void>()
  closed = false
  #onFailure: ((error: AppError) => void) | null = null

  constructor(number: number) {
    this.number = number
  }

  call(): Promise<unknown> {
    return Promise.resolve(ok(this.number))
  }

  on(_event: string, listener: (payload: unknown) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  onFailure(listener: (error: AppError) => void): void {
    this.#onFailure = listener
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }

  fail(code: AppError['code']): void {
    this.#onFailure?.({ code, message: code })
  }
}

let engines: FakeEngine[]
let notices: Notice[]
let restarts: number
let engine: SupervisedEngine

beforeEach(() => {
  engines = []
  notices = []
  restarts = 0
  engine = superviseEngine({
    start: () => {
      const started = new FakeEngine(engines.length + 1)
      engines.push(started)
      return started as unknown as EngineClient
    },
    onRestarted: () => (restarts += 1),
    notify: (notice) => notices.push(notice),
    texts: () => textsFor('en', 'en'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
})

const told = (count: number): Promise<unknown> => eventually(() => expect(notices).toHaveLength(count))

describe('an engine whose thread dies', () => {
  test('is started again, told what to watch, and the user is told', async () => {
    engines[0]!.fail('internal')
    await told(1)
    expect(await engine.call('progress')).toEqual(ok(2))
    expect(engines[0]!.closed).toBe(true)
    expect(restarts).toBe(1)
    expect(notices).toMatchObject([{ level: 'warning' }])
  })

  test('is still listened to afterwards, by those who have not stopped', async () => {
    const heard: unknown[] = []
    engine.on('changed', (change) => heard.push(change))
    const stop = engine.on('changed', () => heard.push('stopped'))
    stop()
    engines[0]!.fail('internal')
    await told(1)
    for (const listener of engines[1]!.listeners) listener({ revision: 7 })
    expect(heard).toEqual([{ revision: 7 }])
  })

  test('while the program quits stays off', async () => {
    engines[0]!.fail('internal')
    await engine.close()
    await eventually(() => expect(engines[0]!.closed).toBe(true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(engines).toHaveLength(1)
    expect(notices).toEqual([])
  })

  test('twice stays off, and that is told too', async () => {
    engines[0]!.fail('internal')
    await told(1)
    engines[1]!.fail('internal')
    await told(2)
    expect(engines).toHaveLength(2)
    expect(restarts).toBe(1)
    expect(notices.map(({ level }) => level)).toEqual(['warning', 'error'])
  })
})

test.each(['store-in-use', 'store-newer', 'permission', 'disk-full'] as const)(
  'a store that cannot be opened (%s) is told in the engine’s words and not tried again',
  async (code) => {
    engines[0]!.fail(code)
    await told(1)
    expect(engines).toHaveLength(1)
    expect(notices).toEqual([{ level: 'error', code, message: code }])
  },
)

describe('restarting', () => {
  test('quit while the data folder is copied, no other engine is started: nobody would close it', async () => {
    let copied: () => void = () => undefined
    const restarted = engine.restart(() => new Promise<void>((resolve) => (copied = resolve)))
    await eventually(() => expect(engines[0]?.closed).toBe(true))
    await engine.close()
    copied()
    expect(await restarted).toMatchObject({ ok: false })
    expect(engines).toHaveLength(1)
  })

  test('of an engine that has just died, one other is started, not two', async () => {
    engines[0]?.fail('internal')
    const restarted = engine.restart(() => new Promise<void>((resolve) => setTimeout(resolve, 5)))
    expect(await restarted).toMatchObject({ ok: true })
    expect(engines.filter(({ closed }) => !closed)).toHaveLength(1)
    expect(await engine.call('progress')).toEqual(ok(engines.length))
  })
})
