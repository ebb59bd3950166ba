import { onScopeDispose } from 'vue'
import type { EventChannel, EventMap, MonitorApi } from '@contract'
import { createClient } from './client'

export { MonitorError, toAppError } from './error'

/** The one place that touches `window.monitor`. */
export const api = createClient(() => (window as { monitor?: MonitorApi }).monitor)

/** Listens to a pushed event for as long as the calling component or store lives. */
export function useEvent<C extends EventChannel>(channel: C, listener: (payload: EventMap[C]) => void): void {
  onScopeDispose(api.on(channel, listener))
}
