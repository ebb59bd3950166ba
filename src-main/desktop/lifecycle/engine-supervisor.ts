import type { AppError, Notice, Result } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { EngineEvents } from '../../contract/index'
import type { ProgramLog } from './program-log'
import { failed, ok } from '../../shared/result'
import type { Texts } from '../words/texts'

export interface SupervisedEngine extends Pick<EngineClient, 'call' | 'on' | 'close'> {
  /**
   * Closes the engine, does `between`, and starts another one as `start` says then. What is asked meanwhile waits for
   * it. Resolves to whether that one could open its store.
   */
  restart(between?: () => Promise<void>): Promise<Result<void>>
}

export interface SupervisorOptions {
  readonly start: () => EngineClient
  /** The new engine knows nothing of what the old one was told. */
  readonly onRestarted: () => void
  readonly notify: (notice: Notice) => void
  readonly texts: () => Texts
  readonly log: ProgramLog
}

type Subscription = (engine: EngineClient) => () => void

/**
 * The engine, started again once when its thread dies. A store that could not be opened is told and left: opening it
 * again would fail in the same way.
 */
export function superviseEngine({ start, onRestarted, notify, texts, log }: SupervisorOptions): SupervisedEngine {
  const subscriptions = new Map<Subscription, () => void>()
  let restarted = false
  let closing = false
  let switching: Promise<unknown> = Promise.resolve()
  let engine = watched(start())

  function watched(started: EngineClient): EngineClient {
    started.onFailure((error) => {
      log.warn('engine-failed', { code: error.code })
      // The thread may have died while the client was still being made.
      queueMicrotask(() => void recover(started, error))
    })
    return started
  }

  async function recover(dead: EngineClient, error: AppError): Promise<void> {
    if (error.code !== 'internal') {
      notify({ level: 'error', ...error })
      return
    }
    if (restarted) {
      const { engineGone, engineGoneHint } = texts()
      notify({ level: 'error', code: 'internal', message: engineGone, hint: engineGoneHint })
      return
    }
    restarted = true
    // In turn with restart(): two engines at a time would find the store in use by each other.
    const recovering = switching.then(async () => {
      await dead.close()
      if (closing || dead !== engine) return false
      startAnother()
      return true
    })
    switching = recovering.catch(() => undefined)
    if (!(await recovering)) return
    const { engineCrashed, engineCrashedHint } = texts()
    notify({ level: 'warning', code: 'internal', message: engineCrashed, hint: engineCrashedHint })
    onRestarted()
  }

  function startAnother(): void {
    engine = watched(start())
    for (const subscribe of subscriptions.keys()) subscriptions.set(subscribe, subscribe(engine))
  }

  /** Asked anew after every wait, where the compiler would take the former answer for granted. */
  const isClosing = (): boolean => closing

  async function restart(between: () => Promise<void>): Promise<Result<void>> {
    const gone = (): Result<void> => failed({ code: 'internal', message: texts().engineGone })
    await engine.close()
    if (isClosing()) return gone()
    try {
      await between()
    } finally {
      // The program may have been quit meanwhile, and nobody would close another one any more.
      if (!isClosing()) startAnother()
    }
    if (isClosing()) return gone()
    const opened = await engine.call('progress')
    return opened.ok ? ok(undefined) : opened
  }

  return {
    call: async (method, ...args) => {
      await switching
      return engine.call(method, ...args)
    },
    restart(between = () => Promise.resolve()) {
      const restarting = switching.then(() => restart(between))
      switching = restarting.catch(() => undefined)
      return restarting
    },
    on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void) {
      const subscribe: Subscription = (target) => target.on(event, listener)
      subscriptions.set(subscribe, subscribe(engine))
      return () => {
        subscriptions.get(subscribe)?.()
        subscriptions.delete(subscribe)
      }
    },
    close() {
      closing = true
      return engine.close()
    },
  }
}
