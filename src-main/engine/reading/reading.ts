import type { WatchedSource } from '../../contract/index'
import { EngineError, fromSystemError, toAppError } from '../base/errors'
import type { Events } from '../events/events'
import type { EngineTuning } from '../interface/methods'
import type { Store } from '../store/store'
import { Interrupted, type Turns } from '../jobs/turns'
import type { BackgroundFilters } from '../search/background-filters'
import type { Ingest } from './ingest'
import { Follower, StopReading } from '../tail/follower'
import type { StreamPlace } from '../tail/stream'
import { Wake } from '../tail/wake'

/** A query waits at most about this long for the reading, ms. */
const YIELD_MS = 6
/** What was appended is synced to disk at the latest after this time, ms. */
const SYNC_MS = 1000
/** What came through a pipe is written at the latest after this time, ms. */
const STREAM_FLUSH_MS = 100
/** Looks in a row until one finds nothing more, when all is to be read once. */
const MAX_LOOKS = 8

/** What lines are read into. */
interface ReadingParts {
  readonly store: Store
  readonly ingest: Ingest
  readonly filters: Pick<BackgroundFilters, 'soon'>
}

/** What the reading works with. */
export interface ReadingHost {
  readonly parts: () => ReadingParts
  readonly events: Events
  readonly tuning: Required<Omit<EngineTuning, 'segmentBytes'>>
}

/**
 * Reads what is new in the watched logs into the store. One works on the store at a time, be it this, a pipe or a
 * deletion: each takes its turn, and lets queries in between.
 */
export class Reading implements Turns {
  readonly follower: Follower
  readonly #host: ReadingHost
  readonly #wake: Wake
  #nextFileId: number
  /** The turn under way. */
  #running: Promise<void> | null = null
  #again = false
  #closed = false
  /** Why the archive could not be written; null when it can. Nothing more is read while it can't. */
  #writeFailure: EngineError | null = null
  #readMore = false
  #syncTimer: NodeJS.Timeout | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #streamTimer: NodeJS.Timeout | undefined
  #requestsAtSnapshot: number
  #lastYield = performance.now()

  /** Goes on where the files of `store` were read to. */
  constructor(store: Store, host: ReadingHost) {
    this.#host = host
    const checkpoints = store.index.files()
    this.#nextFileId = checkpoints.reduce((max, file) => Math.max(max, file.fileId), 0) + 1
    this.follower = new Follower(
      {
        line: (file, line) => {
          this.#host.parts().ingest.line(file, line)
        },
        pause: () => this.#pause(),
        nextFileId: () => this.#nextFileId++,
      },
      checkpoints,
    )
    if (store.lostRequests && store.writable) {
      for (const file of this.follower.files) if (!file.retired) file.readAgainWhenSeen()
    }
    this.#requestsAtSnapshot = store.savedUpTo
    this.#wake = new Wake(() => {
      void this.#lookAgain()
    }, host.tuning)
  }

  get isUnderWay(): boolean {
    return this.#running !== null
  }

  /** The path of a file that was read; empty where nothing is known of it. */
  pathOf(fileId: number): string {
    return this.follower.file(fileId)?.path ?? ''
  }

  /** Watches exactly these sources from now on. */
  watch(sources: readonly WatchedSource[]): void {
    this.follower.setSources(sources)
    const { paths } = this.follower
    if (paths.length === 0) this.#wake.stop()
    else this.#wake.start(paths)
    void this.#lookAgain()
  }

  /** Reads everything that the paths hold now. Rejects when the archive can't take it (`disk-full`, …). */
  async readOnce(paths: readonly string[]): Promise<void> {
    this.follower.setSources(paths.map((path) => ({ path })))
    // A scan can miss a file that is renamed meanwhile: it is over when a look finds nothing more.
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      await this.#lookAgain()
      if (this.#writeFailure !== null) throw this.#writeFailure
      if (!this.#readMore) break
    }
  }

  /** Reads a pipe to its end, beside what is watched. While the archive can't be written the pipe waits. */
  async readStream(chunks: AsyncIterable<Buffer>, place?: StreamPlace): Promise<void> {
    const { parts } = this.#host
    const source = this.follower.openStream(place)
    for await (const chunk of chunks) {
      await this.takeTurn(async () => {
        source.push(chunk, parts().ingest)
        await this.#untilWritten(() => this.#pause())
      })
      this.#streamTimer ??= setTimeout(() => {
        this.#streamTimer = undefined
        void this.takeTurn(() => this.#untilWritten(() => this.flush()))
      }, STREAM_FLUSH_MS)
    }
    await this.takeTurn(async () => {
      source.end(parts().ingest)
      await this.#untilWritten(() => this.flush())
    })
    parts().store.archive.sync()
  }

  /** Does `work` while no log is being read: lines are taken by one reader at a time. */
  async takeTurn(work: () => Promise<void>): Promise<void> {
    while (this.#running !== null) await this.#running
    if (this.#isClosed()) return
    this.#running = work().finally(() => {
      this.#running = null
    })
    await this.#running
    this.#syncSoon()
    this.#host.events.soon()
    if (this.#again) void this.#lookAgain()
  }

  /** Lets queries in. Rejects with Interrupted when the work it is part of is to be given up. */
  async letOthersWork(isCancelled: () => boolean = () => false): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#lastYield = performance.now()
    if (this.#isClosed() || isCancelled()) throw new Interrupted()
  }

  /** Writes what waits; resolves to whether there was anything. */
  async flush(): Promise<boolean> {
    const written = await this.#host.parts().ingest.flush()
    this.#writeFailure = null
    if (written) this.#host.events.markChanged()
    return written
  }

  /** The store was replaced by one with part of the history, in a turn: looks at all files once more after it. */
  restart(store: Store): void {
    this.#again = true
    this.#requestsAtSnapshot = store.archive.end.nextSeq
  }

  /** Reads no more; resolves when the turn under way is over. The files stay open until the follower is closed. */
  async stop(): Promise<void> {
    this.#closed = true
    this.#wake.stop()
    clearTimeout(this.#syncTimer)
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#streamTimer)
    await this.#running
  }

  /** Asked anew after every wait, where the compiler would take the former answer for granted. */
  #isClosed(): boolean {
    return this.#closed
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
    const { parts, events } = this.#host
    while (this.#again && !this.#isClosed()) {
      this.#again = false
      try {
        await parts().store.index.prepareLines(() => this.letOthersWork())
        // What waits since a failed write goes first: nothing more is read until it is kept.
        if (this.#writeFailure !== null) await this.flush()
        this.#readMore = await this.follower.catchUp()
        if (await this.flush()) this.#syncSoon()
      } catch (error) {
        if (this.#isClosed()) return
        this.#retryLater(error)
        return
      }
      events.soon()
      this.#saveWhenWorthIt()
      parts().filters.soon()
    }
  }

  /** Tries until the archive takes it, or the engine is closed. */
  async #untilWritten(write: () => Promise<unknown>): Promise<void> {
    while (!this.#isClosed()) {
      try {
        await write()
        return
      } catch (error) {
        if (this.#isClosed()) return
        this.#host.events.notify(error)
        await new Promise((resolve) => setTimeout(resolve, this.#host.tuning.retryMs))
      }
    }
  }

  /** Between chunks: write a block when enough waits, and let queries in. */
  async #pause(): Promise<void> {
    if (await this.#host.parts().ingest.writeWhenFull()) this.#host.events.changed()
    // Letting others in costs a turn of the event loop; not every small chunk is worth one.
    if (performance.now() - this.#lastYield < YIELD_MS) return
    await this.letOthersWork()
  }

  #syncSoon(): void {
    if (this.#closed) return
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      try {
        this.#host.parts().store.archive.sync()
      } catch (error) {
        this.#host.events.notify(fromSystemError(error, 'archive'))
      }
    }, SYNC_MS)
  }

  #saveWhenWorthIt(): void {
    const { store } = this.#host.parts()
    const requests = store.archive.end.nextSeq
    const added = requests - this.#requestsAtSnapshot
    if (added < Math.max(this.#host.tuning.snapshotRequests, this.#requestsAtSnapshot / 10)) return
    this.#requestsAtSnapshot = requests
    store.saveSnapshot().catch((error: unknown) => {
      this.#host.events.notify(error)
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
    if (failure.code !== this.#writeFailure?.code) this.#host.events.notify(failure)
    this.#writeFailure = failure
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined
      void this.#lookAgain()
    }, this.#host.tuning.retryMs)
  }
}
