import type { AppError, ErrorCode } from '../contract/index'

/** A failure with words fit for the user. Crosses the thread boundary and IPC as its `toAppError()` value. */
export class EngineError extends Error {
  readonly code: ErrorCode
  readonly where: string | undefined
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, detail: { where?: string; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: detail.cause })
    this.name = 'EngineError'
    this.code = code
    this.where = detail.where
    this.hint = detail.hint
  }

  toAppError(): AppError {
    return {
      code: this.code,
      message: this.message,
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    }
  }
}

/** The `code` of a Node system error ("ENOENT", …), undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code
  }
  return undefined
}

/** Whether the system did not allow it. */
export function isNotPermitted(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'EACCES' || code === 'EPERM'
}

/** Brings a failure of a file operation on `path` into words. */
export function fromSystemError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const detail = { where: path, cause: error }
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new EngineError('not-found', 'This path does not exist (any more).', {
        ...detail,
        hint: 'If it was renamed, choose it again; if it comes back, reading goes on by itself.',
      })
    case 'EACCES':
    case 'EPERM':
      return new EngineError('permission', 'Reading this path is not permitted.', {
        ...detail,
        hint: 'Give your user permission to read it (on Linux often: join the group "adm" or "istio-proxy"), then it is read by itself.',
      })
    case 'EMFILE':
    case 'ENFILE':
      return new EngineError('too-many-files', 'The system allows no more open files right now.', {
        ...detail,
        hint: 'Close other programs or raise the limit (ulimit -n); reading is tried again by itself.',
      })
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError('disk-full', 'The disk is full.', {
        ...detail,
        hint: 'Free some space; reading goes on by itself and nothing is lost as long as the log is still there.',
      })
    case 'EROFS':
      return new EngineError('read-only', 'The disk is mounted read-only.', {
        ...detail,
        hint: 'Make the data folder writable, or start with another data folder.',
      })
    default:
      return new EngineError(
        'unreadable',
        `This path can't be used: ${systemCode(error) ?? 'unknown failure'}.`,
        detail,
      )
  }
}

/** The same of a file that the user asked to be written: nothing there goes on by itself. */
export function fromWriteError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const detail = { where: path, cause: error }
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new EngineError('not-found', 'The folder to write in does not exist.', {
        ...detail,
        hint: 'Choose a place that can be written to.',
      })
    case 'EACCES':
    case 'EPERM':
      return new EngineError('permission', 'The system does not allow this program to use the file or folder.', {
        ...detail,
        hint: 'Change its permissions or choose another place.',
      })
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError('disk-full', 'The disk is full.', { ...detail, hint: 'Free some space and try again.' })
    case 'EROFS':
      return new EngineError('read-only', 'The disk is read-only.', {
        ...detail,
        hint: 'Choose a place that can be written to.',
      })
    default:
      return fromSystemError(error, path)
  }
}

/**
 * Any thrown value as what the user is told. The message of an error that nobody foresaw is left out: JSON.parse, for
 * one, quotes its input, which is conversation text.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof EngineError) return error.toAppError()
  const name = error instanceof Error ? error.name : typeof error
  return {
    code: 'internal',
    message: `Something went wrong in the engine (${name}).`,
    hint: 'This is a defect of the program. What was read is kept; start the program again.',
  }
}
