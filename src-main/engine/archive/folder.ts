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

/** Links that lead to links: more of them than this lead in a circle. */
const MOST_LINKS = 8

/**
 * Where a data folder keeps its archive, and what stands beside it while it is being replaced by one with less in it:
 *
 *     archive        the archive
 *     archive.next   being written; nothing of it counts
 *     archive.former the one that was replaced; deleted at once, or at the next start
 *
 * Replacing is two renames. Whatever a crash leaves tells how far it came: `recoverArchive`. Where `archive` is a link, to
 * another disk say, all three stand where it leads to: a link replaced would leave there what is to be deleted.
 */
export function archiveFolder(dataFolder: string): string {
  let path = join(dataFolder, ARCHIVE)
  // Not realpath: between the two renames the link leads to nothing.
  for (let links = 0; links < MOST_LINKS && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink(); links += 1) {
    path = resolve(dirname(path), readlinkSync(path))
  }
  return path
}

/** The folders beside an archive that is no link have the names of store-files.ts. */
const beside = (dataFolder: string, name: string): string => archiveFolder(dataFolder) + name.slice(ARCHIVE.length)
const nextFolder = (dataFolder: string) => beside(dataFolder, NEXT_ARCHIVE)
const formerFolder = (dataFolder: string) => beside(dataFolder, FORMER_ARCHIVE)
const ID_FILE = 'archive.id'
/** How long whoever reads waits for the second of the two renames, ms; it takes less than one unless the disk hangs. */
const REPLACING_MS = 2000

/** Tells an archive from the one it was made of, whose blocks lie elsewhere; empty for one that was never rewritten. */
export function readArchiveId(archive: string): string {
  try {
    return readFileSync(join(archive, ID_FILE), 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

/** What the archive in this folder takes on disk, bytes. */
export function archiveBytes(archive: string): number {
  return readdirSync(archive).reduce((bytes, name) => bytes + statSync(join(archive, name)).size, 0)
}

/** Brings a replacement that was cut short to its end, or takes it back. Only for the process that writes. */
export function recoverArchive(dataFolder: string): void {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  // The next one was whole before the former one was moved out of its way.
  if (!existsSync(archive) && existsSync(former)) renameSync(existsSync(next) ? next : former, archive)
  rmSync(next, { recursive: true, force: true })
  rmSync(former, { recursive: true, force: true })
}

/**
 * Where whoever only reads finds the archive whole: in its place, or where a replacement that was cut short between its two
 * renames left it; null when there is none.
 */
export function readableArchive(dataFolder: string): string | null {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  if (existsSync(archive)) return archive
  if (!existsSync(former)) return null
  return existsSync(next) ? next : former
}

/** Resolves when the archive is in its place, or is not about to be: between the two renames, by a process that lives. */
export async function untilReplaced(dataFolder: string): Promise<void> {
  const end = performance.now() + REPLACING_MS
  const isAway = (): boolean => !existsSync(archiveFolder(dataFolder)) && existsSync(formerFolder(dataFolder))
  while (isAway() && lockHolder(dataFolder) !== null && performance.now() < end) await setTimeout(10)
}

/**
 * An empty folder for the archive that is to replace the present one. Throws `refused` or `permission` where the present one
 * could not be replaced, or would leave part of itself elsewhere.
 */
export function startNextArchive(dataFolder: string): string {
  const [archive, next] = [archiveFolder(dataFolder), nextFolder(dataFolder)]
  const linked = readdirSync(archive, { withFileTypes: true }).find((entry) => entry.isSymbolicLink())
  if (linked !== undefined) {
    throw new EngineError('refused', 'Part of the archive is a link: deleting would take away the link only.', {
      where: join(archive, linked.name),
      hint: 'Put the file it leads to in its place, then delete again.',
    })
  }
  // A disk as a whole has no place beside it on that disk.
  if (statSync(archive).dev !== statSync(dirname(archive)).dev) {
    throw new EngineError('refused', 'The archive is a disk as a whole, which deleting could not replace.', {
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

/** Puts the next archive, which is whole and closed, in the place of the present one. */
export function adoptNextArchive(dataFolder: string): void {
  const [archive, next, former] = [archiveFolder(dataFolder), nextFolder(dataFolder), formerFolder(dataFolder)]
  replaceFileSync(join(next, ID_FILE), [Buffer.from(randomUUID())])
  // Left by a replacement whose last step failed; the present archive stands in its place.
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
    // The next one is in use already: that the former one can't go yet must not be told as a failure of all.
  }
}
