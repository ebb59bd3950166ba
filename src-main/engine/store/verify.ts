import type { Notice } from '../../contract/index'
import { EngineError } from '../base/errors'
import { sessionDifferences, type SessionDifference } from '../index/queries/index-differences'
import { blockPlaces, seqsInOrder, sessionCount } from '../index/queries/locate'
import { lineHash, messagesChecksum } from '../parse/line-hash'
import { splitLine } from '../parse/split'
import { Conversations } from '../sessions/conversations'
import { openStore, type StoreOptions } from './open-store'
import type { Store } from './store'

/** The result of checking a data folder. */
interface Verification {
  readonly blocks: number
  readonly requests: number
  readonly sessions: number
  /** Problems with the archive, or with the saved index. */
  readonly problems: readonly Notice[]
  /** Sessions whose sums in the index differ from the archive; at most 20. */
  readonly differences: readonly SessionDifference[]
  /** Lines that were restored from the archive and compared with their identity; null when that was not requested. */
  readonly linesChecked: number | null
  /** Numbers of requests whose restored line differs from the one that was read; at most 20. */
  readonly badLines: readonly number[]
}

const TOLD = 20

/**
 * Checks the archive block by block, and compares the index with one rebuilt from it. Writes nothing, and may run while
 * another process writes. `lines` also restores every line, which takes about as long as reading the logs did.
 */
export async function verifyStore(
  options: Omit<StoreOptions, 'mode' | 'rebuild'>,
  { lines }: { readonly lines: boolean },
): Promise<Verification> {
  const used = await openStore({ ...options, mode: 'read' })
  try {
    const anew = await openStore({ ...options, mode: 'read', rebuild: true })
    try {
      catchUp(used, anew)
      const blocks = blockPlaces(anew.index)
      const badLines = lines ? wrongLines(anew) : []
      return {
        blocks: blocks.length,
        requests: anew.index.requestCount(),
        sessions: sessionCount(anew.index),
        problems: [
          ...used.notices,
          ...anew.notices.filter(({ where }) => !used.notices.some((o) => o.where === where)),
        ],
        differences: sessionDifferences(used.index, anew.index, TOLD),
        linesChecked: lines ? anew.index.requestCount() : null,
        badLines,
      }
    } finally {
      anew.close()
    }
  } finally {
    used.close()
  }
}

/** Another process may append between the two openings, so both are brought to the same position. */
function catchUp(used: Store, anew: Store): void {
  for (let tries = 0; tries < 10; tries += 1) {
    used.refresh()
    anew.refresh()
    if (used.archive.end.nextSeq === anew.archive.end.nextSeq) return
  }
}

function wrongLines({ archive, index }: Store): number[] {
  const conversations = new Conversations(archive, index)
  const wrong: number[] = []
  for (const seq of seqsInOrder(index)) {
    if (wrong.length >= TOLD) break
    try {
      const line = conversations.line(seq)
      if (line === null || identityOf(line) !== conversations.frame(seq).hash) wrong.push(seq)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      wrong.push(seq)
    }
  }
  return wrong
}

function identityOf(line: Buffer): string {
  const span = splitLine(line, () => null)?.span ?? null
  return lineHash(line, span, span === null ? 0 : messagesChecksum(line, span, null))
}
