import type { BilledTokens } from '../../parse/usage'
import { int, intOrNull, type Row, type SqlValue } from '../database/sql'

/** The columns of `request` that hold BilledTokens, in the order that billedAt() reads them. */
export const BILLED_COLUMNS = 'prompt, completion, usage_marks, media, cached, cache_write, cache_write_hour, reasoning'

/** Reads BILLED_COLUMNS, which start at column `at`. */
export function billedAt(row: Row, at: number): BilledTokens {
  const prompt = intOrNull(row[at])
  const completion = intOrNull(row[at + 1])
  const media = row[at + 3]
  const [audioInput = 0, imageInput = 0, audioOutput = 0, imageOutput = 0] =
    typeof media === 'string' ? media.split(' ').map(Number) : []
  const known = prompt !== null
  return {
    prompt,
    completion,
    cached: known ? (intOrNull(row[at + 4]) ?? 0) : 0,
    cacheWrite: known ? (intOrNull(row[at + 5]) ?? 0) : 0,
    cacheWriteHour: known ? (intOrNull(row[at + 6]) ?? 0) : 0,
    reasoning: completion === null ? 0 : (intOrNull(row[at + 7]) ?? 0),
    audioInput,
    imageInput,
    audioOutput,
    imageOutput,
    marks: int(row[at + 2]),
  }
}

/** The value of `request.media` for these tokens. */
export function mediaValue({ audioInput, imageInput, audioOutput, imageOutput }: BilledTokens): SqlValue {
  if (audioInput + imageInput + audioOutput + imageOutput === 0) return null
  return [audioInput, imageInput, audioOutput, imageOutput].join(' ')
}
