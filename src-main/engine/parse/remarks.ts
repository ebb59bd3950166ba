import type { LedgerMarks } from '../../contract/index'
import type { IndexFields } from './index-fields'

/** What is to be remarked on a line that its fields do not say. */
export interface LineRemarks {
  readonly truncated: boolean
  readonly timeInferred: boolean
  readonly mended: boolean
  readonly hasMessages: boolean
}

/** Counts what is to be remarked on a counted line. */
export function countRemarks(
  marks: { -readonly [K in keyof LedgerMarks]: number },
  { tokens, sessionId, question }: IndexFields,
  { truncated, timeInferred, mended, hasMessages }: LineRemarks,
): void {
  if (tokens.input === null && tokens.output === null) marks.withoutUsage += 1
  if (truncated) marks.truncated += 1
  if (timeInferred) marks.timeInferred += 1
  if (tokens.bad) marks.badNumber += 1
  if (sessionId === null) marks.withoutSession += 1
  if (mended) marks.mended += 1
  if (!hasMessages && question === null) marks.withoutText += 1
}
