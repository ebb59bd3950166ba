import { InvalidArgumentError } from 'commander'
import { sessionLink } from '../../shared/session-link'

/** The links to a session; after `app` the names the original's demo uses. `baseUrl`: where "serve" is reached. */
export function sessionLinks(sessionId: string, baseUrl: string) {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new InvalidArgumentError('The base URL is no http or https address.')
  }
  if (/[?#]/.test(baseUrl)) throw new InvalidArgumentError('The base URL can have no "?" and no "#".')
  const base = baseUrl.replace(/\/+$/, '')
  const id = encodeURIComponent(sessionId.toWellFormed())
  return {
    app: sessionLink(sessionId),
    session_detail: `${base}/session?id=${id}`,
    api_session: `${base}/api/session?id=${id}`,
    index: `${base}/`,
    api_sessions: `${base}/api/sessions`,
    api_stats: `${base}/api/stats`,
  }
}
