import type { RequestStatus } from './usage'

/** Looking for text in everything that is stored. */
export interface SearchQuery {
  /** Looked for as it stands, but for upper and lower case. Not empty. */
  readonly text: string
  /** Only in what these said: 'system', 'user', 'assistant', 'tool', … as logged. Absent: everywhere, ids included. */
  readonly roles?: readonly string[]
  /** Only in requests to these models; null stands for requests that named none. */
  readonly models?: readonly (string | null)[]
  readonly consumers?: readonly (string | null)[]
  /** Paths as the user chose them. */
  readonly sources?: readonly string[]
  readonly statuses?: readonly RequestStatus[]
  /** Only in requests from this time on, ms since the epoch. */
  readonly from?: number
  /** Only in requests before this time. */
  readonly to?: number
  /** Only in this session. */
  readonly sessionId?: string
  /**
   * What was read last first, sessions whose id holds the text before all; or, where absent, in the order of reading.
   */
  readonly order?: 'newest' | 'oldest'
  /** The search ends with this many hits, 1 to 10,000. */
  readonly limit: number
}

/** What kind of text a hit was found in. */
export type SearchedKind = 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'id'

/** A text that holds what was looked for, where it was said. Text sent again with later requests is not repeated. */
export interface SearchHit {
  readonly sessionId: string
  readonly inferred: boolean
  /** The session's first question; null where none was logged. */
  readonly title: string | null
  /** 1 for the session's first, in order of time. */
  readonly round: number
  /** Number of the request in the store, in the order of reading. */
  readonly seq: number
  /** Start of the request, ms since the epoch. */
  readonly time: number
  readonly model: string | null
  /** Who said it, as logged; 'id' for a session, request or tool call id. */
  readonly role: string
  readonly kind: SearchedKind
  /** The place with a little text around it, on one line. */
  readonly snippet: string
  /** Where in it the text found starts, and its length, UTF-16 units. */
  readonly at: number
  readonly length: number
}

/** What was found since the last question, and how far the search is. */
export interface SearchPage {
  readonly hits: readonly SearchHit[]
  readonly scannedRequests: number
  readonly totalRequests: number
  readonly done: boolean
  /** It ended because it had found `limit` hits: there may be more. */
  readonly limited: boolean
  /** Blocks of the archive that could not be read and were passed over. */
  readonly unreadableBlocks: number
}
