import type { EventChannel, EventMap, InvokeChannel, InvokeMap, MonitorApi, Result } from '@contract'
import { MonitorError, toAppError } from './error'

export interface Client {
  /** Calls the main process; throws a MonitorError where it reports a failure. */
  call<C extends InvokeChannel>(channel: C, ...args: Parameters<InvokeMap[C]>): Promise<ReturnType<InvokeMap[C]>>
  /** Listens until the returned function is called. */
  on<C extends EventChannel>(channel: C, listener: (payload: EventMap[C]) => void): () => void
  addDropped(files: readonly File[]): Promise<readonly string[]>
}

/** `bridge` is asked at each use: a page opened outside the application has none, and says so instead of breaking. */
export function createClient(bridge: () => MonitorApi | undefined): Client {
  function monitor(): MonitorApi {
    const found = bridge()
    if (found === undefined) {
      throw new MonitorError({ code: 'internal', message: 'This page works only inside Agent Session Monitor.' })
    }
    return found
  }

  async function unwrap<T>(answer: () => Promise<Result<T>>): Promise<T> {
    let result: Result<T>
    try {
      result = await answer()
    } catch (thrown) {
      throw new MonitorError(toAppError(thrown))
    }
    if (result.ok) return result.value
    throw new MonitorError(result.error)
  }

  return {
    call: (channel, ...args) => unwrap(() => monitor().invoke(channel, ...args)),
    on: (channel, listener) => monitor().on(channel, listener),
    addDropped: (files) => unwrap(() => monitor().addDropped(files)),
  }
}
