import type { BrowserWindow } from 'electron'
import type { EventChannel, EventMap } from '../contract/index'

export interface EventSender {
  /** To the window's page, if there is one. */
  send<C extends EventChannel>(channel: C, payload: EventMap[C]): void
}

export function createEventSender(window: () => BrowserWindow | null): EventSender {
  return {
    send(channel, payload) {
      const target = window()
      if (target === null || target.isDestroyed()) return
      const page = target.webContents
      if (page.isDestroyed() || page.isCrashed()) return
      page.send(channel, payload)
    },
  }
}
