import type {
  Budget,
  BudgetState,
  ComparedRoundQuery,
  ComparedRows,
  ComparedRowsQuery,
  ComparedSessions,
  Comparison,
  DataSelection,
  DeletionProgress,
  ExportRequest,
  ExportStep,
  ExportText,
  FinopsReport,
  Insight,
  InsightQuery,
  LatestRequest,
  Notice,
  Overview,
  OverviewQuery,
  PriceList,
  Progress,
  RawLine,
  RepricingProgress,
  RequestContext,
  RequestContextQuery,
  RequestDiff,
  RoundComparison,
  RoundRef,
  RoundsPage,
  RoundsQuery,
  SearchPage,
  SearchQuery,
  SelectionSize,
  SessionFilePage,
  SessionFilePageQuery,
  SessionFindPage,
  SessionFindQuery,
  SessionHeader,
  SessionInsights,
  SessionList,
  SessionListQuery,
  SessionOutlinePage,
  SessionOutlineQuery,
  SessionSeries,
  SourcesStatus,
  Spark,
  StoreSize,
  UserPrice,
  WatchedSource,
} from '../../contract/index'

/**
 * What the engine answers, in the app over the thread boundary (client.ts, worker.ts) and in the command line directly
 * (engine.ts). Arguments and results are plain data. A failure is thrown as an EngineError and crosses as a value.
 */
export interface EngineMethods {
  /** An analysis of the days asked for. */
  insight(query: InsightQuery): Insight
  /** Branches, compactions, cache breaks and retries of a session, and how it was inferred. Throws `not-found`. */
  sessionInsights(sessionId: string): SessionInsights
  /** How much of each budget is used in the period of `now`, ms since the epoch. */
  budgetStates(budgets: readonly Budget[], now: number): readonly BudgetState[]
  overview(query: OverviewQuery): Overview
  sessions(query: SessionListQuery): SessionList
  /** Cost over the rounds of each of the sessions. */
  sparks(sessionIds: readonly string[]): readonly Spark[]
  /** The requests read last, the latest first. */
  latestRequests(limit: number): readonly LatestRequest[]
  /** Looks at two sessions for a moment; ask again until their alignment is there. Throws `not-found`. */
  compareSessions(sessions: ComparedSessions): Comparison
  /** Rows of the alignment told last. Throws `not-found`. */
  comparedRows(query: ComparedRowsQuery): ComparedRows
  /** Two rounds in full. Throws `not-found`, `corrupt`. */
  comparedRound(query: ComparedRoundQuery): RoundComparison
  /** Throws `not-found`. */
  sessionHeader(sessionId: string): SessionHeader
  /** Throws `not-found`. */
  sessionRounds(query: RoundsQuery): RoundsPage
  /** The last messages a request sent. Throws `not-found`, `corrupt`. */
  requestContext(query: RequestContextQuery): RequestContext
  /** A request's line as it stood in the log. Throws `not-found`, `corrupt`. */
  rawLine(ref: RoundRef): RawLine
  /** What a request sent beside what the one before it sent. Throws `not-found`, `corrupt`. */
  requestDiff(ref: RoundRef): RequestDiff | null
  /** Throws `not-found`. */
  sessionSeries(sessionId: string): SessionSeries
  /** Looks a slice of the session through; ask again from `next`. Throws `not-found`. */
  findInSession(query: SessionFindQuery): SessionFindPage
  /** Outlines a slice of the session; ask again from `next`. Throws `not-found`. */
  sessionOutline(query: SessionOutlineQuery): SessionOutlinePage
  /** The round as in the session's JSON file (export/session-json.ts), as text. Throws `not-found`, `corrupt`. */
  roundJson(ref: RoundRef): string
  sourcesStatus(): SourcesStatus
  progress(): Progress
  /** The paths that logs were read through so far, as the user chose them. */
  storedSources(): readonly string[]
  /**
   * Watches exactly these files and folders from now on, or as each of them says. What was read from others is kept. A path that cannot be read
   * is not refused: its state says what is wrong, and it is tried again.
   */
  watch(sources: readonly (string | WatchedSource)[]): void
  /**
   * Says what a path the user is about to choose holds, reading no more than the head of each file.
   * Throws `not-found`, `permission` or `no-logs` with a hint fit to be shown.
   */
  probe(path: string): { readonly logFiles: number; readonly bytes: number }
  /**
   * Begins to write an export to `path` (export/exports.ts), whole or not at all; its number is for the two below.
   * Throws `not-found`.
   */
  exportStart(request: ExportRequest, path: string): number
  /** Writes on for a moment; ask until it has ended. Throws `disk-full`, `permission`, `corrupt`, …. */
  exportNext(id: number): Promise<ExportStep>
  /**
   * Begins to tell one file of an export, of a report as CSV that of `suffix`, null for all others; its number is for the
   * next, and for exportCancel. Throws `not-found`.
   */
  exportTextStart(request: ExportRequest, suffix: string | null): number
  /** The next of it; ask until it has ended. Throws `not-found` when it has, `corrupt`, …. */
  exportTextNext(id: number): ExportText
  /** Ends an export, and takes away what it has written. */
  exportCancel(id: number): void
  /** The FinOps report over everything. */
  report(): FinopsReport
  /** A piece of a session's JSON, for those that are too large to be made whole. Throws `not-found`. */
  sessionFilePage(query: SessionFilePageQuery): SessionFilePage
  /** The models that were logged, with what each costs and from where that is known. */
  prices(): PriceList
  /**
   * Sets the user's own price of a model; those it had are replaced. The history is priced anew in the background, which
   * `repricing` tells. Throws `refused` where it can be no price, `disk-full`, ….
   */
  setPrice(price: UserPrice): void
  /** Takes the user's own price of a model back: the published one holds again. */
  resetPrice(model: string): void
  /** Takes in the prices of a file that exportPrices made; says how many. Throws `unreadable`, `not-found`, …. */
  importPrices(path: string): number
  /** Writes the user's own prices to `path`, whole or not at all; says how many. */
  exportPrices(path: string): number
  /** Begins a search through all stored text (search/search.ts); its number is for the two below. */
  searchStart(query: SearchQuery): number
  /** Searches on for a moment; ask until it is done. Rejects with `not-found` when it has ended. */
  searchNext(search: number): Promise<SearchPage>
  searchCancel(search: number): void
  /** What the history takes on disk, and holds. */
  storeSize(): StoreSize
  selectionSize(selection: DataSelection): SelectionSize
  /**
   * Deletes part of the history and gives its space back (deletion.ts), in the background, which `deletion` tells. Logs
   * are not read meanwhile. Throws `refused` while one is under way, or for a source that is still watched.
   */
  startDeletion(selection: DataSelection): void
  /**
   * Has the days be those of another time zone, an IANA name, in the background, which `opening` tells; until all of it is
   * done the numbers are those of the former zone, and no log is read. Another call ends one that is under way.
   */
  setTimeZone(timeZone: string): Promise<void>
  /** Ends a deletion that is under way; nothing is deleted then. */
  cancelDeletion(): void
  /** How far the latest deletion is, or how it ended. */
  deletion(): DeletionProgress
}

/** What the engine reports by itself. */
export interface EngineEvents {
  /** At most ten a second. */
  changed: { readonly revision: number }
  sources: SourcesStatus
  progress: Progress
  notice: Notice
  /** How far the history is priced anew; the last one is not active. */
  repricing: RepricingProgress
  /** How far a deletion is; the last one is not active. */
  deletion: DeletionProgress
  /**
   * Before any question is answered, and while the zone is changed; the last one of each kind has share 1. What comes
   * before is told by the thread that opens the engine, not by the engine, which is not there yet.
   */
  opening: Opening
}

/** What takes its time while a store is opened, and which share of it is done, 0 to 1. */
export interface Opening {
  /** The index is brought up to the archive's end, or made anew; or its sums are made for another time zone. */
  readonly what: 'index' | 'time-zone'
  readonly share: number
}

export interface EngineOptions {
  /** Folder of the archive and the index; made when absent. */
  readonly dataFolder: string
  /** IANA name of the zone whose days the reports count. */
  readonly timeZone: string
  /**
   * `write` where absent. `read`: watches no log and writes nothing; what another process stores meanwhile is taken in
   * as it comes.
   */
  readonly mode?: 'write' | 'read'
  /** The folder was chosen by the user: where it is not there, none is made. Throws `not-found`. */
  readonly mustExist?: boolean
  /** Set by tests; the defaults are what users run. */
  readonly tuning?: EngineTuning
}

/** Times and sizes at which the engine does things. */
export interface EngineTuning {
  /** The watched folders are looked at at least this often, ms. */
  readonly pollMs?: number
  /** Whether to ask the system for file events; without them polling alone finds what is new. */
  readonly fileEvents?: boolean
  /** A failed write of the archive is tried again after this time, ms. */
  readonly retryMs?: number
  /** New requests after which the index is saved. */
  readonly snapshotRequests?: number
  /** Bytes after which the archive starts a new segment. */
  readonly segmentBytes?: number
}
