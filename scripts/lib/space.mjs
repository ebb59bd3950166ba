/** Room on the disk. (No named import of statfsSync: an old Node has none, and would not come to say that it is old.) */
import fs from 'node:fs'
import { Stop } from './say.mjs'

/**
 * Stops before something is begun that can't be finished.
 * @param {string} folder
 * @param {number} bytes
 * @param {string} what
 */
export function requireSpace(folder, bytes, what) {
  const { bavail, bsize } = fs.statfsSync(folder)
  const free = bavail * bsize
  if (free >= bytes) return
  throw new Stop(
    `${what} need${what.endsWith('s') ? '' : 's'} ${gigabytes(bytes)} free in ${folder}, where ${gigabytes(free)} are left: free some space and run the command again.`,
  )
}

/** @param {number} bytes */
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`
