import { existsSync, readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { replaceFile } from '../../disk/replace-file'

/**
 * Format of the index on disk: a header of 24 bytes, then the SQLite file. A snapshot only saves time: if anything is
 * wrong with it, the index is rebuilt from the archive. Integers are little-endian.
 *
 *     0  magic "ASM-INDEX\n"   12  CRC-32 of the rest   16  bytes of the rest (u48)
 */
const HEADER_BYTES = 24
const MAGIC = Buffer.from('ASM-INDEX\n\0\0')

/** The SQLite file of a snapshot; null when there is no snapshot, undefined when it is damaged. */
export function readSnapshot(path: string): Uint8Array | null | undefined {
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const body = bytes.subarray(HEADER_BYTES)
  if (body.length !== bytes.readUIntLE(16, 6) || crc32(body) !== bytes.readUInt32LE(12)) return undefined
  return body
}

const SLICE_BYTES = 8 * 1024 * 1024

/** Replaces the snapshot atomically. It is written in slices, so that the engine answers queries in between. */
export async function writeSnapshot(path: string, body: Uint8Array): Promise<void> {
  await replaceFile(path, async (file) => {
    let crc = 0
    for (let at = 0; at < body.length; at += SLICE_BYTES) {
      const slice = body.subarray(at, at + SLICE_BYTES)
      crc = crc32(slice, crc)
      for (let written = 0; written < slice.length;) {
        const { bytesWritten } = await file.write(slice, written, slice.length - written, HEADER_BYTES + at + written)
        written += bytesWritten
      }
    }
    const header = Buffer.alloc(HEADER_BYTES)
    MAGIC.copy(header)
    header.writeUInt32LE(crc, 12)
    header.writeUIntLE(body.length, 16, 6)
    await file.write(header, 0, HEADER_BYTES, 0)
  })
}
