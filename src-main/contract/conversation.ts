import type { PriceMatch } from './prices'
import type { EstimateReason, RoundUsage } from './usage'
import type { SessionRow } from './sessions'

/** A text value from the log. `truncated` when the gateway replaced its middle with its ` [truncated] ` mark. */
export interface LoggedText {
  readonly text: string
  readonly truncated: boolean
}

/** One piece of a message's content, the OpenAI, Anthropic and Gemini shapes brought to one form. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string; readonly truncated: boolean }
  | { readonly kind: 'reasoning'; readonly text: string; readonly truncated: boolean }
  /** `dataUrl` only for data: URLs of an image type; a remote image is named, never loaded. */
  | { readonly kind: 'image'; readonly dataUrl: string | null; readonly remoteUrl: string | null }
  | { readonly kind: 'tool_call'; readonly call: ToolCall }
  | {
      readonly kind: 'tool_result'
      readonly callId: string | null
      readonly isError: boolean
      readonly text: string
      readonly truncated: boolean
    }
  /** A shape this program does not know, as indented JSON. */
  | { readonly kind: 'other'; readonly json: string }

export interface Message {
  /** As logged: system, user, assistant, tool, developer, … */
  readonly role: string
  /** The participant's or the tool's name, where logged. */
  readonly name: string | null
  readonly parts: readonly MessagePart[]
}

export interface ToolCall {
  readonly id: string | null
  readonly name: string
  /** The arguments' JSON text as logged (it may be cut or not be JSON at all). */
  readonly arguments: string
  readonly truncated: boolean
}

/** How a round's cost came about: tokens × price per component, so that the sum can be shown. */
export interface RoundCost extends PriceMatch {
  readonly usd: number
  readonly components: readonly CostComponent[]
  /** Why the cost is an estimate; empty where it is exact by what was logged and published. */
  readonly estimate: readonly EstimateReason[]
}

export interface CostComponent {
  readonly kind:
    | 'input'
    | 'cache_read'
    | 'cache_write'
    | 'cache_write_hour'
    | 'audio_input'
    | 'image_input'
    | 'output'
    | 'reasoning'
    | 'audio_output'
    | 'image_output'
    | 'request'
  /** Tokens of that kind; 1 for `request`, a charge by the request. */
  readonly tokens: number
  /** For `request`: USD per million requests. */
  readonly usdPerMillion: number
  readonly usd: number
}

interface RoundLatency {
  /** ms until the first token, streaming requests only. */
  readonly firstTokenMs: number | null
  /** ms the LLM service took, by the gateway's clock. */
  readonly serviceMs: number | null
  /** ms of the whole request, by the gateway's clock. */
  readonly durationMs: number | null
}

/** Where in which log a request was read. */
export interface RequestOrigin {
  readonly path: string
  /** Byte offset of the line in the (decompressed) file. */
  readonly offset: number
  /** Bytes of the line without its line break. */
  readonly length: number
}

/** One request of a session with what is new in it. */
export interface Round {
  /** 1 for the session's first, in order of time. */
  readonly round: number
  readonly requestId: string | null
  /** Start of the request, ms since the epoch. */
  readonly time: number
  /** True when the line had no time of its own and got the previous line's. */
  readonly timeInferred: boolean
  readonly model: string | null
  readonly responseType: string | null
  /** HTTP status as logged, null where absent. */
  readonly responseCode: string | null
  readonly usage: RoundUsage
  /** Null when the price or the token counts are not known. */
  readonly cost: RoundCost | null
  readonly latency: RoundLatency
  /** Messages this request re-sent from an earlier round of the session. */
  readonly keptMessages: number
  /** The round `keptMessages` come from; null when nothing was kept. */
  readonly keptFromRound: number | null
  readonly newMessages: readonly Message[]
  /** Set when `messages` arrived cut by the gateway and is no longer JSON: its text. */
  readonly messagesText: string | null
  readonly question: LoggedText | null
  readonly answer: LoggedText | null
  readonly reasoning: LoggedText | null
  readonly toolCalls: readonly ToolCall[]
  /** Set when `tool_calls` arrived cut by the gateway and is no longer JSON: its text. */
  readonly toolCallsText: string | null
  /** What else the log said of the request: route, consumer, api, custom attributes; values as text. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly origin: RequestOrigin
}

export interface SessionHeader extends SessionRow {
  readonly revision: number
  readonly consumers: readonly string[]
}

export interface RoundsQuery {
  readonly sessionId: string
  /** First round wanted, 1-based. */
  readonly from: number
  /** How many, 1 to 500. */
  readonly limit: number
}

export interface RoundsPage {
  readonly total: number
  readonly rounds: readonly Round[]
}
