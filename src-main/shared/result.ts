import type { AppError, ErrorCode, Result } from '../contract/index'

/** An expected failure on its way to becoming a value. */
export class Failure extends Error {
  readonly error: AppError

  constructor(error: AppError) {
    super(error.code)
    this.name = 'Failure'
    this.error = error
  }
}

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const failed = <T>(error: AppError): Result<T> => ({ ok: false, error })

/** The same promise, its rejection as a value too. */
export async function settled<T>(work: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work
  } catch (error) {
    return failed(toAppError(error))
  }
}

/** What the operating system calls it, and what the user can do. */
const systemErrors: Readonly<
  Record<string, { readonly code: ErrorCode; readonly message: string; readonly hint: string }>
> = {
  ENOENT: {
    code: 'not-found',
    message: 'The file or folder does not exist.',
    hint: 'Check that it was not moved or renamed.',
  },
  EACCES: {
    code: 'permission',
    message: 'The system does not allow this program to use the file or folder.',
    hint: 'Change its permissions or choose another place.',
  },
  EPERM: {
    code: 'permission',
    message: 'The system does not allow this program to use the file or folder.',
    hint: 'Change its permissions or choose another place.',
  },
  ENOSPC: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space and try again.' },
  EDQUOT: { code: 'disk-full', message: 'Your share of the disk is used up.', hint: 'Free some space and try again.' },
  EROFS: { code: 'read-only', message: 'The disk is read-only.', hint: 'Choose a place that can be written to.' },
  EMFILE: { code: 'too-many-files', message: 'Too many files are open.', hint: 'Close other programs and try again.' },
  ENFILE: { code: 'too-many-files', message: 'Too many files are open.', hint: 'Close other programs and try again.' },
}

/** The system's code of an error (`ENOENT`, …), where it has one. */
export function systemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/**
 * Any thrown thing as a value. The message of an unexpected error is not passed on: it may quote what was being read
 * (JSON.parse does), and conversation text belongs neither in a notice nor in the program log.
 */
export function toAppError(error: unknown, where?: string): AppError {
  if (error instanceof Failure) return error.error
  const known = systemErrors[systemCode(error) ?? '']
  const place = where === undefined ? {} : { where }
  if (known !== undefined) return { ...known, ...place }
  return {
    code: 'internal',
    message: 'Something went wrong inside the program.',
    ...place,
    hint: 'Try again. If it stays, the program log in the data folder says where it happened.',
  }
}
