import type { RequestStatus } from '../../../contract/index'

/** How requests end. The index stores the position in this list. */
export const STATUSES: readonly RequestStatus[] = ['ok', 'error', 'cut-off']

/** The number by which the index stores a status. */
export function statusNumber(status: RequestStatus): number {
  return STATUSES.indexOf(status)
}
