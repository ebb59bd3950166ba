import type { UsageFilter } from './usage'

/** Shapes of exported files, and what is asked for while they are made. Field names are stable: other programs read them. */

/** A JSON value as it was logged. */
type LoggedJson =
  string | number | boolean | null | readonly LoggedJson[] | { readonly [key: string]: LoggedJson | undefined }

/** Field names of the original skill's FinOps report; keys after `total_cost` and after `models` are ours. */
export interface ReportTotals {
  readonly session_count: number
  readonly total_input: number
  readonly total_output: number
  readonly total_reasoning: number
  /** USD; null when no round's price is known. */
  readonly total_cost: number | null
  readonly total_cached: number
  readonly rounds: number
  readonly unpriced_rounds: number
  /** Input, and what of the cached tokens was logged beside it: what `total_cached` is a share of. */
  readonly total_prompt: number
}

export interface FinopsReport {
  readonly generated_at: string
  readonly summary: {
    readonly total_sessions: number
    readonly total_input_tokens: number
    readonly total_output_tokens: number
    readonly total_cost_usd: number | null
    readonly total_cached_tokens: number
    readonly total_reasoning_tokens: number
    readonly total_rounds: number
    readonly unpriced_rounds: number
    readonly time_zone: string
    readonly total_prompt_tokens: number
  }
  readonly by_model: Readonly<Record<string, ReportTotals>>
  readonly by_date: Readonly<Record<string, ReportTotals & { readonly models: readonly string[] }>>
  /** What was counted; absent where that is everything. */
  readonly filter?: ReportFilter
}

/** Times in ISO 8601, `to` not included; null among the names: rounds that name none. */
export type ReportFilter = Omit<UsageFilter, 'from' | 'to'> & { readonly from?: string; readonly to?: string }

/** One round, in the original skill's field names; what follows `output_token_details` is ours. */
export interface SessionFileRound {
  readonly round: number
  readonly timestamp: string
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly reasoning_tokens: number | null
  readonly cached_tokens: number | null
  readonly model: string | null
  readonly has_tool_calls: boolean
  readonly response_type: string | null
  /** The whole history sent with the request, as logged; text where the gateway cut it. Absent on request. */
  readonly messages?: readonly LoggedJson[] | string
  readonly question: string
  readonly answer: string
  readonly reasoning: string
  readonly tool_calls: readonly LoggedJson[] | string
  readonly input_token_details: LoggedJson
  readonly output_token_details: LoggedJson
  readonly request_id: string | null
  readonly cost_usd: number | null
  readonly response_code: string | null
  readonly time_inferred: boolean
  readonly first_token_ms: number | null
  readonly service_ms: number | null
  readonly duration_ms: number | null
  /** Messages at the start of `messages` that a damaged archive lost; absent when none. */
  readonly lost_messages?: number
}

/** One session, in the original skill's field names; what follows `rounds` is ours. */
export interface SessionFile {
  readonly session_id: string
  readonly created_at: string
  readonly updated_at: string
  readonly messages_count: number
  readonly total_input_tokens: number
  readonly total_output_tokens: number
  readonly total_reasoning_tokens: number
  readonly total_cached_tokens: number
  readonly model: string | null
  readonly rounds: readonly SessionFileRound[]
  readonly inferred: boolean
  /** Sum over rounds with a known price; null when none has one. */
  readonly cost_usd: number | null
  readonly unpriced_rounds: number
}

/**
 * A piece of a session's file, as text: `before`, all rounds joined by commas, and `after` make the whole. A session can
 * be larger than a text may be: every round repeats the history before it.
 */
export interface SessionFilePage {
  readonly before: string
  readonly rounds: readonly string[]
  readonly after: string
  /** Rounds of the session. */
  readonly total: number
  readonly costUsd: number | null
}

/** Which piece: the rounds from `from` (1-based) on, at most `limit`. */
export interface SessionFilePageQuery {
  readonly sessionId: string
  readonly from: number
  readonly limit: number
  readonly withMessages: boolean
}

/** How far an export is. */
export interface ExportStep {
  readonly ended: boolean
  /** Pieces written, of about how many; both 0 for a report. */
  readonly done: number
  readonly total: number
  /** The files, once it has ended. */
  readonly files: readonly string[]
}

/** A piece of an export that goes to no file. */
export interface ExportText {
  readonly text: string
  readonly ended: boolean
}
