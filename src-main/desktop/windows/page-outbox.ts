import type { EventChannel, EventMap } from '../../contract/index'

/**
 * Events that happen once. A page asks for everything else when it starts, so it does not matter if it misses a change
 * before that; a page that misses one of these never learns of it.
 */
type OnceChannel = 'app:notice' | 'app:navigate' | 'app:command'

/** Events about a state that a page can ask for at any time. */
export type StateChannel = Exclude<EventChannel, OnceChannel>

export type OnceEvent = { readonly [C in OnceChannel]: readonly [channel: C, payload: EventMap[C]] }[OnceChannel]

/** The one-time events for the page of one window. It keeps them, in order, while no page listens. */
export interface PageOutbox {
  readonly send: (event: OnceEvent) => void
  /** The page listens to all of them from now on. */
  readonly ready: () => void
  /** A navigation began that may replace the page. */
  readonly leaving: () => void
  /** Loading stopped: if the navigation did not replace the page, the page still listens. */
  readonly settled: () => void
  /** The page was replaced or has crashed. */
  readonly gone: () => void
}

/** A page that never starts must not make the main process grow. */
export const MOST_KEPT = 100

export function createPageOutbox(push: (event: OnceEvent) => void): PageOutbox {
  let kept: OnceEvent[] = []
  let listening = false
  let leaving = false

  function flush(): void {
    if (!listening || leaving) return
    const events = kept
    kept = []
    for (const event of events) push(event)
  }

  return {
    send(event) {
      if (kept.length < MOST_KEPT) kept.push(event)
      flush()
    },
    ready() {
      listening = true
      flush()
    },
    leaving() {
      leaving = true
    },
    settled() {
      leaving = false
      flush()
    },
    gone() {
      listening = false
      leaving = false
    },
  }
}
