import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '../../contract/index'
import { Archive } from '../archive/archive'
import { archiveFolder, readableArchive, readArchiveId } from '../archive/folder'
import type { ArchivePosition } from '../archive/position'
import { fromSystemError } from '../base/errors'
import type { StoreLock } from '../disk/store-lock'
import { SNAPSHOT } from '../disk/store-names'
import { writeSnapshot } from '../index/database/snapshot'
import { repriceAll } from '../index/rebuild/repricing'
import { toIndexedBlock } from '../index/tables/indexed-block'
import type { SessionIndex } from '../index/tables/session-index'
import type { PriceCatalog } from '../pricing/catalog'
import type { StoredUserPrice } from '../pricing/user-prices'
import type { PriceFile } from './price-file'

/** What a store consists of, once opened. */
interface StoreContents {
  readonly dataFolder: string
  readonly archive: Archive
  /** Tells this archive from those it replaced (readArchiveId). */
  readonly archiveId: string
  readonly index: SessionIndex
  readonly prices: PriceCatalog
  readonly priceFile: PriceFile
  /** Problems found, and repaired where possible, while opening. */
  readonly notices: readonly Notice[]
  /** Whether requests were lost from the archive, so that the logs should be read again from their start. */
  readonly lostRequests: boolean
  /** Number of the first request that the saved index lacks; 1 when it could not be used as saved. */
  readonly savedUpTo: number
  /** Revision of the index when it was saved; -1 when it differs from the saved one. */
  readonly snapshotRevision: number
  /** Null when the store is only read. */
  readonly lock: StoreLock | null
}

/**
 * An open data folder, whose archive and index agree (open-store.ts).
 *
 *     archive/00000001.segment …   the truth (archive/archive.ts, archive/folder.ts)
 *     index.snapshot               the index as of some archive position (index/database/snapshot.ts)
 *     prices.json                  the user's own prices (price-file.ts)
 *     store.lock                   the writing process (disk/store-lock.ts)
 */
export class Store {
  readonly dataFolder: string
  readonly archive: Archive
  readonly archiveId: string
  readonly index: SessionIndex
  readonly prices: PriceCatalog
  readonly writable: boolean
  readonly notices: readonly Notice[]
  readonly lostRequests: boolean
  readonly savedUpTo: number
  readonly #priceFile: PriceFile
  readonly #snapshotPath: string
  readonly #lock: StoreLock | null
  #snapshotRevision: number
  #trustsIndex = true
  #saving: Promise<void> | null = null

  constructor(contents: StoreContents) {
    this.dataFolder = contents.dataFolder
    this.archive = contents.archive
    this.archiveId = contents.archiveId
    this.index = contents.index
    this.prices = contents.prices
    this.#priceFile = contents.priceFile
    this.notices = contents.notices
    this.lostRequests = contents.lostRequests
    this.savedUpTo = contents.savedUpTo
    this.writable = contents.lock !== null
    this.#snapshotPath = join(contents.dataFolder, SNAPSHOT)
    this.#snapshotRevision = contents.snapshotRevision
    this.#lock = contents.lock
  }

  /** Whether the index has changed since its last snapshot. */
  get snapshotIsStale(): boolean {
    return this.index.revision !== this.#snapshotRevision
  }

  /**
   * Saves the index together with the archive position it stands for, so the next start is quick. Waits for a save that is
   * under way. Rejects with an EngineError.
   */
  async saveSnapshot(): Promise<void> {
    await this.#saving
    // The index may lack the last block. Saved with the archive's end, it would lack that block forever.
    if (this.archive.lastPlace !== null && this.archive.lastPlace !== this.index.lastPlace) return
    if (!this.writable || !this.#trustsIndex || !this.snapshotIsStale) return
    this.#saving = this.#save().finally(() => {
      this.#saving = null
    })
    await this.#saving
  }

  async #save(): Promise<void> {
    try {
      const { revision } = this.index
      this.archive.sync()
      this.index.setPosition(this.archive.end, this.archiveId)
      await writeSnapshot(this.#snapshotPath, this.index.sql.export())
      this.#snapshotRevision = revision
      // Damage was found while the snapshot was written; keeping it would hide that.
      if (!this.#trustsIndex) rmSync(this.#snapshotPath, { force: true })
    } catch (error) {
      throw fromSystemError(error, this.#snapshotPath)
    }
  }

  /** Whether another process has replaced the archive, so that this one can no longer be read. */
  get isReplaced(): boolean {
    try {
      const folder = readableArchive(this.dataFolder)
      // If there is no archive at all, as on a disk that was removed, there is none to switch to.
      return folder !== null && (folder !== this.archive.folder || readArchiveId(folder) !== this.archiveId)
    } catch {
      return false
    }
  }

  /** The store after its archive was replaced by one that ends at `end`, with the index of that archive. */
  replacedBy(index: SessionIndex, end: ArchivePosition): Store {
    const { segmentBytes } = this.archive
    const folder = archiveFolder(this.dataFolder)
    const archive = new Archive(folder, { writable: true, segmentBytes })
    archive.replay(end, () => undefined)
    index.follow(this.index.revision)
    return new Store({
      dataFolder: this.dataFolder,
      archive,
      archiveId: readArchiveId(folder),
      index,
      prices: this.prices,
      priceFile: this.#priceFile,
      notices: [],
      lostRequests: false,
      savedUpTo: 1,
      snapshotRevision: -1,
      lock: this.#lock,
    })
  }

  /**
   * Takes in what another process has stored since the last call, and returns whether there was anything. Does nothing in a
   * writable store.
   */
  refresh(): boolean {
    if (this.writable) return false
    const before = this.index.revision
    const prices = this.#priceFile.readAgain()
    if (prices !== null) {
      this.prices.setUserPrices(prices)
      repriceAll(this.index, this.prices)
    }
    try {
      this.archive.replay(this.archive.end, (records, place) => {
        this.index.apply(toIndexedBlock(records), place)
      })
    } catch (error) {
      throw fromSystemError(error, 'archive')
    }
    return this.index.revision !== before
  }

  /** Saves the user's own prices and uses them for new requests; stored ones keep their cost. Throws an EngineError. */
  saveUserPrices(prices: readonly StoredUserPrice[]): void {
    this.#priceFile.write(prices)
    this.prices.setUserPrices(prices)
  }

  /**
   * A request could not be read back. Discards the saved index, which would hide the damage: then the next start replays
   * the whole archive, finds the damage and reads the logs again.
   */
  distrustIndex(): void {
    if (!this.writable || !this.#trustsIndex) return
    this.#trustsIndex = false
    rmSync(this.#snapshotPath, { force: true })
  }

  /** Closes the store but keeps its lock, for the store that replaces it. */
  leave(): void {
    this.archive.close()
    this.index.sql.close()
  }

  close(): void {
    try {
      this.leave()
    } finally {
      this.#lock?.release()
    }
  }
}
