import { closeSync, fstatSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { EngineError, fromSystemError } from '../../base/errors'
import { systemCode } from '../../../shared/system-errors'

/**
 * A compressed file may unpack to this many times its size. JSON logs stay far below (an agent's, which repeat
 * themselves most, below 100); deflate's utmost, which only a file made to fill disks or memory reaches, is 1032.
 */
export const MAX_UNPACK_RATIO = 500
/** Below this the ratio is not looked at: a small file of zeros harms nobody. */
const UNSUSPICIOUS_BYTES = 64 * 1024 * 1024

/** Bytes read, and bytes unpacked, at a time. */
const READ_BYTES = 64 * 1024
const UNPACK_BYTES = 256 * 1024

/**
 * The unpacked content of a gzip file, all its members, chunk by chunk; closes `fd`. Throws `unreadable` where the file
 * is cut off, damaged, or unpacks to more than MAX_UNPACK_RATIO times its size; what came before has been handed out.
 * `path` is for the message.
 */
export async function* readGzip(fd: number, path: string): AsyncGenerator<Buffer> {
  const progress = { bytesRead: 0, handedOut: 0 }
  try {
    try {
      for await (const chunk of unpack(fd, path, progress, Infinity)) {
        progress.handedOut += chunk.length
        yield chunk
      }
    } catch (error) {
      if (!isDamage(error)) throw error
      yield* salvage(fd, path, progress)
    }
  } catch (error) {
    throw toGzipError(error, path)
  } finally {
    closeSync(fd)
  }
}

/** zlib throws away what it unpacked of the piece in which it meets damage: that piece is fed once more, byte by byte. */
async function* salvage(
  fd: number,
  path: string,
  failed: { readonly bytesRead: number; readonly handedOut: number },
): AsyncGenerator<Buffer> {
  let position = 0
  for await (const chunk of unpack(fd, path, { bytesRead: 0 }, failed.bytesRead - 2 * READ_BYTES)) {
    const fresh = position + chunk.length - Math.max(failed.handedOut, position)
    position += chunk.length
    if (fresh > 0) yield chunk.subarray(chunk.length - fresh)
  }
}

/** Unpacks `fd` from its start, fed in pieces of READ_BYTES up to `finelyFrom`, from there byte by byte. */
async function* unpack(
  fd: number,
  path: string,
  progress: { bytesRead: number },
  finelyFrom: number,
): AsyncGenerator<Buffer> {
  // Not fs.createReadStream: destroying that closes the descriptor at a moment of its own choice.
  const source = Readable.from(
    (function* () {
      for (;;) {
        const piece = Buffer.allocUnsafe(progress.bytesRead < finelyFrom ? READ_BYTES : 1)
        const length = readSync(fd, piece, 0, piece.length, progress.bytesRead)
        if (length === 0) return
        progress.bytesRead += length
        yield piece.subarray(0, length)
      }
    })(),
    { highWaterMark: 1 },
  )
  const gunzip = createGunzip({ chunkSize: UNPACK_BYTES })
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  let unpacked = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > UNSUSPICIOUS_BYTES && unpacked > progress.bytesRead * MAX_UNPACK_RATIO) {
        throw new EngineError(
          'unreadable',
          `Refused: it unpacks to more than ${String(MAX_UNPACK_RATIO)} times its size.`,
          { where: path, hint: 'This is not a log that a gateway writes. Move it out of the folder.' },
        )
      }
      yield chunk
    }
    if (!onlyZeros(fd, gunzip.bytesWritten)) throw damaged(path)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

/** zlib stops without a word where zeros follow a member. As padding they are harmless; anything after them is not. */
function onlyZeros(fd: number, from: number): boolean {
  const { size } = fstatSync(fd)
  const buffer = Buffer.alloc(READ_BYTES)
  for (let at = from; at < size;) {
    const length = readSync(fd, buffer, 0, buffer.length, at)
    if (length === 0) return true
    if (buffer.subarray(0, length).some((byte) => byte !== 0)) return false
    at += length
  }
  return true
}

function isDamage(error: unknown): boolean {
  const code = systemCode(error)
  return code !== 'Z_BUF_ERROR' && code?.startsWith('Z_') === true
}

function toGzipError(error: unknown, path: string): EngineError {
  if (systemCode(error) === 'Z_BUF_ERROR') {
    return new EngineError('unreadable', 'The compressed file is cut off; its whole lines were read.', {
      where: path,
      hint: 'If it is still being written, it is read again when it grows.',
    })
  }
  return isDamage(error) ? damaged(path) : fromSystemError(error, path)
}

function damaged(path: string): EngineError {
  return new EngineError('unreadable', 'The compressed file is damaged; the lines before the damage were read.', {
    where: path,
    hint: 'Check it with "gzip -t"; a mended copy in the same folder is read by itself.',
  })
}
