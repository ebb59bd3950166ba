import type { AppError, ErrorCode } from '@contract'

/** A failure the main process reported as a value, thrown on this side so that no caller can overlook it. */
export class MonitorError extends Error implements AppError {
  readonly code: ErrorCode
  readonly where?: string
  readonly hint?: string

  constructor(error: AppError) {
    super(error.message)
    this.name = 'MonitorError'
    this.code = error.code
    if (error.where !== undefined) this.where = error.where
    if (error.hint !== undefined) this.hint = error.hint
  }
}

/** Anything that was thrown, as an error that can be shown. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof MonitorError) return thrown
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}
