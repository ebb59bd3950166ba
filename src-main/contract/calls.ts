import type {
  ComparedRoundQuery,
  ComparedRows,
  ComparedRowsQuery,
  ComparedSessions,
  Comparison,
  RoundComparison,
} from './compare'
import type { RoundsPage, RoundsQuery, SessionHeader } from './conversation'
import type { DeletionProgress, SelectionSize, StoreSize } from './deletion'
import type { ExportDone, ExportProgress, ExportRequest } from './exports'
import type { Budget, BudgetState, Insight, InsightQuery, SessionInsights } from './insights'
import type { Overview, OverviewQuery } from './overview'
import type {
  RawLine,
  RequestContext,
  RequestContextQuery,
  RequestDiff,
  RoundRef,
  SessionFindPage,
  SessionFindQuery,
  SessionOutlinePage,
  SessionOutlineQuery,
  SessionSeries,
} from './reader'
import type { PriceList, RepricingProgress, UserPrice } from './prices'
import type { Notice } from './result'
import type { SearchPage, SearchQuery } from './search'
import type { LatestRequest, SessionList, SessionListQuery, Spark } from './sessions'
import type { AppInfo, DesktopState, Settings } from './settings'
import type { Progress, SourcesStatus } from './sources'
import type { UpdateState } from './updates'

/**
 * Every call between a page, the main process and the engine, written once: its name, its arguments and its result. The
 * types of both ends, the preload's list and the engine's pass-throughs are derived from these tables. The only part of the
 * contract that exists at run time; the argument schemas are in api/schemas/arguments.ts.
 */

/** Stands for a call in a table. Carries types only. */
interface Call<A extends readonly unknown[], R> {
  readonly types?: readonly [A, R]
}

const call = <A extends readonly unknown[], R>(): Call<A, R> => ({})
/** A call without a result. */
const command = <A extends readonly unknown[]>(): Call<A, void> => ({})

type ArgsOf<C> = C extends Call<infer A, unknown> ? A : never
type ResultOf<C> = C extends Call<readonly unknown[], infer R> ? R : never
/** A table as an object of functions. */
type Signatures<T> = { readonly [K in keyof T]: (...args: ArgsOf<T[K]>) => ResultOf<T[K]> }

/**
 * Calls that the engine answers and that change nothing. A page, the main process and the engine know them by the same name;
 * `serve` answers them too.
 */
export const engineQueries = {
  overview: call<[query: OverviewQuery], Overview>(),
  sessions: call<[query: SessionListQuery], SessionList>(),
  /** The requests read last, the latest first; at most 100. */
  latestRequests: call<[limit: number], readonly LatestRequest[]>(),
  /** Cost over the rounds of each of at most 200 sessions, in their order. */
  sparks: call<[sessionIds: readonly string[]], readonly Spark[]>(),
  /** Works on the comparison for a moment; ask again until its alignment is there. Fails with `not-found`. */
  compareSessions: call<[sessions: ComparedSessions], Comparison>(),
  /** Rows of the latest alignment. Fails with `not-found`. */
  comparedRows: call<[query: ComparedRowsQuery], ComparedRows>(),
  /** Two rounds in full. Fails with `not-found`, `corrupt`. */
  comparedRound: call<[query: ComparedRoundQuery], RoundComparison>(),
  /** Fails with `not-found`, as do all calls that name a session. */
  sessionHeader: call<[sessionId: string], SessionHeader>(),
  sessionRounds: call<[query: RoundsQuery], RoundsPage>(),
  /** The last messages a request sent. Fails with `corrupt` too, as do all that read the archive. */
  requestContext: call<[query: RequestContextQuery], RequestContext>(),
  /** A request's line as it is in the log. */
  rawLine: call<[ref: RoundRef], RawLine>(),
  /** What a request sent compared with the request before it; null for a session's first round. */
  requestDiff: call<[ref: RoundRef], RequestDiff | null>(),
  sessionSeries: call<[sessionId: string], SessionSeries>(),
  /** Searches a slice of the session; ask again from `next`. */
  findInSession: call<[query: SessionFindQuery], SessionFindPage>(),
  /** Outlines a slice of the session; ask again from `next`. */
  sessionOutline: call<[query: SessionOutlineQuery], SessionOutlinePage>(),
  /** The round in the field names of the session's JSON file, as text. */
  roundJson: call<[ref: RoundRef], string>(),
  /** Starts a search through all stored text; its number is for the next two calls. */
  searchStart: call<[query: SearchQuery], number>(),
  /** Continues the search for a moment; ask until it is done, one call at a time. Fails with `not-found` when it has ended. */
  searchNext: call<[search: number], SearchPage>(),
  searchCancel: command<[search: number]>(),
  insight: call<[query: InsightQuery], Insight>(),
  /** Branches, compactions, cache breaks and retries of a session, and how it was inferred. */
  sessionInsights: call<[sessionId: string], SessionInsights>(),
  sourcesStatus: call<[], SourcesStatus>(),
  progress: call<[], Progress>(),
  /** What the history takes on disk, and holds. */
  storeSize: call<[], StoreSize>(),
  /** How far the latest deletion is, or how it ended. */
  deletion: call<[], DeletionProgress>(),
  /** The models that were logged, with what each costs and where that is known from. */
  prices: call<[], PriceList>(),
} as const

/** Calls that the engine answers and that change something: not for `serve`. */
const engineCommands = {
  /** Cancels the deletion under way; nothing is deleted then. */
  cancelDeletion: command<[]>(),
  /**
   * Sets the user's own price of a model in place of those it had. The history is then priced again in the background, as
   * the event `repricing` reports. Fails with `refused`, `disk-full`, ….
   */
  setPrice: command<[price: UserPrice]>(),
  /** Drops the user's own price of a model: the published one holds again. */
  resetPrice: command<[model: string]>(),
} as const

export const engineCalls = { ...engineQueries, ...engineCommands } as const

/** Calls that the main process answers: dialogs, settings, windows. `serve` answers the few of them that only read. */
export const appCalls = {
  /** The budgets and how much of each is used now. */
  'budgets:get': call<[], readonly BudgetState[]>(),
  /** Replaces the budgets. */
  'budgets:set': call<[budgets: readonly Budget[]], readonly BudgetState[]>(),
  /** Shows the native dialog. Resolves to the paths added: empty when the user cancelled. */
  'sources:choose': call<[kind: 'folder' | 'file'], readonly string[]>(),
  'sources:open-sample': call<[], readonly string[]>(),
  /** Stops reading the path until it is resumed. */
  'sources:set-paused': command<[path: string, paused: boolean]>(),
  /** From now on takes in only requests whose session id holds this text; null: all. */
  'sources:set-session-key': command<[path: string, sessionKey: string | null]>(),
  /** Stops watching the path; the history read from it is kept. */
  'sources:remove': command<[path: string]>(),
  /** How much of the history was read through the path. */
  'sources:data-size': call<[path: string], SelectionSize>(),
  /** Stops watching the path and deletes what was read through it, as the event `deletion` reports. */
  'sources:remove-with-data': command<[path: string]>(),
  /** Paths chosen recently, the latest first. */
  'sources:recent': call<[], readonly string[]>(),
  /** Watches one of them again. Resolves to the paths added. */
  'sources:open-recent': call<[path: string], readonly string[]>(),
  /** The sessions whose last request is more than `days` days old. */
  'history:older-than': call<[days: number], SelectionSize>(),
  /** Deletes those sessions, as the event `deletion` reports. */
  'history:delete-older-than': command<[days: number]>(),
  /** Shows the save dialog, then writes. Null when the user cancelled, in the dialog or later. */
  'export:run': call<[request: ExportRequest], ExportDone | null>(),
  /** Ends the export of that number (event `export:progress`); nothing of it stays. */
  'export:cancel': command<[id: number]>(),
  /** Shows the open dialog. Resolves to how many prices the file held, null when the user cancelled. */
  'prices:import': call<[], number | null>(),
  /** Shows the save dialog. Resolves to the file written, null when the user cancelled. */
  'prices:export': call<[], string | null>(),
  'settings:get': call<[], Settings>(),
  'settings:set': call<[change: Partial<Settings>], Settings>(),
  'updates:get': call<[], UpdateState>(),
  /** Checks for a newer version; the event `updates:changed` reports the answer. */
  'updates:check': command<[]>(),
  /** Opens the release folder in the browser. */
  'updates:open': command<[]>(),
  'app:info': call<[], AppInfo>(),
  /** The page listens to `app:notice`, `app:navigate` and `app:command`. Main keeps these for it until then. */
  'app:ready': command<[]>(),
  /** Tells the menu which session "Export Session…" means; null when none is open. */
  'app:session-shown': command<[sessionId: string | null]>(),
  /** Opens another window, on that route of the pages where one is named. */
  'app:new-window': command<[route: string | null]>(),
  'app:desktop': call<[], DesktopState>(),
  /** Whether the app starts when the user signs in. */
  'app:start-at-login': command<[start: boolean]>(),
  'app:open-data-folder': command<[]>(),
  /** Shows dialogs; resolves to the folder used now, null when the user cancelled. The former one stays as it is. */
  'app:change-data-folder': call<[], string | null>(),
} as const

/** Stands for an event in a table. Carries the type of its payload only. */
interface Event<P> {
  readonly payload?: readonly [P]
}

const event = <P>(): Event<P> => ({})
type Payloads<T> = { readonly [K in keyof T]: T[K] extends Event<infer P> ? P : never }

/** Events of the engine that every page hears, by the same name. */
export const sharedEvents = {
  /** The store changed; ask again for what is on screen. At most ten a second. */
  changed: event<{ readonly revision: number }>(),
  sources: event<SourcesStatus>(),
  progress: event<Progress>(),
  /** How far the history is priced again; the last one is not active. */
  repricing: event<RepricingProgress>(),
  /** How far a deletion is; the last one is not active. */
  deletion: event<DeletionProgress>(),
} as const

/** Events that the main process sends to pages. */
export const appEvents = {
  'sources:recent-changed': event<readonly string[]>(),
  'settings:changed': event<Settings>(),
  /** A budget reached another share, or other budgets were set. */
  'budgets:changed': event<readonly BudgetState[]>(),
  'updates:changed': event<UpdateState>(),
  'app:notice': event<Notice>(),
  /** A menu command asks for a page, or a link for a session. */
  'app:navigate': event<
    { readonly to: PageName | PartName } | { readonly to: 'session'; readonly sessionId: string }
  >(),
  /** The menu asks the page on screen for something only it can do. */
  'app:command': event<PageCommand>(),
  'export:progress': event<ExportProgress>(),
  'engine:work': event<EngineWork>(),
} as const

/** Events of the engine that only the main process hears. */
export const engineEvents = {
  ...sharedEvents,
  notice: event<Notice>(),
  /**
   * Work before the first answer, and while the time zone is changed; the last one of each kind has share 1. What comes
   * before the engine exists is reported by the thread that opens it.
   */
  opening: event<Opening>(),
} as const

export type EngineCall = keyof typeof engineCalls
export type EngineCalls = Signatures<typeof engineCalls>

/** Every call a page may make: channel → signature. */
export type InvokeMap = Signatures<typeof engineCalls & typeof appCalls>
export type InvokeChannel = keyof InvokeMap

/** Everything that is pushed to a page: channel → payload. */
export type EventMap = Payloads<typeof sharedEvents & typeof appEvents>
export type EventChannel = keyof EventMap

/** What the engine reports without being asked. */
export type EngineEvents = Payloads<typeof engineEvents>

/** What takes time while a store is opened, and which share of it is done, 0 to 1. */
export interface Opening {
  /** The index catches up with the archive or is made again; or its sums are made for another time zone. */
  readonly what: 'index' | 'time-zone'
  readonly share: number
}

/** Why the engine is unavailable; null when it is back. */
export type EngineWork = {
  readonly what: 'time-zone' | 'data-folder' | 'index'
  /** 0 to 1; null while unknown. */
  readonly share: number | null
} | null

export type PageName = 'overview' | 'sessions' | 'search' | 'compare' | 'insights' | 'sources' | 'settings'

/** Parts of pages that a notification or the menu leads to. */
export type PartName = 'budgets' | 'updates'

/** What the menu can ask of a page. The exports are of what it shows, under its filter. */
export type PageCommand =
  | 'back'
  | 'forward'
  | 'find'
  | 'find-next'
  | 'find-previous'
  | 'palette'
  | 'shortcuts'
  | 'export-report-json'
  | 'export-report-csv'
  | 'export-report-markdown'
  | 'export-rounds'
  | 'export-session-json'
  | 'export-session-markdown'
/** The channel on which dropped files' paths travel; reachable only through `MonitorApi.addDropped`. */
export type DropChannel = 'sources:add-dropped'
