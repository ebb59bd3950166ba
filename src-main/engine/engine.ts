import type {
  Budget,
  BudgetState,
  ComparedRoundQuery,
  ComparedRows,
  ComparedRowsQuery,
  ComparedSessions,
  Comparison,
  ExportRequest,
  Insight,
  InsightQuery,
  SessionInsights,
  LatestRequest,
  Spark,
  DataSelection,
  DeletionProgress,
  Notice,
  Overview,
  OverviewQuery,
  PriceList,
  Progress,
  RawLine,
  RequestContext,
  RequestContextQuery,
  RequestDiff,
  RoundComparison,
  RoundRef,
  RoundsPage,
  RoundsQuery,
  SessionFindPage,
  SessionFindQuery,
  SearchPage,
  SearchQuery,
  SelectionSize,
  SessionHeader,
  SessionList,
  SessionListQuery,
  SessionOutlinePage,
  SessionOutlineQuery,
  SessionSeries,
  SourcesStatus,
  StoreSize,
  WatchedSource,
  UserPrice,
} from '../contract/index'
import { archiveBytes } from './archive/folder'
import { Histories } from './archive/history'
import { deleteData, type Deleted } from './deletion'
import { EngineError, fromSystemError, toAppError } from './errors'
import { Exports, type ExportStep } from './export/exports'
import { roundJson, sessionFilePage, type SessionFilePage, type SessionFilePageQuery } from './export/session-json'
import { finopsReport, type FinopsReport } from './export/finops'
import { overview } from './index/queries/overview'
import { budgetStates } from './index/queries/insights/budgets'
import { insight } from './index/queries/insights/insight'
import { sessionInsights } from './index/queries/insights/session'
import { latestRequests } from './index/queries/latest'
import { everything, indexBytes, selectionSize } from './index/queries/selection'
import { findSession, listSessions } from './index/queries/sessions'
import { sparks } from './index/queries/sparks'
import { roundNumber, roundRows, sessionConsumers } from './index/queries/rounds'
import { sessionSeries } from './index/queries/series'
import { Ingest } from './ingest'
import type { EngineEvents, EngineMethods, EngineOptions, EngineTuning } from './methods'
import { BackgroundFilters } from './search/background-filters'
import { Searches } from './search/searches'
import { Comparisons, type ComparedSide } from './sessions/compare/comparisons'
import { Conversations } from './sessions/conversation'
import * as reader from './sessions/reader'
import { toRound } from './sessions/rounds'
import { Prices } from './prices'
import { followedSources, sourcesStatus, storedSourcesStatus } from './sources-status'
import { Store } from './store'
import { Discovery } from './tail/discover'
import { Follower, StopReading } from './tail/follower'
import type { StreamPlace } from './tail/stream'
import { Wake } from './tail/wake'

/** Looks at the folders at least this often, ms, whatever the system's file events say. */
const POLL_MS = 1000
/** Events to the outside are at least this far apart, ms. */
const EVENT_MS = 100
/** What was appended is synced to disk at the latest after this time, ms. */
const SYNC_MS = 1000
/** New requests after which an idle moment is used to save the index. */
const SNAPSHOT_REQUESTS = 20_000
/** A failed write of the archive is tried again after this time, ms. */
const RETRY_MS = 2000
/** Looks in a row until one finds nothing more, when all is to be read once. */
const MAX_LOOKS = 8

type Listeners = { [E in keyof EngineEvents]: Set<(payload: EngineEvents[E]) => void> }

/** The engine: reads the watched logs into the store and answers queries meanwhile. Open with `Engine.open`. */
export class Engine implements EngineMethods {
  readonly #follower: Follower
  readonly #wake: Wake
  #parts: StoreParts
  #prices: Prices
  readonly #listeners: Listeners = {
    changed: new Set(),
    sources: new Set(),
    progress: new Set(),
    notice: new Set(),
    repricing: new Set(),
    deletion: new Set(),
  }
  #nextFileId: number
  #running: Promise<void> | null = null
  #again = false
  #closed = false
  /** Why the archive could not be written; null when it can. Nothing more is read while it can't. */
  #writeFailure: EngineError | null = null
  #readMore = false
  #lastEvent = 0
  #eventTimer: NodeJS.Timeout | undefined
  #eventDue = false
  #changed = false
  #progressShown = false
  #toldSources = ''
  #syncTimer: NodeJS.Timeout | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #streamTimer: NodeJS.Timeout | undefined
  #refreshTimer: NodeJS.Timeout | undefined
  #requestsAtSnapshot: number
  #deletion: DeletionProgress = NO_DELETION
  #toldDeletion: DeletionProgress = NO_DELETION
  #deletionCancelled = false
  #reopening: Promise<void> | null = null
  #lastYield = performance.now()

  readonly #tuning: Required<Omit<EngineTuning, 'segmentBytes'>>

  private constructor(store: Store, tuning: EngineTuning) {
    this.#tuning = {
      pollMs: POLL_MS,
      fileEvents: true,
      retryMs: RETRY_MS,
      snapshotRequests: SNAPSHOT_REQUESTS,
      ...tuning,
    }
    const checkpoints = store.index.files()
    this.#nextFileId = checkpoints.reduce((max, file) => Math.max(max, file.fileId), 0) + 1
    this.#follower = new Follower(
      {
        line: (file, bytes, offset, length) => {
          this.#ingest.line(file, bytes, offset, length)
        },
        pause: () => this.#pause(),
        nextFileId: () => this.#nextFileId++,
      },
      checkpoints,
    )
    this.#parts = this.#partsOf(store)
    if (store.lostRequests && store.writable) {
      for (const file of this.#follower.files) if (!file.retired) file.readAgainWhenSeen()
    }
    this.#requestsAtSnapshot = store.archive.end.nextSeq
    this.#wake = new Wake(() => {
      void this.#lookAgain()
    }, this.#tuning)
    if (!store.writable) {
      this.#refreshTimer = setInterval(() => {
        this.refresh()
      }, this.#tuning.pollMs)
    }
    this.#prices = this.#pricesOf(store)
  }

  get store(): Store {
    return this.#parts.store
  }

  get conversations(): Conversations {
    return this.#parts.conversations
  }

  get #ingest(): Ingest {
    return this.#parts.ingest
  }

  /** Opens the store and makes it ready for queries. Throws an EngineError (`store-in-use`, `store-newer`, …). */
  static async open(options: EngineOptions): Promise<Engine> {
    const { tuning = {}, mode = 'write', ...storeOptions } = options
    const { segmentBytes } = tuning
    const store = await Store.open({
      mode,
      ...storeOptions,
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    })
    return new Engine(store, tuning)
  }

  /** What was found wrong and mended while opening. */
  get notices(): readonly Notice[] {
    return this.store.notices
  }

  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
    this.#listeners[event].add(listener)
    return () => this.#listeners[event].delete(listener)
  }

  watch(sources: readonly (string | WatchedSource)[]): void {
    this.#requireWritable()
    this.#follower.setSources(sources.map((source) => (typeof source === 'string' ? { path: source } : source)))
    const { paths } = this.#follower
    if (paths.length === 0) this.#wake.stop()
    else this.#wake.start(paths)
    void this.#lookAgain()
  }

  /**
   * Reads everything that the paths hold now, and follows nothing. Resolves when all of it is durable; rejects when the
   * archive can't take it (`disk-full`, …).
   */
  async readOnce(paths: readonly string[]): Promise<void> {
    this.#requireWritable()
    this.#follower.setSources(paths.map((path) => ({ path })))
    // A scan can miss a file that is renamed meanwhile: it is over when a look finds nothing more.
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      await this.#lookAgain()
      if (this.#writeFailure !== null) throw this.#writeFailure
      if (!this.#readMore) break
    }
    await this.#prices.settled()
    try {
      this.store.archive.sync()
    } catch (error) {
      throw fromSystemError(error, 'archive')
    }
  }

  /** Takes in what another process stored since; for an engine that was opened to read. */
  refresh(): void {
    if (this.store.isReplaced) {
      this.#reopen().catch((error: unknown) => {
        this.#notify(error)
      })
      return
    }
    try {
      if (!this.store.refresh()) return
      this.#changed = true
      this.#emitSoon()
    } catch (error) {
      this.#notify(error)
    }
  }

  /**
   * Reads a log that comes through a pipe, to its end, beside what is watched; resolves when all of it is durable. While
   * the archive can't be written the pipe waits. `place`: what is told of its origin; standard input where absent.
   */
  async readStream(chunks: AsyncIterable<Buffer>, place?: StreamPlace): Promise<void> {
    this.#requireWritable()
    const source = this.#follower.openStream(place)
    for await (const chunk of chunks) {
      await this.#takeTurn(async () => {
        source.push(chunk, this.#ingest)
        await this.#untilWritten(() => this.#pause())
      })
      this.#streamTimer ??= setTimeout(() => {
        this.#streamTimer = undefined
        void this.#takeTurn(() => this.#untilWritten(() => this.#flush()))
      }, EVENT_MS)
    }
    await this.#takeTurn(async () => {
      source.end(this.#ingest)
      await this.#untilWritten(() => this.#flush())
    })
    this.store.archive.sync()
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
    return this.#fromArchive(() => this.#parts.comparisons.compare(this.#sideOf(a), this.#sideOf(b)))
  }

  comparedRows(query: ComparedRowsQuery): ComparedRows {
    return this.#parts.comparisons.rows(this.#sideOf(query.a), this.#sideOf(query.b), query)
  }

  comparedRound({ a, b, roundA, roundB }: ComparedRoundQuery): RoundComparison {
    return this.#fromArchive(() => this.#parts.comparisons.round(this.#sideOf(a), this.#sideOf(b), roundA, roundB))
  }

  sessionRounds(query: RoundsQuery): RoundsPage {
    const { id, row } = this.#findSession(query.sessionId)
    const paths = new Map<number, string>()
    for (const file of this.#follower.files) paths.set(file.fileId, file.path)
    const rounds = this.#fromArchive(() =>
      roundRows(this.store.index, id, query.from, query.limit).map(({ seq, round }) => {
        const record = this.conversations.request(seq)
        return toRound(record, {
          round,
          keptFromRound: record.base === null ? null : roundNumber(this.store.index, record.base),
          path: paths.get(record.file) ?? '',
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
    return this.#parts.searches.start(query)
  }

  searchNext(search: number): Promise<SearchPage> {
    return this.#parts.searches.next(search)
  }

  searchCancel(search: number): void {
    this.#parts.searches.cancel(search)
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

  sourcesStatus(): SourcesStatus {
    if (!this.store.writable) return storedSourcesStatus(this.store.index.files())
    return sourcesStatus(this.#follower)
  }

  storedSources(): readonly string[] {
    return followedSources(this.store.index.files())
  }

  progress(): Progress {
    return this.#follower.progress()
  }

  probe(path: string): { logFiles: number; bytes: number } {
    const { files, errors } = new Discovery().scan(path)
    const [first] = errors
    if (files.length === 0 && first !== undefined) throw first.error
    if (files.length === 0) {
      throw new EngineError('no-logs', 'No gateway log was found here.', {
        where: path,
        hint: 'Choose the folder that holds access.log, or another *.log whose lines carry "ai_log".',
      })
    }
    return { logFiles: files.length, bytes: files.reduce((bytes, file) => bytes + file.sizeBytes, 0) }
  }

  exportStart(request: ExportRequest, path: string): number {
    return this.#parts.exports.start(request, path)
  }

  exportNext(id: number): ExportStep {
    return this.#fromArchive(() => this.#parts.exports.next(id))
  }

  exportCancel(id: number): void {
    this.#parts.exports.cancel(id)
  }

  prices(): PriceList {
    return this.#prices.list()
  }

  setPrice(price: UserPrice): void {
    this.#prices.set(price)
  }

  resetPrice(model: string): void {
    this.#prices.reset(model)
  }

  importPrices(path: string): number {
    return this.#prices.importFrom(path)
  }

  exportPrices(path: string): number {
    return this.#prices.exportTo(path)
  }

  storeSize(): StoreSize {
    const { index, dataFolder } = this.store
    return {
      ...everything(index),
      archiveBytes: archiveBytes(dataFolder),
      indexBytes: indexBytes(index),
    }
  }

  selectionSize(selection: DataSelection): SelectionSize {
    return selectionSize(this.store.index, selection)
  }

  deletion(): DeletionProgress {
    return this.#deletion
  }

  startDeletion(selection: DataSelection): void {
    this.#requireWritable()
    if (this.#deletion.active) throw new EngineError('refused', 'A deletion is under way.')
    if ('source' in selection && this.#follower.paths.includes(selection.source)) {
      throw new EngineError('refused', 'This path is still watched.', {
        where: selection.source,
        hint: 'Remove it from the sources first.',
      })
    }
    void this.delete(selection)
  }

  cancelDeletion(): void {
    this.#deletionCancelled = true
  }

  /** As startDeletion; resolves when it is over, to how it ended. */
  async delete(selection: DataSelection): Promise<DeletionProgress> {
    this.#requireWritable()
    this.#deletionCancelled = false
    this.#tellDeletion({ ...NO_DELETION, active: true })
    // Whoever waits for its turn meanwhile is not told of a failure.
    await this.#takeTurn(() =>
      this.#deleteNow(selection).catch((error: unknown) => {
        if (error instanceof EngineError && error.code === 'corrupt') this.store.distrustIndex()
        this.#tellDeletion({ ...NO_DELETION, error: error instanceof Interrupted ? null : toAppError(error) })
      }),
    )
    return this.#deletion
  }

  /** Resolves when all costs are those of the present prices. */
  async repriced(): Promise<void> {
    await this.#prices.settled()
  }

  /** Stops reading, makes everything durable, saves the index. The engine can't be used afterwards. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#wake.stop()
    clearTimeout(this.#eventTimer)
    clearTimeout(this.#syncTimer)
    clearTimeout(this.#retryTimer)
    clearInterval(this.#refreshTimer)
    clearTimeout(this.#streamTimer)
    this.#parts.exports.close()
    await this.#running
    this.#tellDeletionsEnd()
    await this.#parts.filters.close()
    await this.#prices.close()
    try {
      if (this.store.writable) {
        await this.#ingest.flush()
        await this.store.saveSnapshot()
      }
    } catch (error) {
      this.#notify(error)
    } finally {
      this.#follower.close()
      this.store.close()
    }
  }

  /** Asked anew after every wait, where the compiler would take the former answer for granted. */
  #isClosed(): boolean {
    return this.#closed
  }

  /** Reads from the archive; when it turns out to be damaged, the next start mends it. */
  #fromArchive<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'corrupt') throw error
      if (!this.store.writable && this.store.isReplaced) {
        this.refresh()
        throw new EngineError('refused', 'Another process has just deleted part of the history.', {
          hint: 'Try again in a moment.',
        })
      }
      this.store.distrustIndex()
      throw error
    }
  }

  #read<T>(sessionId: string, read: (sources: reader.ReaderSources, session: number) => T): T {
    const { id } = this.#findSession(sessionId)
    const pathOf = (fileId: number) => this.#pathOf(fileId)
    const sources = { index: this.store.index, conversations: this.conversations, pathOf }
    return this.#fromArchive(() => read(sources, id))
  }

  #pathOf(fileId: number): string {
    return [...this.#follower.files].find((file) => file.fileId === fileId)?.path ?? ''
  }

  #sideOf(sessionId: string): ComparedSide {
    const { id, row } = this.#findSession(sessionId)
    const { index } = this.store
    return { id, header: { ...row, revision: index.revision, consumers: sessionConsumers(index, id) } }
  }

  #requireWritable(): void {
    if (!this.store.writable) {
      throw new EngineError('read-only', 'This data folder is open for reading only.', { where: 'watch' })
    }
  }

  #findSession(sessionId: string) {
    const found = findSession(this.store.index, sessionId)
    if (found !== undefined) return found
    throw new EngineError('not-found', 'There is no session with this id.', {
      where: sessionId,
      hint: 'Look it up in the list of sessions.',
    })
  }

  /** Reads what is new; a call while that goes on makes it look once more at the end. */
  #lookAgain(): Promise<void> {
    if (this.#closed || this.#retryTimer !== undefined) return Promise.resolve()
    this.#again = true
    this.#running ??= this.#readAll().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #readAll(): Promise<void> {
    while (this.#again && !this.#isClosed()) {
      this.#again = false
      try {
        await this.store.index.prepareLines(() => this.#letOthersWork())
        // What waits since a failed write goes first: nothing more is read until it is kept.
        if (this.#writeFailure !== null) await this.#flush()
        this.#readMore = await this.#follower.catchUp()
        if (await this.#flush()) this.#syncSoon()
      } catch (error) {
        if (this.#isClosed()) return
        this.#retryLater(error)
        return
      }
      this.#emitSoon()
      this.#saveWhenWorthIt()
      this.#parts.filters.soon()
    }
  }

  /** Does `work` while no log is being read: lines are taken by one reader at a time. */
  async #takeTurn(work: () => Promise<void>): Promise<void> {
    while (this.#running !== null) await this.#running
    if (this.#isClosed()) return
    this.#running = work().finally(() => {
      this.#running = null
    })
    await this.#running
    this.#syncSoon()
    this.#emitSoon()
    if (this.#again) void this.#lookAgain()
  }

  /** Tries until the archive takes it, or the engine is closed. */
  async #untilWritten(write: () => Promise<unknown>): Promise<void> {
    while (!this.#isClosed()) {
      try {
        await write()
        return
      } catch (error) {
        if (this.#isClosed()) return
        this.#notify(error)
        await new Promise((resolve) => setTimeout(resolve, this.#tuning.retryMs))
      }
    }
  }

  /** Between chunks: write a block when enough waits, and let queries in. */
  async #pause(): Promise<void> {
    if (await this.#ingest.writeWhenFull()) {
      this.#changed = true
      this.#emitSoon()
    }
    // Letting others in costs a turn of the event loop; not every small chunk is worth one.
    if (performance.now() - this.#lastYield < YIELD_MS) return
    await this.#letOthersWork()
  }

  async #letOthersWork(isCancelled: () => boolean = () => false): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#lastYield = performance.now()
    if (this.#isClosed() || isCancelled()) throw new Interrupted()
  }

  #partsOf(store: Store): StoreParts {
    const conversations = new Conversations(store.archive, store.index)
    const searches = new Searches(store)
    const filters = new BackgroundFilters(store, {
      isBusy: () => this.#running !== null || searches.isBusy,
      failed: (error) => {
        this.#notify(fromSystemError(error, 'archive'))
      },
    })
    filters.soon()
    return {
      store,
      conversations,
      searches,
      filters,
      exports: new Exports(() => ({ index: store.index, conversations, prices: store.prices })),
      comparisons: new Comparisons({
        index: store.index,
        conversations,
        prices: () => store.prices,
        pathOf: (fileId) => this.#pathOf(fileId),
      }),
      ingest: new Ingest({
        archive: store.archive,
        index: store.index,
        histories: new Histories(),
        conversations,
        files: () => this.#follower.files,
      }),
    }
  }

  async #deleteNow(selection: DataSelection): Promise<void> {
    const started = performance.now()
    await this.#flush()
    await this.#prices.settled()
    const deleted = await deleteData({
      store: this.store,
      conversations: this.conversations,
      selection,
      files: [...this.#follower.files].map((file) => file.checkpoint()),
      pause: () => this.#letOthersWork(() => this.#deletionCancelled),
      progress: ({ done, total }) => {
        const seconds = (performance.now() - started) / 1000
        const secondsLeft = seconds < 0.5 ? null : ((total - done) * seconds) / done
        this.#tellDeletion({ ...this.#deletion, done, total, secondsLeft })
      },
    })
    if (deleted !== null) this.#adopt(deleted)
    const result = deleted?.size ?? { sessions: 0, rounds: 0, freedBytes: 0 }
    this.#tellDeletion({ ...this.#deletion, active: false, secondsLeft: null, result })
    try {
      await this.store.saveSnapshot()
    } catch (error) {
      this.#notify(error)
    }
  }

  /** Works on this store from now on, which stands in the place of the one in hand. */
  #useStore(store: Store): void {
    const former = this.store
    this.#parts.searches.cancelAll()
    void this.#parts.filters.close()
    this.#parts.exports.close()
    this.#parts = this.#partsOf(store)
    this.#prices = this.#pricesOf(store)
    former.leave()
  }

  #pricesOf(store: Store): Prices {
    return new Prices({
      store,
      changed: () => {
        this.#changed = true
        this.#emitSoon()
      },
      progress: (progress) => {
        this.#emit('repricing', progress)
      },
      failed: (error) => {
        this.#notify(error)
      },
    })
  }

  /** Goes on with what a deletion left. */
  #adopt({ store, files, forgottenFiles }: Deleted): void {
    void this.#prices.close()
    this.#useStore(store)
    this.#follower.forget(forgottenFiles)
    const changed = new Map(files.map((file) => [file.fileId, file]))
    for (const file of this.#follower.files) {
      const checkpoint = changed.get(file.fileId)
      if (checkpoint !== undefined) file.recount(checkpoint)
      // Lines that stood here too were counted where they are no more.
      if (forgottenFiles.size > 0 && file.ledger.duplicate > 0 && !file.retired) file.readAgainWhenSeen()
    }
    this.#changed = true
    this.#again = true
    this.#requestsAtSnapshot = store.archive.end.nextSeq
  }

  /** Goes on with the archive that another process has put in the place of the one this engine reads. */
  async #reopen(): Promise<void> {
    const { dataFolder, index } = this.store
    this.#reopening ??= Store.open({ mode: 'read', dataFolder, timeZone: index.timeZone })
      .then((store) => {
        if (this.#isClosed()) {
          store.close()
          return
        }
        store.index.follow(index.revision)
        this.#useStore(store)
        this.#changed = true
        this.#emitSoon()
      })
      .finally(() => {
        this.#reopening = null
      })
    await this.#reopening
  }

  #tellDeletion(progress: DeletionProgress): void {
    this.#deletion = progress
    this.#emitSoon()
  }

  /** Whoever was told that one is under way would wait for its end for ever: nothing more is told of a closed engine. */
  #tellDeletionsEnd(): void {
    if (this.#deletion.active) this.#deletion = NO_DELETION
    if (this.#deletion === this.#toldDeletion) return
    this.#toldDeletion = this.#deletion
    this.#emit('deletion', this.#deletion)
  }

  async #flush(): Promise<boolean> {
    const written = await this.#ingest.flush()
    this.#writeFailure = null
    if (written) this.#changed = true
    return written
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      try {
        this.store.archive.sync()
      } catch (error) {
        this.#notify(fromSystemError(error, 'archive'))
      }
    }, SYNC_MS)
  }

  #saveWhenWorthIt(): void {
    const requests = this.store.archive.end.nextSeq
    if (requests - this.#requestsAtSnapshot < Math.max(this.#tuning.snapshotRequests, this.#requestsAtSnapshot / 10))
      return
    this.#requestsAtSnapshot = requests
    this.store.saveSnapshot().catch((error: unknown) => {
      this.#notify(error)
    })
  }

  /**
   * The archive can't be written: nothing more is read until it can, so that nothing is read that can't be kept. Told
   * once, not at every try.
   */
  #retryLater(error: unknown): void {
    const cause = error instanceof StopReading ? error.cause : error
    const failure =
      cause instanceof EngineError ? cause : new EngineError('internal', toAppError(cause).message, { cause })
    if (failure.code !== this.#writeFailure?.code) this.#notify(failure)
    this.#writeFailure = failure
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined
      void this.#lookAgain()
    }, this.#tuning.retryMs)
  }

  #emitSoon(): void {
    if (this.#closed) return
    const wait = this.#lastEvent + EVENT_MS - performance.now()
    if (wait <= 0) this.#emitNow()
    else if (!this.#eventDue) {
      this.#eventDue = true
      this.#eventTimer = setTimeout(() => {
        this.#eventDue = false
        this.#emitNow()
      }, wait)
    }
  }

  #emitNow(): void {
    this.#lastEvent = performance.now()
    const progress = this.progress()
    if (progress.active || this.#progressShown) this.#emit('progress', progress)
    this.#progressShown = progress.active
    if (this.#deletion !== this.#toldDeletion) {
      this.#toldDeletion = this.#deletion
      this.#emit('deletion', this.#deletion)
    }
    if (this.#changed) {
      this.#changed = false
      this.#emit('changed', { revision: this.store.index.revision })
    }
    // A folder that vanished or a file that can't be opened changes no request, and is news all the same.
    const sources = this.sourcesStatus()
    const told = JSON.stringify(sources)
    if (told === this.#toldSources) return
    this.#toldSources = told
    this.#emit('sources', sources)
  }

  #notify(error: unknown): void {
    this.#emit('notice', { level: 'error', ...toAppError(error) })
  }

  #emit<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void {
    for (const listener of this.#listeners[event]) listener(payload)
  }
}

/** What works on the store in hand; made anew when another one takes its place. */
interface StoreParts {
  readonly store: Store
  readonly conversations: Conversations
  readonly searches: Searches
  readonly filters: BackgroundFilters
  readonly exports: Exports
  readonly comparisons: Comparisons
  readonly ingest: Ingest
}

const NO_DELETION: DeletionProgress = {
  active: false,
  done: 0,
  total: 0,
  secondsLeft: null,
  result: null,
  error: null,
}

/** Work was given up because it was cancelled, or the engine is closing. */
class Interrupted extends Error {}

/** A query waits at most about this long for the reading, ms. */
const YIELD_MS = 6
