import type { InferenceEvidence, SessionInsights } from '../../../../contract/index'
import type { PriceCatalog } from '../../../pricing/catalog'
import { toUsd } from '../../../pricing/cost'
import { EVIDENCE, THRESHOLD } from '../../../archive/inferred-session'
import type { SessionIndex } from '../../tables/session-index'
import { int, intOrNull } from '../../database/sql'
import { addKnown, dayOf, rebilledUsd } from './days'

interface SessionRequest {
  readonly seq: number
  readonly time: number
  readonly model: string | null
  /** All tokens of the prompt; null when unknown. */
  readonly prompt: number | null
  readonly cost: number | null
  readonly base: number | null
  readonly kept: number
  readonly messages: number
  readonly share: number | null
}

/** Branches, retries, compactions and cache breaks of a session (session.id). Cost: its requests. */
export function sessionInsights(index: SessionIndex, prices: PriceCatalog, sessionId: number): SessionInsights {
  const requests = index.sql
    .all(
      'SELECT seq, time, model_id, prompt, cost, base, kept, messages, kept_bytes, messages_bytes FROM request ' +
        'WHERE session_id = ? ORDER BY time, seq',
      [sessionId],
    )
    .map((row): SessionRequest => {
      const [cost, base, kept, messages, keptBytes, bytes] = row.slice(4)
      return {
        seq: int(row[0]),
        time: int(row[1]),
        model: index.models.nameOf(int(row[2])),
        prompt: intOrNull(row[3]),
        cost: intOrNull(cost),
        base: intOrNull(base),
        kept: int(kept),
        messages: int(messages),
        share: int(bytes) === 0 ? null : int(keptBytes) / int(bytes),
      }
    })
  const bySeq = new Map(requests.map((request) => [request.seq, request]))
  const roundOf = new Map(requests.map(({ seq }, position) => [seq, position + 1]))
  const branches = branchesOf(requests, bySeq, roundOf)
  const breaks = rowsOf(index, 'cache_break', 't.message, t.tokens, t.estimated', sessionId)
  const retries = rowsOf(index, 'retry', 't.previous', sessionId)
  const rounds = requests.map((request, position) => {
    const { seq, prompt, share, base, kept, messages } = request
    const before = base === null ? undefined : bySeq.get(base)
    const broken = breaks.get(seq)
    return {
      round: position + 1,
      promptTokens: prompt,
      resentTokens: prompt === null || share === null ? null : Math.round(prompt * share),
      compacted:
        before !== undefined &&
        kept < messages &&
        kept < before.messages &&
        messages < before.messages &&
        branches.branchOf.get(seq) === branches.branchOf.get(before.seq),
      retryOf: roundOf.get(intOrNull(retries.get(seq)?.[0]) ?? 0) ?? null,
      branch: branches.branchOf.get(seq) ?? 0,
      cacheBreak:
        broken === undefined
          ? null
          : {
              message: intOrNull(broken[0]),
              tokens: int(broken[1]),
              estimated: int(broken[2]) === 1,
              costUsd: rebilledUsd(prices, request.model, dayOf(index, request.time), int(broken[1])),
            },
    }
  })
  return { inference: inferenceOf(index, sessionId, requests, roundOf), branches: branches.list, rounds }
}

/** The session's rows in a table, by request. */
function rowsOf(index: SessionIndex, table: 'cache_break' | 'retry' | 'inference', columns: string, sessionId: number) {
  const rows = index.sql.all(
    `SELECT t.seq, ${columns} FROM request AS r JOIN ${table} AS t ON t.seq = r.seq WHERE r.session_id = ?`,
    [sessionId],
  )
  return new Map(rows.map((row) => [int(row[0]), row.slice(1)]))
}

type Branch = SessionInsights['branches'][number]

/**
 * The branches of a session. A request continues the branch of its base if it is the first to send all of the base's
 * messages, or, when no request does, if it is the first to build on the base at all (an edit, a compaction). Any other
 * request starts a branch: a fork, or a separate history when it has no base. A request with unreadable messages stays
 * on the branch of the round before.
 */
function branchesOf(
  requests: readonly SessionRequest[],
  bySeq: ReadonlyMap<number, SessionRequest>,
  roundOf: ReadonlyMap<number, number>,
): { readonly list: readonly Branch[]; readonly branchOf: ReadonlyMap<number, number> } {
  const heirs = new Map<number, SessionRequest>()
  for (const request of requests) {
    const before = request.base === null ? undefined : bySeq.get(request.base)
    if (before === undefined) continue
    const whole = ({ kept }: SessionRequest) => kept >= before.messages
    const heir = heirs.get(before.seq)
    if (heir === undefined || (whole(request) && !whole(heir))) heirs.set(before.seq, request)
  }
  const list: { -readonly [K in keyof Branch]: Branch[K] }[] = []
  const branchOf = new Map<number, number>()
  let latest: number | undefined
  for (const request of requests) {
    const round = roundOf.get(request.seq) ?? 0
    const before = request.base === null ? undefined : bySeq.get(request.base)
    const goesOn = before !== undefined && heirs.get(before.seq) === request
    const known = goesOn ? branchOf.get(before.seq) : request.messages === 0 ? latest : undefined
    const branch = known ?? list.length
    branchOf.set(request.seq, branch)
    latest = branch
    const found = list[branch]
    if (found === undefined) {
      list.push({
        firstRound: round,
        lastRound: round,
        rounds: 1,
        fromRound: before === undefined ? null : (roundOf.get(before.seq) ?? null),
        sharedMessages: before === undefined ? 0 : request.kept,
        costUsd: toUsd(request.cost),
        unpricedRounds: request.cost === null ? 1 : 0,
      })
    } else {
      found.lastRound = round
      found.rounds += 1
      found.costUsd = addKnown(found.costUsd, toUsd(request.cost))
      if (request.cost === null) found.unpricedRounds += 1
    }
  }
  return { list, branchOf }
}

function inferenceOf(
  index: SessionIndex,
  sessionId: number,
  requests: readonly SessionRequest[],
  roundOf: ReadonlyMap<number, number>,
): SessionInsights['inference'] {
  const inferred = index.sql.get('SELECT inferred FROM session WHERE id = ?', [sessionId])
  if (int(inferred?.[0]) === 0) return null
  const rows = rowsOf(index, 'inference', 't.previous, t.confidence, t.evidence, t.messages', sessionId)
  const joins = requests.flatMap(({ seq }) => {
    const row = rows.get(seq)
    if (row === undefined || row[0] === null) return []
    return [
      {
        round: roundOf.get(seq) ?? 0,
        previousRound: roundOf.get(int(row[0])) ?? null,
        confidence: int(row[1]),
        evidence: evidenceOf(int(row[2])),
        messages: int(row[3]),
      },
    ]
  })
  const confidence = joins.reduce((least, join) => Math.min(least, join.confidence), 100)
  return { confidence, threshold: THRESHOLD, joins }
}

function evidenceOf(bits: number): InferenceEvidence[] {
  return (Object.keys(EVIDENCE) as InferenceEvidence[]).filter((name) => (bits & EVIDENCE[name]) !== 0)
}
