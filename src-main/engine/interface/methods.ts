import type {
  Budget,
  BudgetState,
  DataSelection,
  EngineCalls,
  ExportRequest,
  ExportStep,
  ExportText,
  FinopsReport,
  SelectionSize,
  SessionFilePage,
  SessionFilePageQuery,
  WatchedSource,
} from '../../contract/index'

/**
 * What the engine answers, in the app over the thread boundary (thread/) and in the command line directly (engine.ts).
 * Arguments and results are plain data. A failure is thrown as an EngineError and crosses as a value.
 */
export type EngineMethods = {
  readonly [C in keyof EngineCalls]: (
    ...args: Parameters<EngineCalls[C]>
  ) => ReturnType<EngineCalls[C]> | Promise<ReturnType<EngineCalls[C]>>
} & HostMethods

/** What only the program around the engine asks, not a page. */
interface HostMethods {
  /** How much of each budget is used in the period of `now`, ms since the epoch. */
  budgetStates(budgets: readonly Budget[], now: number): readonly BudgetState[]
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
  /** Takes in the prices of a file that exportPrices made; says how many. Throws `unreadable`, `not-found`, …. */
  importPrices(path: string): number
  /** Writes the user's own prices to `path`, whole or not at all; says how many. */
  exportPrices(path: string): number
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
