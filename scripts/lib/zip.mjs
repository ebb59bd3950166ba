/** Unpacks the wanted part of a zip file. */
import { createWriteStream } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * @param {string} file
 * @param {string} folder
 * @param {(name: string) => string | null} place the path under `folder` for an entry's name, null to leave it out
 */
export async function unzip(file, folder, place) {
  // Loaded here: before the first npm ci it is not there.
  const { default: yauzl } = await import('yauzl')
  const zip = await yauzl.openPromise(file, { lazyEntries: true })
  await new Promise((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', resolve)
    zip.on('entry', (/** @type {import('yauzl').Entry} */ entry) => {
      extract(entry).then(() => zip.readEntry(), reject)
    })
    zip.readEntry()
  })

  /** @param {import('yauzl').Entry} entry */
  async function extract(entry) {
    const path = entry.fileName.endsWith('/') ? null : place(entry.fileName)
    if (path === null) return
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await pipeline(
      /** @type {NodeJS.ReadableStream} */ (await zip.openReadStreamPromise(entry)),
      createWriteStream(target),
    )
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    if (mode !== 0) await chmod(target, mode)
  }
}
