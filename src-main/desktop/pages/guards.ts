import type { App, Session, WebContents } from 'electron'
import { originOf } from './origin'
import type { TrustedPages } from './origin'
import { isRoute } from '../../shared/route'

/**
 * What a page may not do, whatever ends up running in it: a conversation from a log is hostile text, and the page that
 * shows it stands behind these walls.
 */
export interface GuardOptions {
  readonly pages: TrustedPages
  readonly onExternalLink: (url: string) => void
  /** A page of the program is wanted in a window of its own: `route` is what follows the `#` of its address. */
  readonly onOwnLink: (route: string) => void
  readonly onDenied: (what: string) => void
}

/** Every web contents there will ever be, those nobody meant to create included. */
export function guardContents(app: App, options: GuardOptions): void {
  app.on('web-contents-created', (_event, contents) => guardOne(contents, options))
}

function guardOne(contents: WebContents, { pages, onExternalLink, onOwnLink, onDenied }: GuardOptions): void {
  // The pages move by their own router. The dev server reloads its page when a file changed.
  const isOwnReload = (url: string): boolean => pages.development && originOf(url) === pages.origin

  contents.on('will-frame-navigate', (event) => {
    if (isOwnReload(event.url)) return
    event.preventDefault()
    onDenied('navigation')
    if (event.isMainFrame) onExternalLink(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnReload(event.url)) event.preventDefault()
  })
  // Chromium opens no window itself: one of its making would not have the walls of ours.
  contents.setWindowOpenHandler(({ url }) => {
    const route = routeOf(url, pages)
    if (route !== null) onOwnLink(route)
    else {
      onDenied('window')
      onExternalLink(url)
    }
    return { action: 'deny' }
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    onDenied('webview')
  })
}

/** Permissions, downloads, devices, and any request that is not for the program's own files. */
export function guardSession(session: Session, { pages, onDenied }: GuardOptions): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const granted = details.isMainFrame && mayHave(permission, details.requestingUrl, pages)
    if (!granted) onDenied(`permission ${permission}`)
    answer(granted)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin, pages))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    event.preventDefault()
    onDenied('download')
  })
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayRequest(details.url, pages)
    if (cancel) onDenied(`request ${details.resourceType}`)
    answer({ cancel })
  })
}

/** The route of one of the program's own pages; null for any other address. */
export function routeOf(url: string, pages: TrustedPages): string | null {
  if (originOf(url) !== pages.origin) return null
  const { pathname, search, hash } = new URL(url)
  return pathname === new URL(pages.startUrl).pathname && search === '' && isRoute(hash.slice(1)) ? hash.slice(1) : null
}

/** Writing text to the clipboard is what a copy button does; it reads nothing. */
export function mayHave(permission: string, origin: string, pages: TrustedPages): boolean {
  return permission === 'clipboard-sanitized-write' && originOf(origin) === pages.origin
}

export function mayRequest(url: string, pages: TrustedPages): boolean {
  if (originOf(url) === pages.origin) return true
  if (/^(data|blob|devtools):/i.test(url)) return true
  return pages.development && originOf(url.replace(/^ws:/i, 'http:')) === pages.origin
}
