/** The scheme of the links that open the application: `agent-session-monitor://session/ID`. */
export const LINK_SCHEME = 'agent-session-monitor'

const PREFIX = `${LINK_SCHEME}://session/`
/** Longer ones are no link that anybody sends; systems cut command lines off not far above. */
const MAX_LINK = 8000

/** The link that opens the application at a session. */
export function sessionLink(sessionId: string): string {
  return PREFIX + encodeURIComponent(sessionId.toWellFormed())
}

/** The session id a link names; null when it is no such link. Any page can hand over anything here. */
export function sessionOfLink(link: string): string | null {
  if (link.length > MAX_LINK || link.slice(0, PREFIX.length).toLowerCase() !== PREFIX) return null
  try {
    const id = decodeURIComponent(link.slice(PREFIX.length).replace(/\/$/, ''))
    return id === '' || id.includes('\0') ? null : id
  } catch {
    return null
  }
}
