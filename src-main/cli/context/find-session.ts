import type { SessionRow } from '../../contract/index'
import { requireSession as requireIndexed } from '../../engine/index/queries/sessions'
import type { SessionIndex } from '../../engine/index/tables/session-index'

/** The session with that id, and its session.id. Throws `not-found`. */
export function requireSession(
  index: SessionIndex,
  sessionId: string,
): { readonly id: number; readonly row: SessionRow } {
  return requireIndexed(index, sessionId, { hint: 'See "list --limit 0" for the ids.' })
}
