import type {
  Budget,
  BudgetState,
  ComparedRoundQuery,
  ComparedRows,
  ComparedRowsQuery,
  ComparedSessions,
  Comparison,
  DataSelection,
  ExportRequest,
  ExportStep,
  ExportText,
  Insight,
  InsightQuery,
  LatestRequest,
  Overview,
  OverviewQuery,
  RawLine,
  RequestContext,
  RequestContextQuery,
  RequestDiff,
  RoundComparison,
  RoundRef,
  RoundsPage,
  RoundsQuery,
  SearchPage,
  SearchQuery,
  SelectionSize,
  SessionFindPage,
  SessionFindQuery,
  SessionHeader,
  SessionInsights,
  SessionList,
  SessionListQuery,
  SessionOutlinePage,
  SessionOutlineQuery,
  SessionSeries,
  Spark,
  StoreSize,
} from '../contract/index'
import { archiveBytes } from './archive/folder'
import { EngineError } from './base/errors'
import { roundJson, sessionFilePage } from './export/session-json'
import { type SessionFilePage, type SessionFilePageQuery } from '../contract/index'
import { finopsReport } from './export/finops'
import { type FinopsReport } from '../contract/index'
import { overview } from './index/queries/overview'
import { budgetStates } from './index/queries/insights/budgets'
import { insight } from './index/queries/insights/insight'
import { sessionInsights } from './index/queries/insights/session'
import { latestRequests } from './index/queries/latest'
import { everything, indexBytes, selectionSize } from './index/queries/selection'
import { listSessions, requireSession } from './index/queries/sessions'
import { sparks } from './index/queries/sparks'
import { roundNumber, roundRows, sessionConsumers } from './index/queries/rounds'
import { sessionSeries } from './index/queries/series'
import type { ComparedSide } from './sessions/compare/comparisons'
import type { Conversations } from './sessions/conversations'
import * as reader from './sessions/reader'
import { toRound } from './sessions/rounds'
import type { Store } from './store/store'
import type { StoreParts } from './store-parts'

/** What is answered from the store in hand, and changes nothing in it. */
export abstract class StoreQueries {
  /** What works on the store in hand. */
  protected abstract readonly parts: StoreParts

  /** The path of a file that was read; empty where nothing is known of it. */
  protected abstract pathOf(fileId: number): string

  /** Takes in what another process stored since; for an engine that was opened to read. */
  abstract refresh(): void

  get store(): Store {
    return this.parts.store
  }

  get conversations(): Conversations {
    return this.parts.conversations
  }

  overview(query: OverviewQuery): Overview {
    return overview(this.store.index, query)
  }

  sparks(sessionIds: readonly string[]): readonly Spark[] {
    return sparks(this.store.index, sessionIds)
  }

  latestRequests(limit: number): readonly LatestRequest[] {
    return latestRequests(this.store.index, limit)
  }

  sessions(query: SessionListQuery): SessionList {
    return listSessions(this.store.index, query)
  }

  sessionHeader(sessionId: string): SessionHeader {
    return this.#sideOf(sessionId).header
  }

  compareSessions({ a, b }: ComparedSessions): Comparison {
    return this.#fromArchive(() => this.parts.comparisons.compare(this.#sideOf(a), this.#sideOf(b)))
  }

  comparedRows(query: ComparedRowsQuery): ComparedRows {
    return this.parts.comparisons.rows(this.#sideOf(query.a), this.#sideOf(query.b), query)
  }

  comparedRound({ a, b, roundA, roundB }: ComparedRoundQuery): RoundComparison {
    return this.#fromArchive(() => this.parts.comparisons.round(this.#sideOf(a), this.#sideOf(b), roundA, roundB))
  }

  sessionRounds(query: RoundsQuery): RoundsPage {
    const { id, row } = this.#findSession(query.sessionId)
    const rounds = this.#fromArchive(() =>
      roundRows(this.store.index, id, query.from, query.limit).map(({ seq, round }) => {
        const record = this.conversations.request(seq)
        return toRound(record, {
          round,
          keptFromRound: record.base === null ? null : roundNumber(this.store.index, record.base),
          path: this.pathOf(record.file),
          prices: this.store.prices,
        })
      }),
    )
    return { total: row.rounds, rounds }
  }

  requestContext(query: RequestContextQuery): RequestContext {
    return this.#read(query.sessionId, (sources, id) => reader.requestContext(sources, id, query))
  }

  rawLine(ref: RoundRef): RawLine {
    return this.#read(ref.sessionId, (sources, id) => reader.rawLine(sources, id, ref))
  }

  requestDiff(ref: RoundRef): RequestDiff | null {
    return this.#read(ref.sessionId, (sources, id) => reader.requestDiff(sources, id, ref))
  }

  sessionSeries(sessionId: string): SessionSeries {
    return sessionSeries(this.store.index, this.#findSession(sessionId).id)
  }

  findInSession(query: SessionFindQuery): SessionFindPage {
    return this.#read(query.sessionId, (sources, id) => reader.findInSession(sources, id, query))
  }

  sessionOutline(query: SessionOutlineQuery): SessionOutlinePage {
    return this.#read(query.sessionId, (sources, id) => reader.sessionOutline(sources, id, query))
  }

  roundJson(ref: RoundRef): string {
    const { index, prices } = this.store
    return this.#read(ref.sessionId, ({ conversations }, id) => roundJson({ index, conversations, prices }, id, ref))
  }

  report(): FinopsReport {
    return finopsReport(this.store.index, new Date())
  }

  sessionFilePage(query: SessionFilePageQuery): SessionFilePage {
    const { id, row } = this.#findSession(query.sessionId)
    const { index, prices } = this.store
    return this.#fromArchive(() =>
      sessionFilePage({ index, conversations: this.conversations, prices }, id, row, query),
    )
  }

  searchStart(query: SearchQuery): number {
    return this.parts.searches.start(query)
  }

  searchNext(search: number): Promise<SearchPage> {
    return this.parts.searches.next(search)
  }

  searchCancel(search: number): void {
    this.parts.searches.cancel(search)
  }

  insight(query: InsightQuery): Insight {
    return insight(this.store.index, this.store.prices, query)
  }

  sessionInsights(sessionId: string): SessionInsights {
    return sessionInsights(this.store.index, this.store.prices, this.#findSession(sessionId).id)
  }

  budgetStates(budgets: readonly Budget[], now: number): readonly BudgetState[] {
    return budgetStates(this.store.index, budgets, now)
  }

  exportStart(request: ExportRequest, path: string): number {
    return this.parts.exports.start(request, path)
  }

  async exportNext(id: number): Promise<ExportStep> {
    try {
      return await this.parts.exports.next(id)
    } catch (error) {
      throw this.#ofArchive(error)
    }
  }

  exportTextStart(request: ExportRequest, suffix: string | null): number {
    return this.#fromArchive(() => this.parts.exports.startText(request, suffix))
  }

  exportTextNext(id: number): ExportText {
    return this.#fromArchive(() => this.parts.exports.nextText(id))
  }

  exportCancel(id: number): void {
    this.parts.exports.cancel(id)
  }

  storeSize(): StoreSize {
    const { index, archive } = this.store
    return {
      ...everything(index),
      archiveBytes: archiveBytes(archive.folder),
      indexBytes: indexBytes(index),
    }
  }

  selectionSize(selection: DataSelection): SelectionSize {
    return selectionSize(this.store.index, selection)
  }

  /** Reads from the archive; when it turns out to be damaged, the next start mends it. */
  #fromArchive<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.#ofArchive(error)
    }
  }

  /** What is to be told of a failure to read the archive. */
  #ofArchive(error: unknown): unknown {
    if (!(error instanceof EngineError) || error.code !== 'corrupt') return error
    if (!this.store.writable && this.store.isReplaced) {
      this.refresh()
      return new EngineError('refused', 'Another process has just deleted part of the history.', {
        hint: 'Try again in a moment.',
      })
    }
    this.store.distrustIndex()
    return error
  }

  #read<T>(sessionId: string, read: (sources: reader.ReaderSources, session: number) => T): T {
    const { id } = this.#findSession(sessionId)
    const pathOf = (fileId: number) => this.pathOf(fileId)
    const sources = { index: this.store.index, conversations: this.conversations, pathOf }
    return this.#fromArchive(() => read(sources, id))
  }

  #sideOf(sessionId: string): ComparedSide {
    const { id, row } = this.#findSession(sessionId)
    const { index } = this.store
    return { id, header: { ...row, revision: index.revision, consumers: sessionConsumers(index, id) } }
  }

  #findSession(sessionId: string) {
    return requireSession(this.store.index, sessionId)
  }
}
