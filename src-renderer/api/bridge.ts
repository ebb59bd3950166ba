import type { InvokeChannel, InvokeMap, MonitorApi, MonitorBridge, Result } from '@contract'

/** Characters of an answer from which on taking it in, reading it and showing it are tasks of their own. */
const LARGE = 500_000

/** Lets a frame be drawn before what comes next. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve)
  })

/** The contract over the preload's bridge, whose answers are texts. */
export function overBridge(bridge: MonitorBridge): MonitorApi {
  return {
    invoke: async <C extends InvokeChannel>(channel: C, ...args: Parameters<InvokeMap[C]>) => {
      const text = await bridge.invoke(channel, ...args)
      if (text.length < LARGE) return JSON.parse(text) as Result<ReturnType<InvokeMap[C]>>
      await nextTask()
      const answer = JSON.parse(text) as Result<ReturnType<InvokeMap[C]>>
      await nextTask()
      return answer
    },
    on: (channel, listener) => bridge.on(channel, listener),
    addDropped: (files) => bridge.addDropped(files),
  }
}
