import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replaces a file atomically: the content is written to a temporary file next to it, synced and renamed over it, so a
 * crash leaves either the old content or the new, never a part. The folder must exist. Both variants throw system errors
 * and then leave no temporary file. The synchronous one is for the engine's steps that nothing may interrupt.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array | ((file: FileHandle) => Promise<void>),
): Promise<void> {
  const temporary = temporaryName(path)
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      if (typeof content === 'function') await content(file)
      else await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Does the same synchronously, with the content in chunks. */
export function replaceFileSync(path: string, chunks: Iterable<Uint8Array>): void {
  const temporary = temporaryName(path)
  try {
    const fd = openSync(temporary, 'w', 0o600)
    try {
      for (const chunk of chunks) writeFully(fd, chunk)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** Opening a store removes such files of processes that no longer run (store/open-store.ts). */
function temporaryName(path: string): string {
  return `${path}.${String(process.pid)}.tmp`
}

/** Writes all of `bytes` at `position`, or at the file's current position. A single write may take only a part of them. */
export function writeFully(fd: number, bytes: Uint8Array, position: number | null = null): void {
  for (let written = 0; written < bytes.length;) {
    const at = position === null ? null : position + written
    written += writeSync(fd, bytes, written, bytes.length - written, at)
  }
}

/** Makes renames in a folder survive a loss of power. Windows cannot open folders and does not need this. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
