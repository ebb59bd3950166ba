import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice, Opening } from '../../contract/index'
import { Archive } from '../archive/archive'
import { archiveFolder, readableArchive, readArchiveId, recoverArchive, untilReplaced } from '../archive/folder'
import type { ArchivePosition } from '../archive/position'
import type { Damage } from '../archive/recovery'
import { EngineError, fromSystemError, isNotPermitted } from '../base/errors'
import { isProcessAlive, StoreLock } from '../disk/store-lock'
import { AGREED_DELETION, LOCK, PRICES, SNAPSHOT } from '../disk/store-names'
import { IndexOpener, type SavedIndex } from '../index/open'
import { repriceAll } from '../index/rebuild/repricing'
import { toIndexedBlock } from '../index/tables/indexed-block'
import type { IndexOptions, SessionIndex } from '../index/tables/session-index'
import { PriceCatalog } from '../pricing/catalog'
import { damageNotice, shortArchiveNotice } from './damage-notices'
import { PriceFile } from './price-file'
import { Store } from './store'

export interface StoreOptions {
  readonly dataFolder: string
  /** IANA name of the zone whose days the sums count. */
  readonly timeZone: string
  /**
   * `write`: the only writer; throws `store-in-use` when another process writes. `read`: writes nothing and sees the data
   * as of now, even if another process writes.
   */
  readonly mode: 'write' | 'read'
  /** Ignores the saved index and rebuilds it from the archive. */
  readonly rebuild?: boolean
  /** Throws `not-found` instead of creating a missing folder. */
  readonly mustExist?: boolean
  /** Size from which on the archive starts a new segment, bytes; SEGMENT_BYTES by default. */
  readonly segmentBytes?: number
  /** Reports work that takes time. */
  readonly onOpening?: (progress: Opening) => void
}

/** Progress is reported in steps of at least this share. */
const LEAST_STEP = 0.01

/** Opens a data folder. Rejects with an EngineError. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataFolder, mode, mustExist = false } = options
  const opener = await IndexOpener.load()
  if (mode === 'read') await untilArchiveReplaced(dataFolder)
  if (mustExist && !existsSync(dataFolder)) throw folderMissing(dataFolder)
  const lock = mode === 'write' ? takeLock(dataFolder) : null
  try {
    return openLocked(options, opener, lock)
  } catch (error) {
    lock?.release()
    throw openingFailed(error, dataFolder)
  }
}

/** `lock`: null to only read. */
function openLocked(options: StoreOptions, opener: IndexOpener, lock: StoreLock | null): Store {
  const { dataFolder, timeZone, segmentBytes, onOpening = () => undefined } = options
  const notices: Notice[] = []
  if (lock !== null) {
    recoverArchive(dataFolder)
    mkdirSync(archiveFolder(dataFolder), { recursive: true })
    removeLeftovers(dataFolder)
  }
  const folder = readableArchive(dataFolder)
  if (folder === null) throw noData(dataFolder)
  const priceFile = new PriceFile(dataFolder)
  const prices = new PriceCatalog(priceFile.read({ keepAside: lock !== null }))
  if (priceFile.notice !== null) notices.push(priceFile.notice)
  const archiveId = readArchiveId(folder)
  const archive = new Archive(folder, {
    writable: lock !== null,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  })
  const saved: SavedIndex =
    options.rebuild === true
      ? { index: null, notice: null, isRezoned: false }
      : opener.openSaved(
          join(dataFolder, SNAPSHOT),
          { timeZone, prices },
          { keepAside: lock !== null, onRezoning: (share) => onOpening({ what: 'time-zone', share }) },
        )
  if (saved.notice !== null) notices.push(saved.notice)
  const { index, from } = usableIndex(saved, { opener, archive, archiveId, options: { timeZone, prices }, notices })
  const loadedRevision = index.revision
  const damages = catchUp(archive, index, from, onOpening)
  // A writable store is repriced in the background (jobs/prices.ts).
  if (lock === null) repriceAll(index, prices)
  const lost = damages.filter((damage) => damage.kind !== 'torn')
  notices.push(...(lock === null ? lost : damages).map(damageNotice))
  const asSaved = from !== null && damages.length === 0 && !saved.isRezoned
  return new Store({
    dataFolder,
    archive,
    archiveId,
    index,
    prices,
    priceFile,
    notices,
    lostRequests: lost.length > 0,
    savedUpTo: asSaved ? from.nextSeq : 1,
    snapshotRevision: asSaved ? loadedRevision : -1,
    lock,
  })
}

/**
 * Returns the saved index and the archive position to replay from, if it belongs to this archive. Otherwise returns an
 * empty index, to be filled from the start.
 */
function usableIndex(
  { index }: SavedIndex,
  {
    opener,
    archive,
    archiveId,
    options,
    notices,
  }: {
    readonly opener: IndexOpener
    readonly archive: Archive
    readonly archiveId: string
    readonly options: IndexOptions
    readonly notices: Notice[]
  },
): { readonly index: SessionIndex; readonly from: ArchivePosition | null } {
  if (index !== null) {
    // With another id, it belongs to an archive that this one has replaced.
    const from = index.archiveId === archiveId ? index.position() : null
    if (from !== null && archive.reaches(from)) return { index, from }
    if (from !== null) notices.push(shortArchiveNotice(archive.folder))
    index.sql.close()
  }
  return { index: opener.empty(options), from: null }
}

/** Replays the archive into the index and reports progress. */
function catchUp(
  archive: Archive,
  index: SessionIndex,
  from: ArchivePosition | null,
  onOpening: (progress: Opening) => void,
): readonly Damage[] {
  let reported = 0
  const report = (share: number): void => {
    reported = share
    onOpening({ what: 'index', share })
  }
  const damages = archive.replay(from, (records, place, share) => {
    index.apply(toIndexedBlock(records), place)
    if (share === 1 || share >= reported + LEAST_STEP) report(share)
  })
  if (reported > 0 && reported < 1) report(1)
  return damages
}

/** Files that are replaced atomically (disk/replace-file.ts). */
const REPLACED_WHOLE = [SNAPSHOT, PRICES, AGREED_DELETION, LOCK]

/** Removes the temporary files of processes that were killed in the middle of a write. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    const written = REPLACED_WHOLE.find((one) => name.startsWith(`${one}.`))
    const pid = written === undefined ? undefined : /^\.(\d+)\./.exec(name.slice(written.length))?.[1]
    if (pid !== undefined && !isProcessAlive(Number(pid))) rmSync(join(dataFolder, name), { force: true })
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

async function untilArchiveReplaced(dataFolder: string): Promise<void> {
  try {
    await untilReplaced(dataFolder)
  } catch (error) {
    throw openingFailed(error, dataFolder)
  }
}

function noData(dataFolder: string): EngineError {
  return new EngineError('not-found', 'There is no data here yet.', {
    where: dataFolder,
    hint: 'Start the app and choose a log folder, or run "monitor --log-path … --data-dir …".',
  })
}

/** The folder may be on a disk that is not connected; a new, empty history would look as if everything were lost. */
function folderMissing(dataFolder: string): EngineError {
  return new EngineError('not-found', 'The folder of the history is not there.', {
    where: dataFolder,
    hint: 'Connect the disk it is on and start the program again, or choose another folder in the settings.',
  })
}

/** The general advice on permissions is about log files, so a data folder has its own. */
function openingFailed(error: unknown, dataFolder: string): EngineError {
  if (!isNotPermitted(error)) return fromSystemError(error, dataFolder)
  return new EngineError('permission', 'The data folder may not be read.', {
    where: dataFolder,
    hint: 'Make it readable for your user, or use another data folder.',
    cause: error,
  })
}
