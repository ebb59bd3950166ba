import type { Message, Round, SessionHeader } from './conversation'
import type { MessagesDiff } from './reader'
import type { RequestStatus } from './usage'

/** Two sessions beside each other, by their ids. */
export interface ComparedSessions {
  readonly a: string
  readonly b: string
}

/**
 * Two sessions and how their rounds stand to each other. Two rounds are the same when their answers are (text, tool
 * calls, how the request ended) and what was asked is: the messages new in the round, or the whole history sent.
 * Messages are compared as values: the order of a JSON object's keys and the ids that providers make up for tool calls
 * say nothing, every character of a text does. Reasoning, model and parameters are told where they differ, and part
 * nothing.
 */
export interface Comparison {
  readonly a: ComparedSession
  readonly b: ComparedSession
  /** Rounds of both looked at so far, and all there are. Ask again until `alignment` is there. */
  readonly read: number
  readonly total: number
  readonly alignment: Alignment | null
}

/** A session's sums, and what they leave out. */
export interface ComparedSession extends SessionHeader {
  /** By rounds, the most used first; null for rounds that named none. */
  readonly models: readonly { readonly model: string | null; readonly rounds: number }[]
  /** Rounds that logged the count: where it is 0, the sum is not 0 but unknown. */
  readonly logged: {
    readonly input: number
    readonly output: number
    readonly cached: number
    readonly reasoning: number
  }
  /** Of the rounds that succeeded; null where none logged it. */
  readonly firstToken: MeasuredTime | null
  readonly duration: MeasuredTime | null
}

/** ms: exact, over `rounds` rounds. */
export interface MeasuredTime {
  readonly median: number
  readonly p95: number
  readonly rounds: number
}

/** Rounds beside each other, in order: rows, numbered from 1. */
export interface Alignment {
  readonly rows: number
  readonly runs: readonly AlignedRun[]
  /** The first row at which they are not the same; null when they never part. */
  readonly part: Parting | null
  /** One session begins in the middle of the other: its first request sent what these rounds of the other had said. */
  readonly begins: { readonly side: 'a' | 'b'; readonly after: number } | null
}

export type AlignedKind = 'same' | 'changed' | 'only-a' | 'only-b'

/** Consecutive rows of one kind; their rounds count up from these. */
export interface AlignedRun {
  readonly kind: AlignedKind
  readonly rows: number
  /** The first row's round, where the kind has one. */
  readonly a: number | null
  readonly b: number | null
}

export interface Parting {
  readonly row: number
  /**
   * `answer`: the same history was sent, and only what came back differs. `messages`: other messages were sent.
   * `extra`: one has a round here that the other has not. `ends`: one goes on where the other has ended.
   */
  readonly how: 'answer' | 'messages' | 'extra' | 'ends'
}

export interface ComparedRowsQuery extends ComparedSessions {
  /** First row wanted. */
  readonly from: number
  /** How many, 1 to 200. */
  readonly limit: number
}

/** Empty while there is no alignment. */
export interface ComparedRows {
  readonly rows: readonly ComparedRow[]
}

export interface ComparedRow {
  readonly row: number
  readonly kind: AlignedKind
  readonly a: ComparedRound | null
  readonly b: ComparedRound | null
  /** Where both are there. */
  readonly differs: readonly RoundDifference[]
}

/**
 * `history`: the messages sent before; `messages`: those new in the round (told only where the whole of what was sent
 * differs too); the others are of the answer and of the request around it.
 */
export type RoundDifference =
  'history' | 'messages' | 'answer' | 'calls' | 'reasoning' | 'outcome' | 'model' | 'parameters'

/** A round in a line. */
export interface ComparedRound {
  readonly round: number
  readonly time: number
  readonly model: string | null
  readonly status: RequestStatus
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd: number | null
  readonly durationMs: number | null
  /** Beginnings of what was asked and answered, on one line; empty where nothing was. */
  readonly asked: string
  readonly answered: string
  /** Names of the tools the answer calls, the first few. */
  readonly calls: readonly string[]
  /** The request can't be read from the archive any more. */
  readonly lost: boolean
}

/** Null: no round of that session; one of the two is there. */
export interface ComparedRoundQuery extends ComparedSessions {
  readonly roundA: number | null
  readonly roundB: number | null
}

/** Two rounds in full, or one that stands alone. */
export interface RoundComparison {
  readonly a: ComparedReply | null
  readonly b: ComparedReply | null
  readonly differs: readonly RoundDifference[]
  /** What is new in the rounds, without what they begin with alike. */
  readonly messages: MessagesDiff
  /** The latest message that both sent, where nothing of what they sent differs. */
  readonly lastMessage: Message | null
  /** Messages that both requests sent alike from the first on, history included. */
  readonly sharedMessages: number | null
  /** What else was logged of the requests and differs, transport apart. Null: not logged. */
  readonly parameters: readonly { readonly name: string; readonly a: string | null; readonly b: string | null }[]
}

/** A round but for its messages. */
export type ComparedReply = Omit<Round, 'newMessages'>
