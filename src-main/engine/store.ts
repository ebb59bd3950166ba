import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '../contract/index'
import { Archive, type Damage } from './archive/archive'
import { EngineError, fromSystemError } from './errors'
import { toIndexedBlock } from './index/indexed-block'
import { IndexOpener } from './index/open'
import type { SessionIndex } from './index/session-index'
import { writeSnapshot } from './index/snapshot'
import { PriceCatalog } from './pricing/catalog'
import { StoreLock } from './store-lock'

export interface StoreOptions {
  readonly dataFolder: string
  readonly timeZone: string
  /**
   * `write`: throws `store-in-use` when another process writes. `read`: never writes; sees what was stored when it was
   * opened, whoever else writes meanwhile.
   */
  readonly mode: 'write' | 'read'
  /** Bytes after which the archive starts a new segment; the default is SEGMENT_BYTES. */
  readonly segmentBytes?: number
}

/**
 * The data folder: archive and index, opened so that they agree.
 *
 *     archive/00000001.segment …   the truth (archive/archive.ts)
 *     index.snapshot               the index as it was at some archive position (index/snapshot.ts)
 *     store.lock                   who writes (store-lock.ts)
 */
export class Store {
  readonly archive: Archive
  readonly index: SessionIndex
  readonly prices: PriceCatalog
  readonly writable: boolean
  /** What was found wrong and mended while opening. */
  readonly notices: readonly Notice[]
  /** True when requests were lost from the archive, so that the logs should be read again from their start. */
  readonly lostRequests: boolean
  readonly #snapshotPath: string
  readonly #lock: StoreLock | null
  #snapshotRevision: number

  /** Use Store.open. */
  constructor(parts: {
    archive: Archive
    index: SessionIndex
    prices: PriceCatalog
    notices: readonly Notice[]
    lostRequests: boolean
    snapshotPath: string
    snapshotRevision: number
    lock: StoreLock | null
  }) {
    this.archive = parts.archive
    this.index = parts.index
    this.prices = parts.prices
    this.notices = parts.notices
    this.lostRequests = parts.lostRequests
    this.writable = parts.lock !== null
    this.#snapshotPath = parts.snapshotPath
    this.#snapshotRevision = parts.snapshotRevision
    this.#lock = parts.lock
  }

  static async open(options: StoreOptions): Promise<Store> {
    const opener = await IndexOpener.load()
    const lock = options.mode === 'write' ? takeLock(options.dataFolder) : null
    try {
      return openStore(options, opener, lock)
    } catch (error) {
      lock?.release()
      throw fromSystemError(error, options.dataFolder)
    }
  }

  /** Whether the index has changed since its last snapshot. */
  get snapshotIsStale(): boolean {
    return this.index.revision !== this.#snapshotRevision
  }

  /** Makes the next start quick: saves the index with the archive position it stands for. Throws an EngineError. */
  saveSnapshot(): void {
    if (!this.writable || !this.snapshotIsStale) return
    try {
      this.archive.sync()
      this.index.setPosition(this.archive.end)
      writeSnapshot(this.#snapshotPath, this.index.sql.export())
      this.#snapshotRevision = this.index.revision
    } catch (error) {
      throw fromSystemError(error, this.#snapshotPath)
    }
  }

  close(): void {
    try {
      this.archive.close()
      this.index.sql.close()
    } finally {
      this.#lock?.release()
    }
  }
}

function takeLock(dataFolder: string): StoreLock {
  const taken = StoreLock.take(dataFolder)
  if (taken instanceof StoreLock) return taken
  throw new EngineError(
    'store-in-use',
    `Process ${String(taken.pid)} on ${taken.host || 'this machine'} is already writing to this data folder.`,
    { where: dataFolder, hint: 'Close it first, or use another data folder. Reading commands work meanwhile.' },
  )
}

function openStore(options: StoreOptions, opener: IndexOpener, lock: StoreLock | null): Store {
  const notices: Notice[] = []
  const archiveFolder = join(options.dataFolder, 'archive')
  const snapshotPath = join(options.dataFolder, 'index.snapshot')
  if (lock !== null) mkdirSync(archiveFolder, { recursive: true })
  else if (!existsSync(archiveFolder)) {
    throw new EngineError('not-found', 'There is no data here yet.', {
      where: options.dataFolder,
      hint: 'Start the app and choose a log folder, or run "monitor --log-path … --data-dir …".',
    })
  }
  const prices = new PriceCatalog()
  const archive = new Archive(archiveFolder, {
    writable: lock !== null,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  })
  const indexOptions = { timeZone: options.timeZone, prices }

  const saved = opener.openSaved(snapshotPath, indexOptions, { keepAside: lock !== null })
  if (saved.notice !== null) notices.push(saved.notice)
  let { index } = saved
  const position = index?.position() ?? null
  const usable = index !== null && position !== null && archive.reaches(position) && index.pricedByThisVersion()
  if (index !== null && !usable) {
    index.sql.close()
    index = null
  }
  index ??= opener.empty(indexOptions)
  const loadedRevision = index.revision
  const current = index
  const damages = archive.replay(usable ? position : null, (records, place) => {
    current.apply(toIndexedBlock(records), place)
  })
  const lost = damages.filter((damage) => !damage.torn)
  for (const damage of lost) notices.push(damageNotice(damage))
  return new Store({
    archive,
    index,
    prices,
    notices,
    lostRequests: lost.length > 0,
    snapshotPath,
    snapshotRevision: usable && lost.length === 0 ? loadedRevision : -1,
    lock,
  })
}

function damageNotice(damage: Damage): Notice {
  return {
    level: 'error',
    code: 'corrupt',
    message: `${String(damage.bytes)} bytes of the archive are damaged; the requests in them were lost.`,
    where: `${damage.path} at byte ${String(damage.offset)}`,
    hint: 'All logs that are still there are read again, which brings back what they hold. Check the disk.',
  }
}
