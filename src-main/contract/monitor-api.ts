import type { EventChannel, EventMap, InvokeChannel, InvokeMap } from './channels'
import type { Result } from './result'

/** `window.monitor`: the only bridge between the renderer and the rest of the program. */
export interface MonitorApi {
  /** Calls `channel` in the main process. Never rejects: a failure is a value. */
  invoke<C extends InvokeChannel>(
    channel: C,
    ...args: Parameters<InvokeMap[C]>
  ): Promise<Result<ReturnType<InvokeMap[C]>>>
  /** Listens to `channel`; the returned function stops it. */
  on<C extends EventChannel>(channel: C, listener: (payload: EventMap[C]) => void): () => void
  /**
   * Adds files or folders the user dropped on the window. Takes the drop event's own File objects, whose paths only
   * the operating system can set, so a page cannot name a path of its choice.
   */
  addDropped(files: readonly File[]): Promise<Result<readonly string[]>>
}

declare global {
  interface Window {
    readonly monitor: MonitorApi
  }
}
