import type { ErrorCode } from '../contract/index'

/** What went wrong with a file or folder, in words for the user. */
export interface SystemFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

/** The code of a Node system error (`ENOENT`, …); undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const NOT_ALLOWED: SystemFailure = {
  code: 'permission',
  message: 'The system does not allow this program to use the file or folder.',
  hint: 'Change its permissions or choose another place.',
}
const TOO_MANY_OPEN: SystemFailure = {
  code: 'too-many-files',
  message: 'Too many files are open.',
  hint: 'Close other programs and try again.',
}

/** Failures by system code. */
export const SYSTEM_FAILURES: Readonly<Record<string, SystemFailure>> = {
  ENOENT: {
    code: 'not-found',
    message: 'The file or folder does not exist.',
    hint: 'Check that it was not moved or renamed.',
  },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  ENOSPC: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space and try again.' },
  EDQUOT: { code: 'disk-full', message: 'Your share of the disk is used up.', hint: 'Free some space and try again.' },
  EROFS: { code: 'read-only', message: 'The disk is read-only.', hint: 'Choose a place that can be written to.' },
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
}
