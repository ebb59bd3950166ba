import { readSync } from 'node:fs'

/** Reads `length` bytes from `start` of an open file; fewer when it ends earlier. Throws system errors. */
export function readRange(fd: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const got = readSync(fd, bytes, read, length - read, start + read)
    if (got === 0) break
    read += got
  }
  return bytes.subarray(0, read)
}
