import type {
  DataSelection,
  DeletionProgress,
  Notice,
  PriceList,
  Progress,
  SourcesStatus,
  UserPrice,
  WatchedSource,
} from '../contract/index'
import { unfinishedDeletion } from './deletion/pending-deletion'
import type { Deleted } from './deletion/delete-data'
import { Deletions, NO_DELETION } from './deletion/deletions'
import { EngineError, fromSystemError, toAppError } from './base/errors'
import { Events } from './events/events'
import type { EngineMethods, EngineOptions, EngineTuning } from './interface/methods'
import type { EngineEvents } from '../contract/index'
import { Reading } from './reading/reading'
import { followedSources, sourcesStatus, storedSourcesStatus } from './tail/sources-status'
import { openStore } from './store/open-store'
import type { Store } from './store/store'
import { endStoreParts, storeParts, type StoreParts } from './store-parts'
import { StoreQueries } from './store-queries'
import { Discovery } from './tail/discover'
import type { StreamPlace } from './tail/stream'
import { TimeZone } from './jobs/time-zone'

/** Looks at the folders at least this often, ms, whatever the system's file events say. */
const POLL_MS = 1000
/** New requests after which an idle moment is used to save the index. */
const SNAPSHOT_REQUESTS = 20_000
/** A failed write of the archive is tried again after this time, ms. */
const RETRY_MS = 2000

/** The engine: reads the watched logs into the store and answers queries meanwhile. Open with `Engine.open`. */
export class Engine extends StoreQueries implements EngineMethods {
  readonly #events: Events
  readonly #reading: Reading
  readonly #deletions: Deletions
  readonly #timeZone: TimeZone
  #parts: StoreParts
  #refreshTimer: NodeJS.Timeout | undefined
  #reopening: Promise<void> | null = null
  #closed = false
  /** Why a store open to read could not take in what is new, when it last tried; empty where it could. */
  #refreshFailure = ''
  /** What was told of a deletion that was cut short before. */
  #unfinished: readonly Notice[] = []

  private constructor(store: Store, options: EngineTuning) {
    super()
    const tuning = {
      pollMs: POLL_MS,
      fileEvents: true,
      retryMs: RETRY_MS,
      snapshotRequests: SNAPSHOT_REQUESTS,
      ...options,
    }
    const parts = () => this.#parts
    this.#events = new Events(
      {
        revision: () => this.store.index.revision,
        progress: () => this.progress(),
        sources: () => this.sourcesStatus(),
        deletion: () => this.deletion(),
      },
      NO_DELETION,
    )
    this.#reading = new Reading(store, { parts, events: this.#events, tuning })
    this.#deletions = new Deletions({
      parts,
      events: this.#events,
      reading: this.#reading,
      adopt: (deleted) => {
        this.#adopt(deleted)
      },
    })
    this.#timeZone = new TimeZone({ parts, events: this.#events, turns: this.#reading })
    this.#parts = this.#partsOf(store)
    if (!store.writable) {
      this.#refreshTimer = setInterval(() => {
        this.refresh()
      }, tuning.pollMs)
    }
  }

  protected get parts(): StoreParts {
    return this.#parts
  }

  /** Opens the store and makes it ready for queries. Throws an EngineError (`store-in-use`, `store-newer`, …). */
  /** `onOpening`: told while it takes its time (EngineEvents). */
  static async open(
    options: EngineOptions,
    onOpening: (told: EngineEvents['opening']) => void = () => undefined,
  ): Promise<Engine> {
    const { tuning = {}, mode = 'write', ...storeOptions } = options
    const { segmentBytes } = tuning
    const store = await openStore({
      mode,
      ...storeOptions,
      onOpening,
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    })
    const engine = new Engine(store, tuning)
    try {
      engine.#unfinished = store.writable ? engine.#deletions.resume() : unfinishedDeletion(store)
    } catch (error) {
      await engine.close()
      throw error
    }
    return engine
  }

  /** What was found wrong and mended while opening, and what is gone on with. */
  get notices(): readonly Notice[] {
    return [...this.store.notices, ...this.#unfinished]
  }

  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
    return this.#events.on(event, listener)
  }

  watch(sources: readonly (string | WatchedSource)[]): void {
    this.#requireWritable()
    this.#reading.watch(sources.map((source) => (typeof source === 'string' ? { path: source } : source)))
  }

  /**
   * Reads everything that the paths hold now, and follows nothing. Resolves when all of it is durable; rejects when the
   * archive can't take it (`disk-full`, …).
   */
  async readOnce(paths: readonly string[]): Promise<void> {
    this.#requireWritable()
    await this.#reading.readOnce(paths)
    await this.repriced()
    try {
      this.store.archive.sync()
    } catch (error) {
      throw fromSystemError(error, 'archive')
    }
  }

  /**
   * Reads a log that comes through a pipe, to its end, beside what is watched; resolves when all of it is durable. While
   * the archive can't be written the pipe waits. `place`: what is told of its origin; standard input where absent.
   */
  async readStream(chunks: AsyncIterable<Buffer>, place?: StreamPlace): Promise<void> {
    this.#requireWritable()
    await this.#reading.readStream(chunks, place)
  }

  refresh(): void {
    if (this.store.isReplaced) {
      this.#reopen().catch((error: unknown) => {
        this.#refreshFailed(error)
      })
      return
    }
    try {
      if (this.store.refresh()) this.#events.changed()
      this.#refreshFailure = ''
    } catch (error) {
      this.#refreshFailed(error)
    }
  }

  /** Told once, not at every look. */
  #refreshFailed(error: unknown): void {
    const failure = JSON.stringify(toAppError(error))
    if (failure !== this.#refreshFailure) this.#events.notify(error)
    this.#refreshFailure = failure
  }

  sourcesStatus(): SourcesStatus {
    if (!this.store.writable) return storedSourcesStatus(this.store.index.files())
    return sourcesStatus(this.#reading.follower)
  }

  storedSources(): readonly string[] {
    return followedSources(this.store.index.files())
  }

  progress(): Progress {
    return this.#reading.follower.progress()
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

  prices(): PriceList {
    return this.#parts.prices.list()
  }

  setPrice(price: UserPrice): void {
    this.#parts.prices.set(price)
  }

  resetPrice(model: string): void {
    this.#parts.prices.reset(model)
  }

  importPrices(path: string): number {
    return this.#parts.prices.importFrom(path)
  }

  exportPrices(path: string): number {
    return this.#parts.prices.exportTo(path)
  }

  async setTimeZone(timeZone: string): Promise<void> {
    this.#requireWritable()
    await this.#timeZone.change(timeZone)
  }

  deletion(): DeletionProgress {
    return this.#deletions.latest
  }

  startDeletion(selection: DataSelection): void {
    this.#requireWritable()
    this.#deletions.start(selection)
  }

  cancelDeletion(): void {
    this.#deletions.cancel()
  }

  /** As startDeletion; resolves when it is over, to how it ended. */
  async delete(selection: DataSelection): Promise<DeletionProgress> {
    this.#requireWritable()
    return this.#deletions.run(selection)
  }

  /** Resolves when all costs are those of the present prices. */
  async repriced(): Promise<void> {
    await this.#parts.prices.settled()
  }

  /** Stops reading, makes everything durable, saves the index. The engine can't be used afterwards. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#events.close()
    clearInterval(this.#refreshTimer)
    this.#parts.exports.close()
    await this.#reading.stop()
    this.#deletions.close()
    // A deletion that has just ended put another store in the place of the first one.
    const { store, filters, prices, ingest } = this.#parts
    await filters.close()
    await prices.close()
    try {
      if (store.writable) {
        await ingest.flush()
        await store.saveSnapshot()
      }
    } catch (error) {
      this.#events.notify(error)
    } finally {
      this.#reading.follower.close()
      store.close()
    }
  }

  protected pathOf(fileId: number): string {
    return this.#reading.pathOf(fileId)
  }

  /** Asked anew after every wait, where the compiler would take the former answer for granted. */
  #isClosed(): boolean {
    return this.#closed
  }

  #requireWritable(): void {
    if (!this.store.writable) {
      throw new EngineError('read-only', 'This data folder is open for reading only.', { where: 'watch' })
    }
  }

  #partsOf(store: Store): StoreParts {
    const reading = this.#reading
    const events = this.#events
    return storeParts(store, {
      files: () => reading.follower.files,
      pathOf: (fileId) => reading.pathOf(fileId),
      isReading: () => reading.isUnderWay,
      changed: () => {
        events.changed()
      },
      repricing: (progress) => {
        events.emit('repricing', progress)
      },
      failed: (error) => {
        events.notify(error)
      },
    })
  }

  /** Works on this store from now on, which stands in the place of the one in hand. */
  #useStore(store: Store): void {
    const former = this.#parts
    endStoreParts(former)
    this.#parts = this.#partsOf(store)
    former.store.leave()
  }

  /** Goes on with what a deletion left. */
  #adopt({ store, files, forgottenFiles }: Deleted): void {
    this.#useStore(store)
    const { follower } = this.#reading
    follower.forget(forgottenFiles)
    const changed = new Map(files.map((file) => [file.fileId, file]))
    for (const file of follower.files) {
      const checkpoint = changed.get(file.fileId)
      if (checkpoint !== undefined) file.recount(checkpoint)
      // Lines that stood here too were counted where they are no more.
      if (forgottenFiles.size > 0 && file.ledger.duplicate > 0 && !file.retired) file.readAgainWhenSeen()
    }
    this.#events.markChanged()
    this.#reading.restart(store)
  }

  /** Goes on with the archive that another process has put in the place of the one this engine reads. */
  async #reopen(): Promise<void> {
    const { dataFolder, index } = this.store
    this.#reopening ??= openStore({ mode: 'read', dataFolder, timeZone: index.timeZone })
      .then((store) => {
        if (this.#isClosed()) {
          store.close()
          return
        }
        store.index.follow(index.revision)
        this.#useStore(store)
        this.#events.changed()
      })
      .finally(() => {
        this.#reopening = null
      })
    await this.#reopening
  }
}
