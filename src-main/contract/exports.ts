import type { UsageFilter } from './usage'

/** What can be written to a file the user names. */
export type ExportRequest = ReportExport | RoundsExport | SessionExport

/** The FinOps report over the rounds that count; CSV makes two files of it, by model and by date. */
export interface ReportExport {
  readonly what: 'report'
  readonly format: 'json' | 'csv' | 'markdown'
  readonly filter?: UsageFilter
}

/** Every round that counts, one JSON object a line, without the history it sent. */
export interface RoundsExport {
  readonly what: 'rounds'
  readonly format: 'ndjson'
  readonly filter?: UsageFilter
  /** Only of sessions that hold this in their id, title or model. */
  readonly text?: string
}

export interface SessionExport {
  readonly what: 'session'
  readonly format: 'json' | 'markdown' | 'csv' | 'ndjson'
  readonly sessionId: string
}

/** How far an export is; the last one told of an export is not active. */
export interface ExportProgress {
  /** Number of the export. */
  readonly id: number
  readonly active: boolean
  /** Rounds written, and about how many there are. */
  readonly done: number
  readonly total: number
  /** The file being written. */
  readonly path: string
}

/** What was written. */
export interface ExportDone {
  /** The file, or the first of several. */
  readonly path: string
  readonly files: number
  /** Which rounds count, in words; null: all there are, or those of a session. */
  readonly scope: string | null
}
