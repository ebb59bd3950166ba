import type { Notice } from '../../contract/index'
import { EngineError } from '../base/errors'
import { sessionDifferences, type SessionDifference } from '../index/queries/index-differences'
import { blockPlaces, seqsInOrder, sessionCount } from '../index/queries/locate'
import { lineHash, messagesChecksum } from '../parse/line-hash'
import { splitLine } from '../parse/split'
import { Conversations } from '../sessions/conversations'
import { openStore, type StoreOptions } from './open-store'
import type { Store } from './store'

/** What a check of a data folder found. */
interface Verification {
  readonly blocks: number
  readonly requests: number
  readonly sessions: number
  /** What is wrong with the archive, or was with the saved index. */
  readonly problems: readonly Notice[]
  /** Sessions whose sums in the index in use are not those of the archive; at most 20. */
  readonly differences: readonly SessionDifference[]
  /** Lines put together again from the archive and compared with their identity; null when that was not asked for. */
  readonly linesChecked: number | null
  /** Numbers of requests whose line is not what was read; at most 20. */
  readonly badLines: readonly number[]
}

const TOLD = 20

/**
 * Checks the archive block by block, and the index in use against one made anew from it. Writes nothing, and may run
 * while another process writes. `lines`: also puts every line together again, which takes about as long as reading the
 * logs did.
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

/** Another process may append between the two openings: both are brought to the same place. */
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
