import type { RequestStatus } from '../../../contract/index'

/** How requests end, by the number the index knows it by. */
export const STATUSES: readonly RequestStatus[] = ['ok', 'error', 'cut-off']

/** Its number. */
export function statusNumber(status: RequestStatus): number {
  return STATUSES.indexOf(status)
}
