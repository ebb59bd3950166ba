import { promptTokens, type PromptCounts } from '../../parse/tokens'
import { intOrNull, type Row } from '../database/sql'

/** The columns of request that the size of its prompt is told by; the two kinds of cache writes as one. */
export const PROMPT_COLUMNS = 'input, cached, coalesce(cache_write, 0) + coalesce(cache_write_hour, 0)'

/** All tokens of a prompt; null where input is not known. */
export function wholePrompt(tokens: PromptCounts): number | null {
  return tokens.input === null ? null : promptTokens(tokens)
}

/** All tokens of a request's prompt, of PROMPT_COLUMNS from column `at` on; null where input is not known. */
export function promptAt(row: Row, at: number): number | null {
  const [input = null, cached = null, cacheWrite = null] = row.slice(at, at + 3).map(intOrNull)
  return wholePrompt({ input, cached, cacheWrite, cacheWriteHour: null })
}
