import { randomUUID } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { EngineError, fromWriteError } from '../base/errors'
import { systemCode } from '../../shared/system-errors'
import { ARCHIVE, FORMER_ARCHIVE, NEXT_ARCHIVE } from '../disk/store-names'
import { lockHolder } from '../disk/store-lock'
import { replaceFileSync, syncFolder } from '../disk/replace-file'

/** More links that lead to links than this form a circle. */
const MOST_LINKS = 8

/**
 * Where a data folder keeps its archive, and what is next to it while a smaller one replaces it:
 *
 *      archive        the archive
 *      archive.next   being written; ignored otherwise
 *      archive.former the replaced one; deleted at once, or at the next start
 *
 * Replacing takes two renames. recoverArchive() finishes or undoes a replacement that a crash interrupted. If `archive`
 * is a link, for example to another disk, all three are where it leads to: replacing the link itself would leave the
 * data to be deleted behind.
 */
export function archiveFolder(dataFolder: string): string {
  let path = join(dataFolder, ARCHIVE)
  // Not realpath: between the two renames the link leads nowhere.
  for (let links = 0; links < MOST_LINKS && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink(); links += 1) {
    path = resolve(dirname(path), readlinkSync(path))
  }
  return path
}

/** The folders next to an archive that is not a link have the names of disk/store-names.ts. */
const beside = (dataFolder: string, name: string): string => archiveFolder(dataFolder) + name.slice(ARCHIVE.length)
const nextFolder = (dataFolder: string) => beside(dataFolder, NEXT_ARCHIVE)
const formerFolder = (dataFolder: string) => beside(dataFolder, FORMER_ARCHIVE)
const ID_FILE = 'archive.id'
/** How long a reader waits for the second rename, ms. It takes less than 1 ms unless the disk hangs. */
const REPLACING_MS = 2000

/**
 * Tells an archive from the one it was made from, in which blocks have other places; empty for one that was never
 * rewritten.
 */
export function readArchiveId(archive: string): string {
  try {
    return readFileSync(join(archive, ID_FILE), 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

/** Size of the archive in this folder on disk, bytes. */
export function archiveBytes(archive: string): number {
  return readdirSync(archive).reduce((bytes, name) => bytes + statSync(join(archive, name)).size, 0)
}

/** Finishes an interrupted replacement, or undoes it. Only for the writing process. */
export function recoverArchive(dataFolder: string): void {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  // The next archive was complete before the former one was moved away.
  if (!existsSync(archive) && existsSync(former)) renameSync(existsSync(next) ? next : former, archive)
  rmSync(next, { recursive: true, force: true })
  rmSync(former, { recursive: true, force: true })
}

/**
 * Where a process that only reads finds a complete archive: in its place, or where a replacement that was interrupted
 * between its two renames left it; null when there is none.
 */
export function readableArchive(dataFolder: string): string | null {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  if (existsSync(archive)) return archive
  if (!existsSync(former)) return null
  return existsSync(next) ? next : former
}

/** Resolves when the archive is in its place, unless a running process is between the two renames for too long. */
export async function untilReplaced(dataFolder: string): Promise<void> {
  const end = performance.now() + REPLACING_MS
  const isAway = (): boolean => !existsSync(archiveFolder(dataFolder)) && existsSync(formerFolder(dataFolder))
  while (isAway() && lockHolder(dataFolder) !== null && performance.now() < end) await setTimeout(10)
}

/**
 * Creates an empty folder for the archive that is to replace the present one. Throws `refused` or `permission` when the
 * present one could not be replaced, or not completely.
 */
export function startNextArchive(dataFolder: string): string {
  const [archive, next] = [archiveFolder(dataFolder), nextFolder(dataFolder)]
  const linked = readdirSync(archive, { withFileTypes: true }).find((entry) => entry.isSymbolicLink())
  if (linked !== undefined) {
    throw new EngineError('refused', 'Part of the archive is a link: deleting would remove only the link.', {
      where: join(archive, linked.name),
      hint: 'Put the file it leads to in its place, then delete again.',
    })
  }
  // A mount point cannot be renamed to a name on the same disk.
  if (statSync(archive).dev !== statSync(dirname(archive)).dev) {
    throw new EngineError('refused', 'The archive folder is a mount point and cannot be replaced.', {
      where: archive,
      hint: 'Move its files to a folder on that disk, and make "archive" a link to that folder.',
    })
  }
  try {
    rmSync(next, { recursive: true, force: true })
    mkdirSync(next)
  } catch (error) {
    throw fromWriteError(error, dirname(next))
  }
  return next
}

export function dropNextArchive(dataFolder: string): void {
  rmSync(nextFolder(dataFolder), { recursive: true, force: true })
}

/** Replaces the present archive with the next one, which is complete and closed. */
export function adoptNextArchive(dataFolder: string): void {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  replaceFileSync(join(next, ID_FILE), [Buffer.from(randomUUID())])
  // Left over from a replacement whose last step failed; the present archive replaced it.
  rmSync(former, { recursive: true, force: true })
  renameSync(archive, former)
  try {
    renameSync(next, archive)
  } catch (error) {
    renameSync(former, archive)
    throw error
  }
  try {
    syncFolder(dirname(archive))
    rmSync(former, { recursive: true, force: true })
  } catch {
    // The next archive is in use already, so a former one that cannot be deleted yet is not a failure.
  }
}
