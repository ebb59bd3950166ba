import type { SessionRow } from '../../contract/index'
import { EngineError } from '../../engine/base/errors'
import { findSession } from '../../engine/index/queries/sessions'
import type { SessionIndex } from '../../engine/index/tables/session-index'

/** The session of that id, with its number in the index. Throws `not-found`. */
export function requireSession(
  index: SessionIndex,
  sessionId: string,
): { readonly id: number; readonly row: SessionRow } {
  const found = findSession(index, sessionId)
  if (found !== undefined) return found
  throw new EngineError('not-found', 'There is no session with this id.', {
    where: sessionId,
    hint: 'See "list --limit 0" for the ids.',
  })
}
