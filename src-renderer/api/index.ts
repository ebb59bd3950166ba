import { onScopeDispose } from 'vue'
import type { EventChannel, EventMap, MonitorApi } from '@contract'
import { createClient } from './client'
import { createHttpApi } from './http'

export { DEFAULT_SETTINGS } from './default-settings'
export { MonitorError, toAppError } from './error'

/** The one place that touches `window.monitor`; where there is none, the page came from a server and asks that. */
let overHttp: MonitorApi | undefined
export const api = createClient(() => {
  const { monitor } = window as { monitor?: MonitorApi }
  if (monitor !== undefined || !/^https?:$/.test(location.protocol)) return monitor
  overHttp ??= createHttpApi()
  return overHttp
})

/** Listens to a pushed event for as long as the calling component or store lives. */
export function useEvent<C extends EventChannel>(channel: C, listener: (payload: EventMap[C]) => void): void {
  onScopeDispose(api.on(channel, listener))
}
