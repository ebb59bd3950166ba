import { promptTokens } from '../parse/tokens'
import { intOrNull, type Row } from './sql'

/** The columns of request that the size of its prompt is told by; the two kinds of cache writes as one. */
export const PROMPT_COLUMNS = 'input, cached, coalesce(cache_write, 0) + coalesce(cache_write_hour, 0)'

/** All tokens of a request's prompt, of PROMPT_COLUMNS from column `at` on; null where input is not known. */
export function promptAt(row: Row, at: number): number | null {
  const [input, cached, cacheWrite] = row.slice(at, at + 3).map(intOrNull)
  if (input === null || input === undefined) return null
  return promptTokens({ input, cached: cached ?? null, cacheWrite: cacheWrite ?? null, cacheWriteHour: null })
}
