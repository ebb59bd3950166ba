import type { LedgerMarks } from '../../contract/index'
import type { IndexFields } from './index-fields'

/** Counts what is to be remarked on a counted line. */
export function countRemarks(
  marks: { -readonly [K in keyof LedgerMarks]: number },
  { tokens, sessionId }: IndexFields,
  { truncated, timeInferred }: { readonly truncated: boolean; readonly timeInferred: boolean },
): void {
  if (tokens.input === null && tokens.output === null) marks.withoutUsage += 1
  if (truncated) marks.truncated += 1
  if (timeInferred) marks.timeInferred += 1
  if (tokens.bad) marks.badNumber += 1
  if (sessionId === null) marks.withoutSession += 1
}
