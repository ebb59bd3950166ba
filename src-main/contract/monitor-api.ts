import type { EventChannel, EventMap, InvokeChannel, InvokeMap } from './calls'
import type { Result } from './result'

/** What the pages ask of the rest of the program, over whatever way. */
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

/**
 * `window.monitor`: the only bridge between the renderer and the rest of the program. Answers are the JSON text of a
 * Result: Electron copies a value from the preload's world into the page's property by property, which takes half a
 * second for an outline of 10,000 rounds; a text takes no time.
 */
export interface MonitorBridge extends Omit<MonitorApi, 'invoke'> {
  invoke<C extends InvokeChannel>(channel: C, ...args: Parameters<InvokeMap[C]>): Promise<string>
}

declare global {
  interface Window {
    readonly monitor: MonitorBridge
  }
}
