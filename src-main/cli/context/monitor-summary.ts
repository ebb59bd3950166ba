import type { Ledger, LedgerMarks, SessionRow, SessionUsage } from '../../contract/index'
import type { Engine } from '../../engine/engine'
import { isoTime } from '../../engine/export/session-json'
import { listSessions } from '../../engine/index/queries/sessions'
import { bold, dim, money, printable, shortened, tableLines } from '../terminal/output'

/** The totals of some sessions, of those whose id holds `key`; of all where it is null. */
function monitoredTotals(
  engine: Engine,
  key: string | null,
): Omit<SessionUsage, 'promptTokens' | 'completionTokens' | 'cacheWriteTokens' | 'failedRounds'> {
  if (key === null) return engine.overview({ recentLimit: 0 }).totals
  const rows = monitoredSessions(engine, key, 0)
  const sum = (count: (row: SessionRow) => number): number => rows.reduce((total, row) => total + count(row), 0)
  const rounds = sum((row) => row.rounds)
  const unpricedRounds = sum((row) => row.unpricedRounds)
  return {
    sessions: rows.length,
    rounds,
    inputTokens: sum((row) => row.inputTokens),
    outputTokens: sum((row) => row.outputTokens),
    cachedTokens: sum((row) => row.cachedTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    costUsd: rounds > 0 && unpricedRounds === rounds ? null : sum((row) => row.costUsd ?? 0),
    unpricedRounds,
    roundsWithoutUsage: sum((row) => row.roundsWithoutUsage),
    estimatedRounds: sum((row) => row.estimatedRounds),
    lowerBoundRounds: sum((row) => row.lowerBoundRounds),
  }
}

/** The latest sessions, `limit` of them (0: all), whose id holds `key`. */
function monitoredSessions(engine: Engine, key: string | null, limit: number): readonly SessionRow[] {
  const query = { sortBy: 'lastTime', descending: true, offset: 0 } as const
  if (key === null) return listSessions(engine.store.index, { ...query, limit }).rows
  const rows = listSessions(engine.store.index, { ...query, limit: 0, text: key }).rows
  const matching = rows.filter((row) => row.sessionId.includes(key))
  return limit === 0 ? matching : matching.slice(0, limit)
}

/** The object of `monitor --json`; its field names are stable. */
export function summary(engine: Engine, key: string | null) {
  const totals = monitoredTotals(engine, key)
  const { ledger, marks } = engine.sourcesStatus()
  return {
    sessions: totals.sessions,
    rounds: totals.rounds,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    reasoning_tokens: totals.reasoningTokens,
    cached_tokens: totals.cachedTokens,
    cost_usd: totals.costUsd,
    unpriced_rounds: totals.unpricedRounds,
    ledger: ledgerJson(ledger),
    // Remarks on counted lines: they overlap, and sum to nothing.
    marks: marksJson(marks),
  }
}

export function ledgerJson(ledger: Ledger) {
  return {
    lines: ledger.lines,
    counted: ledger.counted,
    duplicate: ledger.duplicate,
    not_llm: ledger.notLlm,
    malformed: ledger.malformed,
    blank: ledger.blank,
    too_long: ledger.tooLong,
    filtered: ledger.filtered,
    deleted: ledger.deleted,
  }
}

export function marksJson(marks: LedgerMarks) {
  return {
    without_usage: marks.withoutUsage,
    truncated: marks.truncated,
    time_inferred: marks.timeInferred,
    bad_number: marks.badNumber,
    without_session: marks.withoutSession,
    without_text: marks.withoutText,
    mended: marks.mended,
    unreadable_time: marks.unreadableTime,
    unlogged: marks.unlogged,
    cut: marks.cut,
    left_out: marks.leftOut,
    broken: marks.broken,
  }
}

/** The same in one line. */
export function summaryLine(engine: Engine, key: string | null): string {
  const totals = monitoredTotals(engine, key)
  const { ledger } = engine.sourcesStatus()
  return (
    `${String(totals.sessions)} sessions, ${String(totals.rounds)} rounds, ${String(totals.inputTokens)} input, ` +
    `${String(totals.outputTokens)} output tokens, ${money(totals.costUsd, totals.unpricedRounds)}; ` +
    `${String(ledger.lines)} lines: ${String(ledger.counted)} counted, ${String(ledger.duplicate)} read before, ` +
    `${String(ledger.notLlm)} no LLM request, ${String(ledger.malformed)} malformed, ${String(ledger.blank)} blank`
  )
}

/** Rows below the table of sessions. */
const LINES_AROUND = 10

/** What a terminal of that size shows while the logs are followed. */
export function liveView(engine: Engine, key: string | null, size: { rows: number; columns: number }): string {
  const totals = monitoredTotals(engine, key)
  const { ledger, sources } = engine.sourcesStatus()
  const progress = engine.progress()
  const shown = monitoredSessions(engine, key, Math.max(1, size.rows - LINES_AROUND))
  const number = (value: number): string => value.toLocaleString('en-US')
  const broken = sources.filter((source) => source.error !== null).length
  const lines = [
    bold('Agent Session Monitor'),
    dim(
      progress.active && progress.bytesTotal > 0
        ? `reading ${String(Math.floor((100 * progress.bytesDone) / progress.bytesTotal))} %`
        : `following ${number(sources.length - broken)} of ${number(sources.length)} logs · Ctrl+C ends`,
    ),
    '',
    ...tableLines(
      ['Session', 'Model', 'Rounds', 'Input', 'Output', 'Cost', 'Updated'],
      shown.map((row) => [
        shortened(printable(row.sessionId), Math.max(16, size.columns - 85)),
        shortened(printable(row.model ?? ''), 20),
        number(row.rounds),
        number(row.inputTokens),
        number(row.outputTokens),
        money(row.costUsd, row.unpricedRounds),
        // To the second, and in UTC as everywhere on the command line.
        `${isoTime(row.lastTime).slice(0, 19)}Z`,
      ]),
      [2, 3, 4, 5],
    ),
    '',
    `${bold('Sessions')} ${number(totals.sessions)}   ${bold('Rounds')} ${number(totals.rounds)}   ` +
      `${bold('Input')} ${number(totals.inputTokens)}   ${bold('Output')} ${number(totals.outputTokens)}   ` +
      `${bold('Cached')} ${number(totals.cachedTokens)}   ${bold('Cost')} ${money(totals.costUsd, totals.unpricedRounds)}`,
    dim(`${number(ledger.lines)} lines, ${number(ledger.counted)} counted, ${number(ledger.malformed)} malformed`),
  ]
  return lines.join('\n')
}
