import type {
  Budget,
  BudgetState,
  ExportDone,
  ExportRequest,
  Result,
  SelectionSize,
  UpdateState,
} from '../contract/index'

/** What the handlers need of the program that hosts them; the desktop's services implement it. */

export interface Budgets {
  readonly states: () => Promise<Result<readonly BudgetState[]>>
  readonly set: (budgets: readonly Budget[]) => Promise<Result<readonly BudgetState[]>>
}

export interface DataFolder {
  readonly open: () => void
  /** Null when the user cancelled. */
  readonly change: () => Promise<Result<string | null>>
}

export interface Exports {
  /** Null when the user cancelled, in the dialog or while it was written. */
  run(request: ExportRequest): Promise<Result<ExportDone | null>>
  cancel(id: number): void
}

export interface PriceFiles {
  import(): Promise<Result<number | null>>
  export(): Promise<Result<string | null>>
}

export interface Retention {
  olderThan(days: number): Promise<Result<SelectionSize>>
  deleteOlderThan(days: number): Promise<Result<void>>
}

export interface Updates {
  state(): UpdateState
  check(): Promise<void>
  open(): void
}

export interface WatchedSources {
  readonly choose: (kind: 'folder' | 'file') => Promise<Result<readonly string[]>>
  readonly add: (paths: readonly string[]) => Promise<Result<readonly string[]>>
  readonly openSample: () => Promise<Result<readonly string[]>>
  readonly openRecent: (path: string) => Promise<Result<readonly string[]>>
  readonly recent: () => readonly string[]
  readonly setPaused: (path: string, paused: boolean) => Promise<Result<void>>
  readonly setSessionKey: (path: string, sessionKey: string | null) => Promise<Result<void>>
  readonly remove: (path: string) => Promise<Result<void>>
  readonly removeWithData: (path: string) => Promise<Result<void>>
}
