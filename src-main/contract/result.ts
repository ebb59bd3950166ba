/**
 * Values that cross the process boundary instead of exceptions. An exception loses its fields on the way over IPC;
 * a value keeps them, and the compiler makes the receiver look.
 */

/** What went wrong, as the user is told it: what happened, where, and what to do next. */
export interface AppError {
  readonly code: ErrorCode
  /** One sentence: what happened. Never holds conversation text. */
  readonly message: string
  /** The path, session id or setting it happened to. */
  readonly where?: string
  /** One sentence: what the user can do about it. */
  readonly hint?: string
}

export type ErrorCode =
  /** The message was refused at the boundary: unknown sender, channel or malformed arguments. */
  | 'refused'
  | 'not-found'
  | 'no-logs'
  | 'permission'
  | 'disk-full'
  | 'read-only'
  | 'store-in-use'
  | 'store-newer'
  | 'corrupt'
  | 'unreadable'
  | 'too-many-files'
  /** Another computer did not answer, or not as it should. */
  | 'unreachable'
  | 'internal'

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError }

/** Something the user should know although nothing they asked for failed (a corrupt file was kept aside, …). */
export interface Notice extends Omit<AppError, 'code'> {
  readonly level: 'info' | 'warning' | 'error'
  /**
   * `saved`: a file the user asked for from the menu was written to `where`. `update`: there is a newer version.
   * `interrupted`: what the user asked for was not brought to its end before the program ended.
   */
  readonly code: ErrorCode | 'saved' | 'update' | 'interrupted'
}
