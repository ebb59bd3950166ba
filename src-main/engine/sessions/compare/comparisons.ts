import type {
  AlignedKind,
  Alignment,
  ComparedReply,
  ComparedRound,
  ComparedRow,
  ComparedRows,
  ComparedRowsQuery,
  ComparedSession,
  Comparison,
  RoundComparison,
  RoundDifference,
} from '../../../contract/index'
import { EngineError } from '../../base/errors'
import { requestFigures, sessionProfile } from '../../index/queries/profile'
import { roundNumber } from '../../index/queries/rounds'
import type { SessionIndex } from '../../index/tables/session-index'
import type { Json } from '../../base/json'
import { readMessage } from '../../parse/messages'
import { readRequest } from '../../parse/request'
import type { PriceCatalog } from '../../pricing/catalog'
import type { Conversations } from '../conversations'
import { toRound } from '../rounds'
import { alignInSteps, describeRows, sameHistory, type AlignedRow } from './align'
import { normalMessage } from './normal'
import { parametersOf, type RoundDigest } from './round-digest'
import { SessionDigests } from './session-digests'

/** The sources of compared sessions. */
interface ComparedStore {
  readonly index: SessionIndex
  readonly conversations: Conversations
  readonly prices: () => PriceCatalog
  readonly pathOf: (fileId: number) => string
}

/** A session: its session.id, and the facts known without reading its rounds. */
export interface ComparedSide {
  readonly id: number
  readonly header: Omit<ComparedSession, 'models' | 'logged' | 'firstToken' | 'duration'>
}

/** Time slice of a comparison, ms; the caller then asks again. One more step may take as long again. */
const SLICE_MS = 8
/** Sessions whose digests are kept; about 1 kB per round. */
const MOST_SESSIONS = 6
const MOST_ROUNDS = 60_000
const MOST_COMPARISONS = 8
/** Maximum messages of a difference, on each side. */
const MOST_MESSAGES = 200

interface Aligned {
  readonly alignment: Alignment
  readonly rows: readonly AlignedRow[]
  readonly kinds: readonly AlignedKind[]
  readonly a: readonly RoundDigest[]
  readonly b: readonly RoundDigest[]
}

/** An unfinished alignment of the rounds read by then. */
interface Aligning {
  readonly a: readonly RoundDigest[]
  readonly b: readonly RoundDigest[]
  readonly steps: ReturnType<typeof alignInSteps>
}

/** Compares sessions, a time slice per call, and keeps the results for the next call. */
export class Comparisons {
  readonly #store: ComparedStore
  readonly #sessions = new Map<number, SessionDigests>()
  readonly #aligned = new Map<string, Aligned>()
  readonly #aligning = new Map<string, Aligning>()
  readonly #profiles = new Map<
    number,
    { readonly revision: number; readonly profile: ReturnType<typeof sessionProfile> }
  >()

  constructor(store: ComparedStore) {
    this.#store = store
  }

  /** Reads both sessions for a moment, and aligns them once all rounds are read. */
  compare(a: ComparedSide, b: ComparedSide): Comparison {
    const until = performance.now() + SLICE_MS
    const [left, right] = [this.#digestsOf(a.id), this.#digestsOf(b.id)]
    let more = true
    while (more) {
      const [moreLeft, moreRight] = [left.step(), right.step()]
      more = (moreLeft || moreRight) && performance.now() < until
    }
    const read = left.read + right.read
    const total = left.rounds + right.rounds
    return {
      a: this.#describe(a),
      b: this.#describe(b),
      read,
      total,
      alignment: read < total ? null : (this.#align(a.id, b.id, left, right, until)?.alignment ?? null),
    }
  }

  /** Rows of the last alignment that compare() returned; none when there is none. */
  rows(a: ComparedSide, b: ComparedSide, query: ComparedRowsQuery): ComparedRows {
    const aligned = this.#aligned.get(keyOf(a.id, b.id))
    if (aligned === undefined) return { rows: [] }
    const from = query.from - 1
    const rows = aligned.rows.slice(from, from + query.limit).map((row, step): ComparedRow => {
      const [roundA, roundB] = [aligned.a[row.a], aligned.b[row.b]]
      return {
        row: from + step + 1,
        kind: aligned.kinds[from + step] ?? 'changed',
        a: this.#roundInLine(row.a, roundA),
        b: this.#roundInLine(row.b, roundB),
        differs: roundA === undefined || roundB === undefined ? [] : differences(roundA, roundB),
      }
    })
    return { rows }
  }

  /** Two rounds in full, whatever rows they are in, or one alone. Throws `not-found`, `corrupt`. */
  round(a: ComparedSide, b: ComparedSide, roundA: number | null, roundB: number | null): RoundComparison {
    const left = roundA === null ? null : this.#roundOf(a, roundA)
    const right = roundB === null ? null : this.#roundOf(b, roundB)
    const both = left !== null && right !== null
    const alike = both && sameHistory(left.digest, right.digest)
    const [freshA, freshB] = alike ? [[], []] : [this.#fresh(left), this.#fresh(right)]
    let same = 0
    while (same < freshA.length && same < freshB.length && sameMessage(freshA[same], freshB[same])) same += 1
    const [removed, added] = [freshA.slice(same), freshB.slice(same)]
    const last =
      both && (alike || (removed.length === 0 && added.length === 0)) ? this.#lastMessage(left.digest.seq) : undefined
    const more = (round: typeof left): number => (alike ? 0 : Math.max(0, (round?.digest.fresh ?? 0) - MOST_MESSAGES))
    return {
      a: left?.reply ?? null,
      b: right?.reply ?? null,
      differs: both ? differences(left.digest, right.digest) : [],
      messages: {
        same,
        removed: removed.map(readMessage),
        added: added.map(readMessage),
        removedMore: more(left),
        addedMore: more(right),
      },
      lastMessage: last === undefined ? null : readMessage(last),
      sharedMessages: alike ? left.digest.sent : null,
      parameters: both ? differingParameters(left.parameters, right.parameters) : [],
    }
  }

  #digestsOf(session: number): SessionDigests {
    const known = this.#sessions.get(session)
    const digests = known ?? new SessionDigests(this.#store.index, this.#store.conversations, session)
    if (digests.sync()) {
      // Finished alignments hold copies, so rows returned earlier stay valid.
      for (const pairs of [this.#aligned, this.#aligning])
        for (const key of pairs.keys()) if (key.split(':').includes(String(session))) pairs.delete(key)
    }
    this.#sessions.delete(session)
    this.#sessions.set(session, digests)
    let rounds = [...this.#sessions.values()].reduce((sum, one) => sum + one.rounds, 0)
    for (const [oldest, { rounds: its }] of this.#sessions) {
      if (this.#sessions.size <= 2 || (this.#sessions.size <= MOST_SESSIONS && rounds <= MOST_ROUNDS)) break
      this.#sessions.delete(oldest)
      rounds -= its
    }
    return digests
  }

  /** Null when time ran out; the next call continues. */
  #align(a: number, b: number, left: SessionDigests, right: SessionDigests, until: number): Aligned | null {
    const key = keyOf(a, b)
    const known = this.#aligned.get(key)
    if (known?.a.length === left.read && known.b.length === right.read) return known
    let aligning = this.#aligning.get(key)
    if (aligning?.a.length !== left.read || aligning.b.length !== right.read) {
      const [digestsA, digestsB] = [[...left.digests], [...right.digests]]
      aligning = { a: digestsA, b: digestsB, steps: alignInSteps(digestsA, digestsB) }
      keepLatest(this.#aligning, key, aligning)
    }
    do {
      const { done, value: rows } = aligning.steps.next()
      if (done !== true) continue
      this.#aligning.delete(key)
      return this.#keep(key, aligning, rows)
    } while (performance.now() < until)
    return null
  }

  #keep(key: string, { a, b }: Aligning, rows: readonly AlignedRow[]): Aligned {
    const { kinds, ...alignment } = describeRows(a, b, rows)
    const aligned = { alignment, rows, kinds, a, b }
    keepLatest(this.#aligned, key, aligned)
    return aligned
  }

  #describe({ id, header }: ComparedSide): ComparedSession {
    const { index } = this.#store
    let known = this.#profiles.get(id)
    if (known?.revision !== index.revision) {
      known = { revision: index.revision, profile: sessionProfile(index, id) }
      if (this.#profiles.size >= MOST_SESSIONS) this.#profiles.clear()
      this.#profiles.set(id, known)
    }
    return { ...header, ...known.profile }
  }

  #roundInLine(round: number, digest: RoundDigest | undefined): ComparedRound | null {
    const figures = digest === undefined ? undefined : requestFigures(this.#store.index, digest.seq)
    if (digest === undefined || figures === undefined) return null
    const { askedText, answeredText, callNames, lost } = digest
    return { round: round + 1, ...figures, asked: askedText, answered: answeredText, calls: callNames, lost }
  }

  #roundOf({ id, header }: ComparedSide, round: number) {
    const { index, conversations, prices, pathOf } = this.#store
    const digests = this.#digestsOf(id)
    const until = performance.now() + SLICE_MS
    while (digests.read < round && digests.step() && performance.now() < until);
    const digest = digests.digests[round - 1]
    if (digest === undefined) {
      if (digests.read < digests.rounds)
        throw new EngineError('refused', 'These sessions are still being compared.', { hint: 'Try again in a moment.' })
      throw new EngineError('not-found', `The session has no round ${String(round)}.`, { where: header.sessionId })
    }
    const record = conversations.request(digest.seq)
    const { newMessages: _, ...reply } = toRound(record, {
      round,
      keptFromRound: record.base === null ? null : roundNumber(index, record.base),
      path: pathOf(record.file),
      prices: prices(),
    })
    return {
      digest,
      reply: reply satisfies ComparedReply,
      parameters: parametersOf(readRequest(record.outer, record.ai)),
    }
  }

  /** The last of the messages that are new in a round. */
  #fresh(round: { readonly digest: RoundDigest } | null): readonly Json[] {
    if (round === null) return []
    const { digest } = round
    const wanted = Math.min(digest.fresh, MOST_MESSAGES)
    return wanted === 0 ? [] : (this.#store.conversations.messages(digest.seq, wanted)?.messages.slice(-wanted) ?? [])
  }

  #lastMessage(seq: number): Json | undefined {
    return this.#store.conversations.messages(seq, 1)?.messages.at(-1)
  }
}

function keepLatest<T>(pairs: Map<string, T>, key: string, value: T): void {
  pairs.delete(key)
  pairs.set(key, value)
  for (const oldest of pairs.keys()) {
    if (pairs.size <= MOST_COMPARISONS) break
    pairs.delete(oldest)
  }
}

const keyOf = (a: number, b: number): string => `${String(a)}:${String(b)}`

const sameMessage = (a: Json | undefined, b: Json | undefined): boolean =>
  a !== undefined && b !== undefined && normalMessage(a) === normalMessage(b)

function differences(a: RoundDigest, b: RoundDigest): RoundDifference[] {
  const found: RoundDifference[] = []
  if (!sameHistory(a, b)) {
    if (a.messages !== b.messages) found.push('messages')
    else if (a.history !== null && b.history !== null) found.push('history')
  }
  for (const what of ['answer', 'calls', 'reasoning', 'outcome', 'model', 'parameters'] as const) {
    if (a[what] !== b[what]) found.push(what)
  }
  return found
}

type Parameters = ReturnType<typeof parametersOf>

function differingParameters(a: Parameters, b: Parameters): RoundComparison['parameters'] {
  const [left, right] = [a, b].map((list) => new Map(list.map(({ name, value }) => [name, value]))) as [
    Map<string, string>,
    Map<string, string>,
  ]
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .filter((name) => left.get(name) !== right.get(name))
    .map((name) => ({ name, a: left.get(name) ?? null, b: right.get(name) ?? null }))
}
