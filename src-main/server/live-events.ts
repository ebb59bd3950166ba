import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { sharedEvents } from '../contract/calls'
import type { EventChannel, EventMap } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'

/** Proxies and phones close connections on which nothing comes; ms. */
const HEARTBEAT_MS = 20_000

/** Notices kept for a reader that is slower than they come. */
const MOST_NOTICES = 100

export interface LiveEvents {
  /** Answers with a stream of the engine's events, which ends when the client disconnects. */
  readonly stream: (c: Context) => Response
  readonly close: () => void
}

/** The engine's events as Server-Sent Events, each named as its channel. */
export function liveEvents(engine: Pick<EngineClient, 'call' | 'on'>): LiveEvents {
  const listeners = new Set<(channel: EventChannel, data: string) => void>()
  const enders = new Set<() => void>()
  const send = <C extends EventChannel>(channel: C, payload: EventMap[C]): void => {
    if (listeners.size === 0) return
    const data = JSON.stringify(payload)
    for (const listener of listeners) listener(channel, data)
  }
  for (const name of Object.keys(sharedEvents) as readonly (keyof typeof sharedEvents)[]) {
    engine.on(name, (payload) => {
      send(name, payload)
    })
  }
  engine.on('notice', (notice) => {
    send('app:notice', notice)
  })

  return {
    stream: (c) =>
      streamSSE(c, async (stream) => {
        // A slow reader gets the latest state of each kind, not a growing queue of all. Each notice happens once.
        const waiting = new Map<EventChannel, string>()
        let notices: string[] = []
        let wake: () => void = () => undefined
        const listener = (channel: EventChannel, data: string): void => {
          if (channel === 'app:notice') notices = [...notices, data].slice(-MOST_NOTICES)
          else waiting.set(channel, data)
          wake()
        }
        const state: { ended: boolean } = { ended: false }
        const end = (): void => {
          state.ended = true
          wake()
        }
        listeners.add(listener)
        enders.add(end)
        stream.onAbort(end)
        try {
          await stream.writeSSE({ event: 'hello', data: '{}' })
          while (!state.ended) {
            const batch = [...waiting, ...notices.map((data) => ['app:notice', data] as const)]
            waiting.clear()
            notices = []
            for (const [event, data] of batch) await stream.writeSSE({ event, data })
            if (waiting.size > 0 || notices.length > 0) continue
            const idle = await new Promise<boolean>((resolve) => {
              const timer = setTimeout(() => {
                resolve(true)
              }, HEARTBEAT_MS)
              wake = () => {
                clearTimeout(timer)
                resolve(false)
              }
            })
            if (idle) await stream.write(': still here\n\n')
          }
        } finally {
          listeners.delete(listener)
          enders.delete(end)
        }
      }),
    close: () => {
      for (const end of enders) end()
    },
  }
}
