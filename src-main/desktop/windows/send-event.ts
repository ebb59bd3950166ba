import type { WebContents } from 'electron'
import type { EventChannel, EventMap } from '../../contract/index'

/** To a page, if it is there to hear it. */
export function sendEvent<C extends EventChannel>(page: WebContents, channel: C, payload: EventMap[C]): void {
  if (!page.isDestroyed() && !page.isCrashed()) page.send(channel, payload)
}
