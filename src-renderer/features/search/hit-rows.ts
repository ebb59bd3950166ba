import type { SearchHit } from '@contract'

/** Hits of a session shown before all of them are asked for. */
const FIRST_HITS = 3

/** A line of the results: a session, a hit in it, or how many more there are. */
export type HitRow =
  | { readonly kind: 'session'; readonly key: string; readonly hit: SearchHit; readonly count: number }
  | { readonly kind: 'hit'; readonly key: string; readonly hit: SearchHit }
  | {
      readonly kind: 'more'
      readonly key: string
      readonly session: string
      readonly count: number
      readonly opened: boolean
    }

const sessionKey = ({ inferred, sessionId }: SearchHit): string => `${inferred ? 'i' : 'l'}${sessionId}`

/**
 * The hits by session, the session found first on top. Of each only the first few are shown until it is opened: what is
 * found later then moves nothing that is being read.
 */
export function hitRows(hits: readonly SearchHit[], opened: ReadonlySet<string>): readonly HitRow[] {
  const sessions = new Map<string, SearchHit[]>()
  for (const hit of hits) {
    const key = sessionKey(hit)
    const known = sessions.get(key)
    if (known === undefined) sessions.set(key, [hit])
    else known.push(hit)
  }
  const rows: HitRow[] = []
  for (const [key, found] of sessions) {
    const [first] = found
    if (first === undefined) continue
    rows.push({ kind: 'session', key: `s${key}`, hit: first, count: found.length })
    // One line that says "one more" takes as much room as the one more.
    const many = found.length > FIRST_HITS + 1
    const isOpened = opened.has(key)
    for (const [at, hit] of (many && !isOpened ? found.slice(0, FIRST_HITS) : found).entries())
      rows.push({ kind: 'hit', key: `h${String(at)}${key}`, hit })
    if (many)
      rows.push({ kind: 'more', key: `m${key}`, session: key, count: found.length - FIRST_HITS, opened: isOpened })
  }
  return rows
}

/** The row to step to from `from`: what can be opened, headings are passed over. */
export function stepRow(rows: readonly HitRow[], from: number, direction: 1 | -1): number {
  for (let at = from + direction; at >= 0 && at < rows.length; at += direction) {
    if (rows[at]?.kind !== 'session') return at
  }
  return Math.max(from, -1)
}
