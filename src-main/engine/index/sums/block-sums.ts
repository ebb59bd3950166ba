import type { TokenCounts } from '../../parse/tokens'
import { isLowerBound, isUnknown, type BilledTokens } from '../../parse/usage'

/** Sums over rounds. Counts are tokens, cost is picodollars. */
export class Sums {
  rounds = 0
  input = 0
  output = 0
  cached = 0
  cacheWrite = 0
  reasoning = 0
  cost = 0
  unpriced = 0
  withoutUsage = 0
  prompt = 0
  completion = 0
  estimated = 0
  lowerBound = 0

  addRound({ tokens, billed, cost, estimated }: Pick<SummedRound, 'tokens' | 'billed' | 'cost' | 'estimated'>): void {
    this.rounds += 1
    this.input += tokens.input ?? 0
    this.output += tokens.output ?? 0
    this.cached += tokens.cached ?? 0
    this.cacheWrite += (tokens.cacheWrite ?? 0) + (tokens.cacheWriteHour ?? 0)
    this.reasoning += tokens.reasoning ?? 0
    this.cost += cost ?? 0
    if (cost === null) this.unpriced += 1
    if (isUnknown(billed)) this.withoutUsage += 1
    this.prompt += billed.prompt ?? 0
    this.completion += billed.completion ?? 0
    if (estimated) this.estimated += 1
    if (isLowerBound(billed)) this.lowerBound += 1
  }

  /** The sums in the order of USAGE_SUMS (usage-columns.ts). */
  toRow(): number[] {
    return [
      this.rounds,
      this.input,
      this.output,
      this.cached,
      this.cacheWrite,
      this.reasoning,
      this.cost,
      this.unpriced,
      this.withoutUsage,
      this.prompt,
      this.completion,
      this.estimated,
      this.lowerBound,
    ]
  }
}

/**
 * What a block adds to a row of `usage`: a session's rounds in one hour, with one model, consumer, source and status.
 */
export class UsageSums extends Sums {
  readonly hour: number
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  readonly status: number

  constructor({ hour, modelId, consumerId, sourceId, status }: SummedRound) {
    super()
    this.hour = hour
    this.modelId = modelId
    this.consumerId = consumerId
    this.sourceId = sourceId
    this.status = status
  }

  takes(round: SummedRound): boolean {
    return (
      this.hour === round.hour &&
      this.modelId === round.modelId &&
      this.status === round.status &&
      this.consumerId === round.consumerId &&
      this.sourceId === round.sourceId
    )
  }
}

/** What a block adds to a session. */
export class SessionSums extends Sums {
  readonly key: string
  readonly inferred: boolean
  /** session.id, once it is known. */
  id = 0
  firstTime: number
  lastTime: number
  lastSeq: number
  modelId: number
  failed = 0
  /** The first question and the time of its round; null when no round has one. */
  question: string | null = null
  questionTime: number | null = null
  readonly usage: UsageSums[] = []

  constructor(key: string, inferred: boolean, first: SummedRound) {
    super()
    this.key = key
    this.inferred = inferred
    this.firstTime = first.time
    this.lastTime = first.time
    this.lastSeq = first.seq
    this.modelId = first.modelId
  }

  override addRound(round: SummedRound): void {
    super.addRound(round)
    const { seq, time, question } = round
    if (time < this.firstTime) this.firstTime = time
    if (time >= this.lastTime) {
      this.lastTime = time
      this.lastSeq = seq
      this.modelId = round.modelId
    }
    if (round.status !== 0) this.failed += 1
    if (question !== null && (this.questionTime === null || time < this.questionTime)) {
      this.question = question
      this.questionTime = time
    }
    // Rounds mostly come in order of time, so the last row is the likeliest.
    let usage = this.usage.at(-1)
    if (usage?.takes(round) !== true) usage = this.usage.find((sums) => sums.takes(round))
    if (usage === undefined) {
      usage = new UsageSums(round)
      this.usage.push(usage)
    }
    usage.addRound(round)
  }
}

/** A round as it is summed. */
export interface SummedRound {
  readonly seq: number
  readonly time: number
  /** YYYYMMDDHH. */
  readonly hour: number
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  readonly status: number
  readonly question: string | null
  readonly tokens: Pick<TokenCounts, 'input' | 'output' | 'cached' | 'cacheWrite' | 'cacheWriteHour' | 'reasoning'>
  readonly billed: BilledTokens
  /** Picodollars; null when unknown. */
  readonly cost: number | null
  readonly estimated: boolean
}

/** Sums up a block's rounds before they enter the index, so that it is queried once per session, not once per round. */
export class BlockSums {
  readonly #logged = new Map<string, SessionSums>()
  readonly #inferred = new Map<string, SessionSums>()

  /** All sessions with a round in the block. */
  sessions(): readonly SessionSums[] {
    return [...this.#logged.values(), ...this.#inferred.values()]
  }

  /** Adds a round and returns its session. */
  add(key: string, inferred: boolean, round: SummedRound): SessionSums {
    const sessions = inferred ? this.#inferred : this.#logged
    let session = sessions.get(key)
    if (session === undefined) {
      session = new SessionSums(key, inferred, round)
      sessions.set(key, session)
    }
    session.addRound(round)
    return session
  }
}
