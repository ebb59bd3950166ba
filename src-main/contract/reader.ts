import type { Message, RequestOrigin, ToolCall } from './conversation'

/** What the conversation reader asks for beside the rounds themselves. */

/** One request of a session. */
export interface RoundRef {
  readonly sessionId: string
  /** 1 for the session's first, in order of time. */
  readonly round: number
}

export interface RequestContextQuery extends RoundRef {
  /** How many of the messages sent are wanted, counted from the last, 1 to 2000. */
  readonly last: number
}

/** The messages a request sent: all of them, whatever earlier requests sent before. */
export interface RequestContext {
  readonly total: number
  /** The last ones asked for, in their order. */
  readonly messages: readonly Message[]
  /** Messages at the start that a damaged archive lost; they are part of `total`. */
  readonly lostMessages: number
}

/** A request's line as it stood in the log, byte for byte but for surrounding white space. */
export interface RawLine {
  readonly text: string
  readonly origin: RequestOrigin
}

/** A request beside another one: what of the history sent is the same, and what differs. */
export interface RequestDiff extends MessagesDiff {
  /** The round before, which this one is compared with. */
  readonly against: number
  /** What else the two asked for differently: model, api, and whatever parameters the gateway was set to log. */
  readonly parameters: readonly ParameterChange[]
}

/** A value logged with a request and with the one before, as text; null where it was not. */
export interface ParameterChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** The messages of one request beside those of another. */
export interface MessagesDiff {
  /** Messages at the start that both sent alike. */
  readonly same: number
  /** What the first one (the earlier) sent after these. */
  readonly removed: readonly Message[]
  /** What the other one sent after these. */
  readonly added: readonly Message[]
  /** Messages left out of `removed` and `added` because there are more than can be shown. */
  readonly removedMore: number
  readonly addedMore: number
}

/** A figure per round, all lists as long as the session; null is "not known". Times in ms, tokens, USD. */
export interface SessionSeries {
  readonly revision: number
  readonly times: readonly number[]
  readonly inputTokens: readonly (number | null)[]
  /** All tokens of the prompt, also those logged beside input (UsageTotals). */
  readonly promptTokens: readonly (number | null)[]
  readonly cachedTokens: readonly (number | null)[]
  readonly outputTokens: readonly (number | null)[]
  readonly costUsd: readonly (number | null)[]
}

export interface SessionFindQuery {
  readonly sessionId: string
  /** Looked for as it stands, but for upper and lower case. */
  readonly text: string
  /** First round to look in. */
  readonly from: number
}

/** Some rounds looked through; ask again from `next` until it is null. */
export interface SessionFindPage {
  readonly matches: readonly FindMatch[]
  readonly next: number | null
}

export interface FindMatch {
  readonly round: number
  /** How often the text is in what is new in this round. */
  readonly count: number
  /** The first place with a little text around it, on one line, and where in it the text found starts. */
  readonly excerpt: string
  readonly at: number
}

export interface SessionOutlineQuery {
  readonly sessionId: string
  /** First round wanted. */
  readonly from: number
}

/** Some rounds looked through; ask again from `next` until it is null. */
export interface SessionOutlinePage {
  /** Only rounds with something to tell. */
  readonly rounds: readonly OutlineRound[]
  readonly next: number | null
}

export interface OutlineRound {
  readonly round: number
  /** Tool calls the model answered with. */
  readonly calls: readonly Pick<ToolCall, 'id' | 'name'>[]
  /** Results of tool calls that this request sent for the first time. */
  readonly results: readonly { readonly callId: string | null; readonly isError: boolean }[]
  /** The request itself failed. */
  readonly failed: boolean
  /** It did not go on from all that the request before it had sent: history was compacted, edited or left. */
  readonly rewritten: boolean
}
