import type { InvokeChannel, InvokeMap, MonitorApi, MonitorBridge, Result } from '@contract'

/** The contract over the preload's bridge, whose answers are texts. */
export function overBridge(bridge: MonitorBridge): MonitorApi {
  return {
    invoke: async <C extends InvokeChannel>(channel: C, ...args: Parameters<InvokeMap[C]>) =>
      JSON.parse(await bridge.invoke(channel, ...args)) as Result<ReturnType<InvokeMap[C]>>,
    on: (channel, listener) => bridge.on(channel, listener),
    addDropped: (files) => bridge.addDropped(files),
  }
}
