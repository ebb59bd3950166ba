import { access, mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../engine/disk/replace-file'

/**
 * Copies the sample logs to where they can be watched: inside the packaged archive they are no real files. A copy that
 * is there stays as it is, for replacing a watched log looks like a rotation. (File by file, because recursive copying
 * does not see into the archive.)
 */
export async function copySampleLog(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const copy = join(to, entry.name)
    if (!(await exists(copy))) await replaceFile(copy, await readFile(join(from, entry.name)))
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
