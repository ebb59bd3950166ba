import type {
  ExportRequest,
  FinopsReport,
  ReportExport,
  RoundsExport,
  SessionExport,
  SessionFileRound,
} from '../../contract/index'
import { totalsOf } from '../index/queries/overview'
import { roundPlaces } from '../index/queries/requests'
import { roundRows } from '../index/queries/rounds'
import { requireSession } from '../index/queries/sessions'
import { toUsd } from '../pricing/cost'
import { dateCsv, modelCsv, sessionCsv } from './csv'
import { finopsReport } from './finops'
import { reportMarkdown, sessionMarkdown } from './markdown'
import { requestRound, sessionText, type SessionFileSources } from './session-json'

/** The files of an export, and about how many rounds they hold; 0 for a report, which has none. */
interface ExportPlan {
  readonly files: readonly PlannedFile[]
  readonly total: number
}

interface PlannedFile {
  /** Part of the file's name when there are several files; null: the file has the name that the user chose. */
  readonly suffix: string | null
  /** The text in pieces, generated on demand because the whole may be longer than a string can be. */
  readonly pieces: Iterable<string>
}

/**
 * Plans an export. A piece of rounds or of a session is at most one round. `now`: the report's time of generation.
 * Throws `not-found`; generating the pieces may throw `corrupt`.
 */
export function planExport(sources: SessionFileSources, request: ExportRequest, now: Date): ExportPlan {
  switch (request.what) {
    case 'report':
      return { files: reportFiles(finopsReport(sources.index, now, request.filter), request.format), total: 0 }
    case 'rounds':
      return {
        files: [onlyFile(roundLines(sources, request))],
        total: totalsOf(sources.index, request.filter ?? {}).rounds,
      }
    case 'session':
      return planSession(sources, request)
  }
}

const onlyFile = (pieces: Iterable<string>): PlannedFile => ({ suffix: null, pieces })

function reportFiles(report: FinopsReport, format: ReportExport['format']): readonly PlannedFile[] {
  switch (format) {
    case 'json':
      return [onlyFile([`${JSON.stringify(report, null, 2)}\n`])]
    case 'csv':
      return [
        { suffix: 'model', pieces: modelCsv(report) },
        { suffix: 'date', pieces: dateCsv(report) },
      ]
    case 'markdown':
      return [onlyFile(reportMarkdown(report))]
  }
}

function planSession(sources: SessionFileSources, { sessionId, format }: SessionExport): ExportPlan {
  const { id, row } = requireSession(sources.index, sessionId)
  const pieces = (): Iterable<string> => {
    switch (format) {
      case 'json':
        return sessionText(sources, id, row, { withMessages: true })
      case 'csv':
        return sessionCsv(row.sessionId, rounds(sources, id, { withMessages: false }))
      case 'ndjson':
        return lines(rounds(sources, id, { withMessages: true }))
      case 'markdown':
        return sessionMarkdown(row, records(sources, id))
    }
  }
  return { files: [onlyFile(pieces())], total: row.rounds }
}

function* rounds(
  sources: SessionFileSources,
  id: number,
  options: { readonly withMessages: boolean },
): Generator<SessionFileRound> {
  // Listed once: a round with an earlier time that arrives in the meantime would shift the numbers of the later rounds.
  for (const { seq, round } of roundRows(sources.index, id, 1, 0)) yield requestRound(sources, seq, round, options)
}

/** One line per round: the session's id, then the round's fields without messages. */
function* roundLines(sources: SessionFileSources, { filter = {}, text = '' }: RoundsExport): Generator<string> {
  for (const { seq, sessionId, inferred, round } of roundPlaces(sources.index, filter, text)) {
    const fields = requestRound(sources, seq, round, { withMessages: false })
    yield `${JSON.stringify({ session_id: sessionId, inferred, ...fields })}\n`
  }
}

function* lines(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`
}

function* records({ index, conversations }: SessionFileSources, id: number) {
  for (const { seq, round, cost } of roundRows(index, id, 1, 0)) {
    yield { record: conversations.request(seq), round, costUsd: toUsd(cost) }
  }
}
