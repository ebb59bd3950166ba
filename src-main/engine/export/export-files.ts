import { closeSync, fsync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder, writeFully } from '../disk/replace-file'

const syncFile = promisify(fsync)

/** A file of an export, written under a temporary name next to its own. */
export class ExportFile {
  readonly path: string
  readonly temporary: string
  #fd: number | null = null

  /** `id` tells the temporary file from those of other files and exports. */
  constructor(path: string, id: string) {
    this.path = path
    // A shortened name: a name that just fits the disk must not fail because of what is added to it.
    const start = Array.from(basename(path)).slice(0, 20).join('')
    this.temporary = join(dirname(path), `${start}.${String(process.pid)}-${id}.tmp`)
  }

  write(text: string): void {
    this.#fd ??= openSync(this.temporary, 'w', 0o600)
    writeFully(this.#fd, Buffer.from(text))
  }

  /** Syncs what was written. Asynchronous, because the disk may take seconds for a large file. */
  async sync(): Promise<void> {
    if (this.#fd !== null) await syncFile(this.#fd)
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }

  /** Closes the file and deletes it, if it still has its temporary name. */
  discard(): void {
    this.close()
    try {
      rmSync(this.temporary, { force: true })
    } catch {
      // Its folder or disk is gone, and the file with it.
    }
  }
}

/** Gives all files their names, or none: the two files of a report must not be of different days. */
export function putInPlace(files: readonly ExportFile[]): void {
  const placed: { readonly path: string; readonly former: string | null }[] = []
  try {
    for (const { temporary, path } of files) {
      const former = files.length > 1 && isFile(path) ? `${temporary}.former` : null
      if (former !== null) renameSync(path, former)
      try {
        renameSync(temporary, path)
      } catch (error) {
        if (former !== null) renameSync(former, path)
        throw error
      }
      placed.push({ path, former })
    }
  } catch (error) {
    for (const { path, former } of placed) {
      if (former === null) rmSync(path, { force: true })
      else renameSync(former, path)
    }
    throw error
  }
  for (const { former } of placed) if (former !== null) rmSync(former, { force: true })
  syncFolders(files)
}

/** The files are complete by now, so a network disk that cannot sync folders does not make the export fail. */
function syncFolders(files: readonly ExportFile[]): void {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    try {
      syncFolder(folder)
    } catch {
      continue
    }
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
