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
 * Every call the renderer may make: channel → signature. A handler and the preload are both typed by this map, so a
 * channel that is missing on one side does not compile.
 */
export interface InvokeMap {
  'overview:get': (query: OverviewQuery) => Overview
  'sessions:list': (query: SessionListQuery) => SessionList
  /** The requests read last, the latest first; at most 100. */
  'requests:latest': (limit: number) => readonly LatestRequest[]
  /** Of at most 200 sessions, in their order. */
  'sessions:sparks': (sessionIds: readonly string[]) => readonly Spark[]
  /** Looks at both sessions for a moment; ask again until the alignment is there. */
  'sessions:compare': (sessions: ComparedSessions) => Comparison
  'sessions:compare-rows': (query: ComparedRowsQuery) => ComparedRows
  'sessions:compare-round': (query: ComparedRoundQuery) => RoundComparison
  'session:header': (sessionId: string) => SessionHeader
  'session:rounds': (query: RoundsQuery) => RoundsPage
  'session:request-context': (query: RequestContextQuery) => RequestContext
  'session:raw-line': (ref: RoundRef) => RawLine
  /** Null for a session's first round. */
  'session:diff': (ref: RoundRef) => RequestDiff | null
  'session:series': (sessionId: string) => SessionSeries
  'session:find': (query: SessionFindQuery) => SessionFindPage
  'session:outline': (query: SessionOutlineQuery) => SessionOutlinePage
  /** The round in the field names of the session's JSON file, as text. */
  'session:round-json': (ref: RoundRef) => string
  /** Begins a search through all stored text; its number is for the two below. */
  'search:start': (query: SearchQuery) => number
  /** What was found since; ask until it is done, one question at a time. */
  'search:next': (search: number) => SearchPage
  'search:cancel': (search: number) => void
  'insights:get': (query: InsightQuery) => Insight
  'insights:session': (sessionId: string) => SessionInsights
  /** The budgets and how much of each is used now. */
  'budgets:get': () => readonly BudgetState[]
  /** Replaces the budgets. */
  'budgets:set': (budgets: readonly Budget[]) => readonly BudgetState[]
  'sources:status': () => SourcesStatus
  'sources:progress': () => Progress
  /** Shows the native dialog. Resolves to the paths added: empty when the user cancelled. */
  'sources:choose': (kind: 'folder' | 'file') => readonly string[]
  'sources:open-sample': () => readonly string[]
  /** Reads nothing more of the path until it is resumed. */
  'sources:set-paused': (path: string, paused: boolean) => void
  /** Takes in only requests whose session id holds this text, from now on; null: all. */
  'sources:set-session-key': (path: string, sessionKey: string | null) => void
  /** Stops watching the path; the history read from it is kept. */
  'sources:remove': (path: string) => void
  /** How much of the history was read through the path. */
  'sources:data-size': (path: string) => SelectionSize
  /** Stops watching the path and deletes what was read through it; `history:deletion` tells how far. */
  'sources:remove-with-data': (path: string) => void
  'history:size': () => StoreSize
  /** The sessions whose last request is more than `days` days old. */
  'history:older-than': (days: number) => SelectionSize
  /** Deletes those sessions; `history:deletion` tells how far. */
  'history:delete-older-than': (days: number) => void
  'history:cancel-deletion': () => void
  'history:deletion': () => DeletionProgress
  /** Shows the save dialog, then writes. Null when the user cancelled, in the dialog or later. */
  'export:run': (request: ExportRequest) => ExportDone | null
  /** Ends the export of that number (`export:progress`); nothing of it stays. */
  'export:cancel': (id: number) => void
  'prices:list': () => PriceList
  /** The history is then priced anew; `prices:progress` tells how far. */
  'prices:set': (price: UserPrice) => void
  'prices:reset': (model: string) => void
  /** Shows the open dialog. Resolves to how many prices the file held, null when the user cancelled. */
  'prices:import': () => number | null
  /** Shows the save dialog. Resolves to the file written, null when the user cancelled. */
  'prices:export': () => string | null
  'settings:get': () => Settings
  'settings:set': (change: Partial<Settings>) => Settings
  'updates:get': () => UpdateState
  /** Asks whether there is a newer version; `updates:changed` tells the answer. */
  'updates:check': () => void
  /** Shows the release folder in the browser. */
  'updates:open': () => void
  'app:info': () => AppInfo
  /** The page listens to `app:notice`, `app:navigate` and `app:command`. Main keeps these for it until then. */
  'app:ready': () => void
  /** Tells the menu which session "Export Session…" means; null when none is open. */
  'app:session-shown': (sessionId: string | null) => void
  /** Opens another window, on that route of the pages where one is named. */
  'app:new-window': (route: string | null) => void
  'app:desktop': () => DesktopState
  /** Starts the program with the user's session, or no longer. */
  'app:start-at-login': (start: boolean) => void
  'app:open-data-folder': () => void
  /** Shows dialogs; resolves to the folder used now, null when the user cancelled. The former one stays as it is. */
  'app:change-data-folder': () => string | null
  /** Paths chosen lately, the latest first. */
  'sources:recent': () => readonly string[]
  /** Watches one of them again. Resolves to the paths added. */
  'sources:open-recent': (path: string) => readonly string[]
}

/** What the engine is away for: it is asked again when it is back (null). */
export type EngineWork = {
  readonly what: 'time-zone' | 'data-folder' | 'index'
  /** 0 to 1; null where it is not known. */
  readonly share: number | null
} | null

export type InvokeChannel = keyof InvokeMap

/** Everything main pushes to the renderer: channel → payload. */
export interface EventMap {
  /** The store changed; ask again for what is on screen. At most ten a second. */
  'store:changed': { readonly revision: number }
  'sources:changed': SourcesStatus
  'sources:progress': Progress
  'sources:recent-changed': readonly string[]
  'settings:changed': Settings
  /** Pushed when a budget reached another share, or other budgets were set. */
  'budgets:changed': readonly BudgetState[]
  'prices:progress': RepricingProgress
  'history:deletion': DeletionProgress
  'updates:changed': UpdateState
  'app:notice': Notice
  /** A menu command asks for a page, or a link for a session. */
  'app:navigate': { readonly to: PageName | PartName } | { readonly to: 'session'; readonly sessionId: string }
  /** The menu asks the page on screen for something only it can do. */
  'app:command': PageCommand
  'export:progress': ExportProgress
  'engine:work': EngineWork
}

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
export type EventChannel = keyof EventMap

/** The channel on which dropped files' paths travel; reachable only through `MonitorApi.addDropped`. */
export type DropChannel = 'sources:add-dropped'
