import type { AppError, Result } from '../contract/index'
import { SYSTEM_FAILURES, systemCode } from './system-errors'

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

/**
 * Any thrown thing as a value. The message of an unexpected error is not passed on: it may quote what was being read
 * (JSON.parse does), and conversation text belongs neither in a notice nor in the program log.
 */
export function toAppError(error: unknown, where?: string): AppError {
  if (error instanceof Failure) return error.error
  const known = SYSTEM_FAILURES[systemCode(error) ?? '']
  const place = where === undefined ? {} : { where }
  if (known !== undefined) return { ...known, ...place }
  return {
    code: 'internal',
    message: 'Something went wrong inside the program.',
    ...place,
    hint: 'Try again. If it stays, the program log in the data folder says where it happened.',
  }
}
