import { onScopeDispose } from 'vue'
import type { EventChannel, EventMap, MonitorApi, MonitorBridge } from '@contract'
import { overBridge } from './bridge'
import { createClient } from './client'
import { createHttpApi } from './http'

export { MonitorError, toAppError } from './error'

/** The one place that touches `window.monitor`; where there is none, the page came from a server and asks that. */
let overHttp: MonitorApi | undefined
export const api = createClient(() => {
  const { monitor } = window as { monitor?: MonitorBridge }
  if (monitor !== undefined) return overBridge(monitor)
  if (/^https?:$/.test(location.protocol)) overHttp ??= createHttpApi()
  return overHttp
})

/** Listens to a pushed event for as long as the calling component or store lives. */
export function useEvent<C extends EventChannel>(channel: C, listener: (payload: EventMap[C]) => void): void {
  onScopeDispose(api.on(channel, listener))
}
