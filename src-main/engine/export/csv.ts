import type { FinopsReport, SessionFileRound } from '../../contract/index'

/** A cell of a CSV file (RFC 4180). Null becomes an empty cell, because unknown is not zero. */
export type Cell = string | number | boolean | null

/** A line including its line break. */
function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/**
 * Logged text that a spreadsheet would run as a formula gets a leading apostrophe, which marks it as text
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The columns of the original skill, then our own. */
export function* modelCsv(report: FinopsReport): Generator<string> {
  yield csvLine(['Model', 'Sessions', 'Input Tokens', 'Output Tokens', 'Cost (USD)', ...OUR_COLUMNS])
  for (const [model, totals] of Object.entries(report.by_model)) {
    yield csvLine([
      model,
      totals.session_count,
      totals.total_input,
      totals.total_output,
      usd(totals.total_cost),
      ...ours(totals),
    ])
  }
}

export function* dateCsv(report: FinopsReport): Generator<string> {
  yield csvLine(['Date', 'Sessions', 'Input Tokens', 'Output Tokens', 'Cost (USD)', 'Models', ...OUR_COLUMNS])
  for (const [date, totals] of Object.entries(report.by_date)) {
    yield csvLine([
      date,
      totals.session_count,
      totals.total_input,
      totals.total_output,
      usd(totals.total_cost),
      totals.models.join(', '),
      ...ours(totals),
    ])
  }
}

const OUR_COLUMNS = ['Rounds', 'Cached Tokens', 'Reasoning Tokens', 'Rounds Without Price', 'Prompt Tokens']

function ours(totals: FinopsReport['by_model'][string]): readonly Cell[] {
  return [totals.rounds, totals.total_cached, totals.total_reasoning, totals.unpriced_rounds, totals.total_prompt]
}

/** With all digits, and without an exponent. */
function usd(cost: number | null): string | null {
  return cost === null ? null : cost.toFixed(12).replace(/\.?0+$/, '')
}

/** The rounds of a session, one per line. */
export function* sessionCsv(sessionId: string, rounds: Iterable<SessionFileRound>): Generator<string> {
  yield csvLine([
    'Session',
    'Round',
    'Time',
    'Model',
    'Input Tokens',
    'Output Tokens',
    'Cached Tokens',
    'Reasoning Tokens',
    'Cost (USD)',
    'Request',
    'Response Code',
    'Response Type',
    'Duration (ms)',
    'Question',
    'Answer',
  ])
  for (const round of rounds) {
    yield csvLine([
      sessionId,
      round.round,
      round.timestamp,
      round.model,
      round.input_tokens,
      round.output_tokens,
      round.cached_tokens,
      round.reasoning_tokens,
      usd(round.cost_usd),
      round.request_id,
      round.response_code,
      round.response_type,
      round.duration_ms,
      round.question,
      round.answer,
    ])
  }
}
