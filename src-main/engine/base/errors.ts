import type { AppError, ErrorCode } from '../../contract/index'
import { SYSTEM_FAILURES, systemCode, type SystemFailure } from '../../shared/system-errors'

/** A failure worded for the user. It crosses threads and IPC as the value of `toAppError()`. */
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

/** Whether the system refused permission. */
export function isNotPermitted(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'EACCES' || code === 'EPERM'
}

/** Words a failure to read or use `path`. Reading is tried again automatically, which the hints say. */
export function fromSystemError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const code = systemCode(error)
  const detail = { where: path, cause: error }
  switch (code) {
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
    case undefined:
      return new EngineError('internal', `Something went wrong in the engine (${nameOf(error)}).`, {
        ...detail,
        hint: DEFECT_HINT,
      })
    default:
      return new EngineError('unreadable', `This path can't be used: ${code}.`, detail)
  }
}

const IN_USE: SystemFailure = {
  code: 'permission',
  message: 'The file can’t be replaced: another program has it open, or it may not be changed.',
  hint: 'Close it there and try again, or choose another name.',
}
const NO_FOLDER: SystemFailure = {
  code: 'not-found',
  message: 'The target folder does not exist.',
  hint: 'Create it again, or choose another place.',
}
const IS_FOLDER: SystemFailure = {
  code: 'refused',
  message: 'A folder has this name.',
  hint: 'Choose another name.',
}
const BROKEN_DISK: SystemFailure = {
  code: 'unreadable',
  message: 'The disk reported an error, or is no longer connected.',
  hint: 'Check it, or choose another place.',
}

/** Failures to write a file, by system code. */
const WRITE_FAILURES: Readonly<Record<string, SystemFailure>> = {
  ...SYSTEM_FAILURES,
  ENOENT: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
  // Windows also reports these for a file that another program has open.
  ...(process.platform === 'win32' ? { EACCES: IN_USE, EPERM: IN_USE } : {}),
  EBUSY: IN_USE,
  ETXTBSY: IN_USE,
  EISDIR: IS_FOLDER,
  EEXIST: IS_FOLDER,
  ENOTEMPTY: IS_FOLDER,
  EFBIG: {
    code: 'disk-full',
    message: 'The file would be larger than this disk or your system allows.',
    hint: 'Choose another disk, or write less: narrow the filter or the days.',
  },
  ENAMETOOLONG: {
    code: 'refused',
    message: 'The name of the file, or the path to it, is too long for this disk.',
    hint: 'Choose a shorter name, or a folder closer to the root.',
  },
  EINVAL: {
    code: 'refused',
    message: 'This file name is not allowed on this disk.',
    hint: 'Choose another name with letters and digits only.',
  },
  EIO: BROKEN_DISK,
  ENXIO: BROKEN_DISK,
  ENODEV: BROKEN_DISK,
  ESTALE: BROKEN_DISK,
}

/** Words a failure to write a file that the user asked for. Nothing is tried again automatically. */
export function fromWriteError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const code = systemCode(error)
  const detail = { where: path, cause: error }
  if (code === undefined) {
    return new EngineError('internal', `Something went wrong in the app while it wrote this file (${nameOf(error)}).`, {
      ...detail,
      hint: 'This is a bug in the app. Nothing was left behind; try another format or a narrower filter.',
    })
  }
  const failure = WRITE_FAILURES[code] ?? {
    code: 'unreadable' as const,
    message: `The file could not be written: ${code}.`,
    hint: 'Try again, or choose another place.',
  }
  return new EngineError(failure.code, failure.message, { ...detail, hint: failure.hint })
}

/**
 * Any thrown value as an AppError. The message of an unexpected error is left out: JSON.parse, for example, quotes its
 * input, which may be conversation text.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof EngineError) return error.toAppError()
  return {
    code: 'internal',
    message: `Something went wrong in the engine (${nameOf(error)}).`,
    hint: DEFECT_HINT,
  }
}

const DEFECT_HINT = 'This is a bug in the app. What was read is kept; start the app again.'

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
