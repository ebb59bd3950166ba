import type { AppError, ErrorCode } from '../../contract/index'

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

interface WriteFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

const NOT_ALLOWED: WriteFailure = {
  code: 'permission',
  message: 'The system does not allow this program to use the file or folder.',
  hint: 'Change its permissions or choose another place.',
}
const IN_USE: WriteFailure = {
  code: 'permission',
  message: 'The file can’t be replaced: another program has it open, or it may not be changed.',
  hint: 'Close it there and try again, or choose another name.',
}
const NO_FOLDER: WriteFailure = {
  code: 'not-found',
  message: 'The folder to write in does not exist.',
  hint: 'Make it again, or choose another place.',
}
const IS_FOLDER: WriteFailure = {
  code: 'refused',
  message: 'A folder has this name.',
  hint: 'Choose another name.',
}
const TOO_MANY_OPEN: WriteFailure = {
  code: 'too-many-files',
  message: 'Too many files are open.',
  hint: 'Close other programs and try again.',
}
const BROKEN_DISK: WriteFailure = {
  code: 'unreadable',
  message: 'The disk reported an error, or is not connected any more.',
  hint: 'Check it, or choose another place.',
}

/** By the system's code. Windows says of a file that another program has open that it is not allowed. */
const WRITE_FAILURES: Readonly<Record<string, WriteFailure>> = {
  ENOENT: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
  EACCES: process.platform === 'win32' ? IN_USE : NOT_ALLOWED,
  EPERM: process.platform === 'win32' ? IN_USE : NOT_ALLOWED,
  EBUSY: IN_USE,
  ETXTBSY: IN_USE,
  EISDIR: IS_FOLDER,
  EEXIST: IS_FOLDER,
  ENOTEMPTY: IS_FOLDER,
  ENOSPC: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space and try again.' },
  EDQUOT: { code: 'disk-full', message: 'Your share of the disk is used up.', hint: 'Free some space and try again.' },
  EFBIG: {
    code: 'disk-full',
    message: 'The file would be larger than this disk or your system allows.',
    hint: 'Choose another disk, or write less: narrow the filter or the days.',
  },
  EROFS: { code: 'read-only', message: 'The disk is read-only.', hint: 'Choose a place that can be written to.' },
  ENAMETOOLONG: {
    code: 'refused',
    message: 'The name of the file, or the path to it, is too long for this disk.',
    hint: 'Choose a shorter name, or a folder less deep.',
  },
  EINVAL: {
    code: 'refused',
    message: 'This disk does not take a file of this name.',
    hint: 'Choose another name, of letters and digits.',
  },
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
  EIO: BROKEN_DISK,
  ENXIO: BROKEN_DISK,
  ENODEV: BROKEN_DISK,
  ESTALE: BROKEN_DISK,
}

/** The same of a file that the user asked to be written: nothing there goes on by itself. */
export function fromWriteError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const code = systemCode(error)
  const detail = { where: path, cause: error }
  if (code === undefined) {
    return new EngineError(
      'internal',
      `Something went wrong inside the program while it made this file (${nameOf(error)}).`,
      {
        ...detail,
        hint: 'This is a defect of the program. Nothing was left behind; another format, or a narrower filter, may do.',
      },
    )
  }
  const {
    code: told,
    message,
    hint,
  } = WRITE_FAILURES[code] ?? {
    code: 'unreadable',
    message: `The file could not be written: ${code}.`,
    hint: 'Try again, or choose another place.',
  }
  return new EngineError(told, message, { ...detail, hint })
}

/**
 * Any thrown value as what the user is told. The message of an error that nobody foresaw is left out: JSON.parse, for
 * one, quotes its input, which is conversation text.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof EngineError) return error.toAppError()
  return {
    code: 'internal',
    message: `Something went wrong in the engine (${nameOf(error)}).`,
    hint: DEFECT_HINT,
  }
}

const DEFECT_HINT = 'This is a defect of the program. What was read is kept; start the program again.'

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
