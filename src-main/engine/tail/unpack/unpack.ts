import { closeSync, fstatSync, readSync } from 'node:fs'
import { EngineError, fromSystemError } from '../../base/errors'
import { systemCode } from '../../../shared/system-errors'
import { readRange } from '../../disk/read-range'
import { DECODERS } from './decoders'
import { readGzip } from './gzip'
import { readTar, readZip } from './members'
import { foreignPacking, packingOf, PACKING_BYTES, type Packing } from './packing'

/**
 * A file may unpack to this many times its size. zstd and xz find repetitions over megabytes, and an agent's log is
 * little else; only a file made to fill disks or memory goes beyond.
 */
const MAX_RATIO = 10_000
/** Below this the ratio is not looked at: a small file of zeros harms nobody. */
const UNSUSPICIOUS_BYTES = 64 * 1024 * 1024
const READ_BYTES = 64 * 1024

/**
 * What a packed file of logs holds, chunk by chunk; closes `fd`. Of an archive of files: the logs in it, one after
 * another. Throws `unreadable` where it is cut off, damaged, encrypted, or unpacks to more than MAX_RATIO times its size
 * (a gzip file: see gzip.ts); what came before has been handed out.
 */
export async function* unpackFile(fd: number, path: string): AsyncGenerator<Buffer> {
  const head = readRange(fd, 0, PACKING_BYTES)
  const packing = packingOf(head)
  if (packing === 'gzip') {
    yield* withMembers(readGzip(fd, path))
    return
  }
  try {
    const foreign = foreignPacking(head)
    if (foreign !== null) throw unreadablePacking(foreign, path)
    if (packing === null) throw damaged(path)
    yield* limited(unpack(fd, packing), fd, path)
  } catch (error) {
    throw toUnpackError(error, path)
  } finally {
    closeSync(fd)
  }
}

function unpack(fd: number, packing: Exclude<Packing, 'gzip'>): AsyncIterable<Buffer> {
  if (packing === 'zip') return readZip(fd)
  const source = chunksOf(fd)
  return packing === 'tar' ? readTar(source) : withMembers(DECODERS[packing](source))
}

/** A packed stream may hold an archive of files (.tar.gz, .tgz, .tar.zst). */
async function* withMembers(unpacked: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = unpacked[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done === true) return
  const all = (async function* () {
    yield first.value
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
  })()
  yield* packingOf(first.value.subarray(0, PACKING_BYTES)) === 'tar' ? readTar(all) : all
}

async function* chunksOf(fd: number): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const piece = Buffer.allocUnsafe(READ_BYTES)
    const length = readSync(fd, piece, 0, piece.length, at)
    if (length === 0) return
    at += length
    yield await Promise.resolve(piece.subarray(0, length))
  }
}

async function* limited(unpacked: AsyncIterable<Buffer>, fd: number, path: string): AsyncGenerator<Buffer> {
  const { size } = fstatSync(fd)
  let bytes = 0
  for await (const chunk of unpacked) {
    bytes += chunk.length
    if (bytes > UNSUSPICIOUS_BYTES && bytes > size * MAX_RATIO) {
      throw new EngineError('unreadable', `Refused: it unpacks to more than ${String(MAX_RATIO)} times its size.`, {
        where: path,
        hint: 'This is not a log that a gateway writes. Move it out of the folder.',
      })
    }
    yield chunk
  }
}

/** What is said of a file whose packing is known and not read. */
export function unreadablePacking(name: string, path: string): EngineError {
  return new EngineError('unreadable', `It is packed with ${name}, which is not read here.`, {
    where: path,
    hint: 'Unpack it, or pack it with gzip, zstd, xz, bzip2, lz4, tar or zip.',
  })
}

function toUnpackError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error
  const code = systemCode(error)
  const isSystem = code !== undefined && !code.startsWith('Z_') && !code.startsWith('ERR_')
  return isSystem ? fromSystemError(error, path) : damaged(path)
}

function damaged(path: string): EngineError {
  return new EngineError(
    'unreadable',
    'The packed file is damaged, encrypted or cut off; the lines before that were read.',
    {
      where: path,
      hint: 'If it is still being written, it is read again when it grows. A mended copy in the same folder is read too.',
    },
  )
}
