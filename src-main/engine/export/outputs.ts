import type { ExportRequest, ReportExport, RoundsExport, SessionExport } from '../../contract/index'
import { EngineError } from '../base/errors'
import { totalsOf } from '../index/queries/overview'
import { roundPlaces } from '../index/queries/requests'
import { roundRows } from '../index/queries/rounds'
import { findSession } from '../index/queries/sessions'
import { toUsd } from '../pricing/cost'
import { dateCsv, modelCsv, sessionCsv } from './csv'
import { finopsReport } from './finops'
import { type FinopsReport } from '../../contract/index'
import { reportMarkdown, sessionMarkdown } from './markdown'
import { requestRound, sessionText, type SessionFileSources } from './session-json'

/** A file of an export. */
export interface Output {
  /** What is added to the name of one of several files; null: the file is called as the user says. */
  readonly suffix: string | null
  /** The text, piece by piece, made as it is asked for: the whole may be larger than a text can be. */
  readonly pieces: Iterable<string>
}

/**
 * The files of an export. A piece of rounds or of a session is a round at most. `now`: written into a report.
 * Throws `not-found`, and while its pieces are made `corrupt`.
 */
export function outputsOf(sources: SessionFileSources, request: ExportRequest, now: Date): readonly Output[] {
  switch (request.what) {
    case 'report':
      return reportOutputs(finopsReport(sources.index, now, request.filter), request.format)
    case 'rounds':
      return [whole(roundLines(sources, request))]
    case 'session':
      return [whole(sessionPieces(sources, request))]
  }
}

function reportOutputs(report: FinopsReport, format: ReportExport['format']): readonly Output[] {
  switch (format) {
    case 'json':
      return [whole([`${JSON.stringify(report, null, 2)}\n`])]
    case 'csv':
      return [
        { suffix: 'model', pieces: modelCsv(report) },
        { suffix: 'date', pieces: dateCsv(report) },
      ]
    case 'markdown':
      return [whole(reportMarkdown(report))]
  }
}

function sessionPieces(sources: SessionFileSources, { sessionId, format }: SessionExport): Iterable<string> {
  const { id, row } = sessionOf(sources, sessionId)
  const rounds = function* (withMessages: boolean) {
    // Listed once: a round of an earlier time that is read meanwhile moves the numbers of those after it.
    for (const { seq, round } of roundRows(sources.index, id, 1, 0)) {
      yield requestRound(sources, seq, round, { withMessages })
    }
  }
  switch (format) {
    case 'json':
      return sessionText(sources, id, row, { withMessages: true })
    case 'csv':
      return sessionCsv(row.sessionId, rounds(false))
    case 'ndjson':
      return lines(rounds(true))
    case 'markdown':
      return sessionMarkdown(row, records(sources, id))
  }
}

/** About how many rounds an export writes; 0 for a report, which has none. */
export function roundsOf(sources: SessionFileSources, request: ExportRequest): number {
  switch (request.what) {
    case 'report':
      return 0
    case 'rounds':
      return totalsOf(sources.index, request.filter ?? {}).rounds
    case 'session':
      return sessionOf(sources, request.sessionId).row.rounds
  }
}

const whole = (pieces: Iterable<string>): Output => ({ suffix: null, pieces })

function sessionOf({ index }: SessionFileSources, sessionId: string) {
  const found = findSession(index, sessionId)
  if (found !== undefined) return found
  throw new EngineError('not-found', 'There is no session with this id.', {
    where: sessionId,
    hint: 'Look it up in the list of sessions.',
  })
}

/** A line a round: its session's id, then the fields of a round, without messages. */
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
