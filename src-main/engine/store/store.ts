import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '../../contract/index'
import { Archive } from '../archive/archive'
import type { ArchivePosition } from '../archive/position'
import type { Damage } from '../archive/recovery'
import { archiveFolder, readableArchive, readArchiveId, recoverArchive, untilReplaced } from '../archive/folder'
import { EngineError, fromSystemError, isNotPermitted } from '../base/errors'
import { toIndexedBlock } from '../index/tables/indexed-block'
import { IndexOpener } from '../index/open'
import { pricedModels, Repricing } from '../index/rebuild/repricing'
import type { SessionIndex } from '../index/tables/session-index'
import { writeSnapshot } from '../index/database/snapshot'
import type { Opening } from '../../contract/index'
import { PriceCatalog } from '../pricing/catalog'
import type { StoredUserPrice } from '../pricing/user-prices'
import { PriceFile } from './price-file'
import { AGREED_DELETION, LOCK, PRICES, SNAPSHOT } from '../disk/store-names'
import { isProcessAlive, StoreLock } from '../disk/store-lock'

export interface StoreOptions {
  readonly dataFolder: string
  readonly timeZone: string
  /**
   * `write`: throws `store-in-use` when another process writes. `read`: never writes; sees what was stored when it was
   * opened, whoever else writes meanwhile.
   */
  readonly mode: 'write' | 'read'
  /** Makes the index anew from the archive, whatever is saved. */
  readonly rebuild?: boolean
  /** A folder that is not there is not made: throws `not-found`. */
  readonly mustExist?: boolean
  /** Bytes after which the archive starts a new segment; the default is SEGMENT_BYTES. */
  readonly segmentBytes?: number
  /** Told what takes its time. */
  readonly onOpening?: (told: Opening) => void
}

/**
 * The data folder: archive and index, opened so that they agree.
 *
 *     archive/00000001.segment …   the truth (archive/archive.ts, archive/folder.ts)
 *     index.snapshot               the index as it was at some archive position (index/snapshot.ts)
 *     prices.json                  the user's own prices (price-file.ts)
 *     store.lock                   who writes (store-lock.ts)
 */
export class Store {
  readonly dataFolder: string
  readonly archive: Archive
  readonly index: SessionIndex
  readonly prices: PriceCatalog
  readonly writable: boolean
  /** What was found wrong and mended while opening. */
  readonly notices: readonly Notice[]
  /** True when requests were lost from the archive, so that the logs should be read again from their start. */
  readonly lostRequests: boolean
  /** Number of the first request that the saved index lacks; 1 where there is none that could be used as it was. */
  readonly savedUpTo: number
  readonly #priceFile: PriceFile
  /** Tells this archive from those it replaced (readArchiveId). */
  readonly archiveId: string
  readonly #snapshotPath: string
  readonly #lock: StoreLock | null
  #snapshotRevision: number
  #trustsIndex = true
  #saving: Promise<void> | null = null

  /** Use Store.open. */
  constructor(parts: {
    dataFolder: string
    archive: Archive
    archiveId: string
    index: SessionIndex
    prices: PriceCatalog
    priceFile: PriceFile
    notices: readonly Notice[]
    lostRequests: boolean
    savedUpTo: number
    snapshotRevision: number
    lock: StoreLock | null
  }) {
    this.dataFolder = parts.dataFolder
    this.archive = parts.archive
    this.archiveId = parts.archiveId
    this.index = parts.index
    this.prices = parts.prices
    this.#priceFile = parts.priceFile
    this.notices = parts.notices
    this.lostRequests = parts.lostRequests
    this.savedUpTo = parts.savedUpTo
    this.writable = parts.lock !== null
    this.#snapshotPath = snapshotPathIn(parts.dataFolder)
    this.#snapshotRevision = parts.snapshotRevision
    this.#lock = parts.lock
  }

  static async open(options: StoreOptions): Promise<Store> {
    const opener = await IndexOpener.load()
    if (options.mode === 'read') await replaced(options.dataFolder)
    if (options.mustExist === true && !existsSync(options.dataFolder)) throw folderGone(options.dataFolder)
    const lock = options.mode === 'write' ? takeLock(options.dataFolder) : null
    try {
      return openStore(options, opener, lock)
    } catch (error) {
      lock?.release()
      throw notOpened(error, options.dataFolder)
    }
  }

  /** Whether the index has changed since its last snapshot. */
  get snapshotIsStale(): boolean {
    return this.index.revision !== this.#snapshotRevision
  }

  /**
   * Makes the next start quick: saves the index with the archive position it stands for. While one is being saved,
   * another call waits for it. Rejects with an EngineError.
   */
  async saveSnapshot(): Promise<void> {
    await this.#saving
    // A block that the archive took and the index did not yet: saved at the archive's end, the index would lack it.
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
      // Found out meanwhile: what was saved would hide it.
      if (!this.#trustsIndex) rmSync(this.#snapshotPath, { force: true })
    } catch (error) {
      throw fromSystemError(error, this.#snapshotPath)
    }
  }

  /** Whether another process has put another archive in the place of this one, which can't be read any more. */
  get isReplaced(): boolean {
    try {
      const folder = readableArchive(this.dataFolder)
      // Where there is none at all, on a disk that was taken out, there is nothing to go on with.
      return folder !== null && (folder !== this.archive.folder || readArchiveId(folder) !== this.archiveId)
    } catch {
      return false
    }
  }

  /** The store with another index, of the archive that has been put in the place of this one and ends at `end`. */
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

  /** Takes in what another process appended since; says whether there was anything. Only for a store open to read. */
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

  /** Keeps the user's own prices, and prices with them from now on; what is stored keeps its cost. Throws an EngineError. */
  saveUserPrices(prices: readonly StoredUserPrice[]): void {
    this.#priceFile.write(prices)
    this.prices.setUserPrices(prices)
  }

  /**
   * A request could not be read back: the next start goes through the whole archive, which finds what is damaged and
   * has it read again from the logs. A saved index would hide it.
   */
  distrustIndex(): void {
    if (!this.writable || !this.#trustsIndex) return
    this.#trustsIndex = false
    rmSync(this.#snapshotPath, { force: true })
  }

  /** Closes it, the lock held: another Store goes on in its place. */
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

function snapshotPathIn(dataFolder: string): string {
  return join(dataFolder, SNAPSHOT)
}

/** On a disk that is not connected, say: an empty history in its place would look as if all were lost. */
function folderGone(dataFolder: string): EngineError {
  return new EngineError('not-found', 'The folder of the history is not there.', {
    where: dataFolder,
    hint: 'Connect the disk it is on and start the program again, or choose another folder in the settings.',
  })
}

/** The words for a log that may not be read give advice that is of no use here. */
function notOpened(error: unknown, dataFolder: string): EngineError {
  if (!isNotPermitted(error)) return fromSystemError(error, dataFolder)
  return new EngineError('permission', 'The data folder may not be read.', {
    where: dataFolder,
    hint: 'Make it readable for your user, or use another data folder.',
    cause: error,
  })
}

async function replaced(dataFolder: string): Promise<void> {
  try {
    await untilReplaced(dataFolder)
  } catch (error) {
    throw notOpened(error, dataFolder)
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
  const snapshotPath = snapshotPathIn(options.dataFolder)
  if (lock !== null) {
    recoverArchive(options.dataFolder)
    mkdirSync(archiveFolder(options.dataFolder), { recursive: true })
    removeLeftovers(options.dataFolder)
  }
  const folder = readableArchive(options.dataFolder)
  if (folder === null) {
    throw new EngineError('not-found', 'There is no data here yet.', {
      where: options.dataFolder,
      hint: 'Start the app and choose a log folder, or run "monitor --log-path … --data-dir …".',
    })
  }
  const priceFile = new PriceFile(options.dataFolder)
  const prices = new PriceCatalog(priceFile.read({ keepAside: lock !== null }))
  if (priceFile.notice !== null) notices.push(priceFile.notice)
  const archiveId = readArchiveId(folder)
  const archive = new Archive(folder, {
    writable: lock !== null,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  })
  const { onOpening = () => undefined } = options
  const onRezoning = (share: number): void => {
    onOpening({ what: 'time-zone', share })
  }
  const indexOptions = { timeZone: options.timeZone, prices }

  const saved =
    options.rebuild === true
      ? { index: null, notice: null, isRezoned: false }
      : opener.openSaved(snapshotPath, indexOptions, { keepAside: lock !== null, onRezoning })
  if (saved.notice !== null) notices.push(saved.notice)
  let { index } = saved
  if (index !== null && index.archiveId !== archiveId) {
    // Of the archive that this one replaced.
    index.sql.close()
    index = null
  }
  const position = index?.position() ?? null
  const reached = position !== null && archive.reaches(position)
  if (position !== null && !reached) notices.push(shortArchiveNotice(folder))
  const usable = index !== null && reached
  if (index !== null && !usable) {
    index.sql.close()
    index = null
  }
  index ??= opener.empty(indexOptions)
  const loadedRevision = index.revision
  const current = index
  let told = 0
  const tell = (share: number): void => {
    told = share
    onOpening({ what: 'index', share })
  }
  const damages = archive.replay(usable ? position : null, (records, place, share) => {
    current.apply(toIndexedBlock(records), place)
    if (share === 1 || share >= told + TELL_SHARE) tell(share)
  })
  if (told > 0 && told < 1) tell(1)
  // A store open to write does so while it answers already (prices.ts).
  if (lock === null) repriceAll(index, prices)
  const lost = damages.filter((damage) => damage.kind !== 'torn')
  if (lock !== null) notices.push(...damages.map(damageNotice))
  else notices.push(...lost.map(damageNotice))
  const asSaved = usable && damages.length === 0 && !saved.isRezoned
  return new Store({
    dataFolder: options.dataFolder,
    archive,
    archiveId,
    index,
    prices,
    priceFile,
    notices,
    lostRequests: lost.length > 0,
    savedUpTo: asSaved ? position.nextSeq : 1,
    snapshotRevision: asSaved ? loadedRevision : -1,
    lock,
  })
}

/** The least share of the archive after which it is told how much of it is in the index. */
const TELL_SHARE = 0.01

/** Brings the costs of an index that was priced otherwise to these prices. */
function repriceAll(index: SessionIndex, prices: PriceCatalog): void {
  if (index.pricing === prices.fingerprint) return
  const repricing = new Repricing(index, prices, pricedModels(index))
  while (repricing.step()) continue
  index.pricing = prices.fingerprint
}

/** Each is written under a name of its own first, and renamed when it is whole. */
const REPLACED_WHOLE = [SNAPSHOT, PRICES, AGREED_DELETION, LOCK]

/** Removes the temporary files of processes that were killed in the middle of a write. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    const written = REPLACED_WHOLE.find((one) => name.startsWith(`${one}.`))
    const pid = written === undefined ? undefined : /^\.(\d+)\./.exec(name.slice(written.length))?.[1]
    if (pid !== undefined && !isProcessAlive(Number(pid))) rmSync(join(dataFolder, name), { force: true })
  }
}

function shortArchiveNotice(archiveFolder: string): Notice {
  return {
    level: 'error',
    code: 'corrupt',
    message: 'The archive ends before the place up to which it was saved; the requests after it were lost.',
    where: archiveFolder,
    hint: 'The logs are read again from there, which brings back what they hold. Check the disk, or the backup this came from.',
  }
}

function damageNotice(damage: Damage): Notice {
  const where = `${damage.path} at byte ${String(damage.offset)}`
  switch (damage.kind) {
    case 'torn':
      return {
        level: 'info',
        code: 'corrupt',
        message: `The program was stopped while it wrote ${String(damage.bytes)} bytes; they were taken back.`,
        where,
        hint: 'What they held is read again from the logs.',
      }
    case 'damaged':
      return {
        level: 'error',
        code: 'corrupt',
        message: `${String(damage.bytes)} bytes of the archive are damaged; the requests in them were lost.`,
        where,
        hint: REREAD_HINT,
      }
    case 'missing':
      return {
        level: 'error',
        code: 'corrupt',
        message: `${String(damage.requests)} requests are missing from the archive.`,
        where,
        hint: REREAD_HINT,
      }
  }
}

const REREAD_HINT = 'All logs that are still there are read again, which brings back what they hold. Check the disk.'
