import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineEvents } from '../../../src-main/contract/index'
import { liveEvents } from '../../../src-main/server/live-events'

type Listener = (payload: never) => void

function serving() {
  const listeners = new Map<keyof EngineEvents, Listener>()
  const live = liveEvents({
    call: () => Promise.reject(new Error('not asked')),
    on: (event, listener) => {
      listeners.set(event, listener)
      return () => undefined
    },
  })
  return {
    app: new Hono().get('/events', live.stream),
    close: live.close,
    raise: <E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]) =>
      listeners.get(event)?.(payload as never),
  }
}

const notice = (message: string) => ({ level: 'info', code: 'internal', message }) as const

let close: (() => void) | null = null
afterEach(() => {
  close?.()
  close = null
})

describe('the stream of events', () => {
  it('hands each notice and the latest state to a reader that is slower than they come', async () => {
    const server = serving()
    close = server.close
    const reader = (await server.app.request('/events')).body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toContain('event: hello')
    for (const revision of [1, 2, 3]) {
      server.raise('notice', notice(`notice ${revision}`))
      server.raise('changed', { revision })
    }
    let received = ''
    while (!received.includes('notice 3')) received += (await reader.read()).value ?? ''
    expect(received.match(/"message":"[^"]*"/g)).toEqual([1, 2, 3].map((number) => `"message":"notice ${number}"`))
    expect(received.match(/"revision":\d/g)).toEqual(['"revision":3'])
  })
})
