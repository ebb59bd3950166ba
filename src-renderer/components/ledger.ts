import type { Ledger } from '@contract'

export type LedgerClass = Exclude<keyof Ledger, 'lines'>

/** The classes a line falls in, in the order they are shown. */
export const LEDGER_CLASSES: readonly LedgerClass[] = [
  'counted',
  'duplicate',
  'notLlm',
  'malformed',
  'blank',
  'tooLong',
  'filtered',
  'deleted',
]

/** Shown even when empty: a zero is said and not merely absent, and tables of several sources have the same columns. */
export const isUsual = (key: LedgerClass): boolean =>
  key === 'counted' || key === 'duplicate' || key === 'notLlm' || key === 'malformed'

/** Lines the user may want to do something about. */
export const isBad = (key: LedgerClass): boolean => key === 'malformed' || key === 'tooLong'
