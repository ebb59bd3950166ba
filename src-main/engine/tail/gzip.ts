import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { EngineError, fromSystemError, systemCode } from '../errors'

/**
 * A compressed file may unpack to this many times its size. JSON logs stay far below (an agent's, which repeat
 * themselves most, below 100); deflate's utmost, which only a file made to fill disks or memory reaches, is 1032.
 */
export const MAX_UNPACK_RATIO = 500
/** Below this the ratio is not looked at: a small file of zeros harms nobody. */
const UNSUSPICIOUS_BYTES = 64 * 1024 * 1024

/**
 * The unpacked content of a gzip file, all its members, chunk by chunk. Throws `unreadable` where the file is cut off,
 * damaged, or unpacks to more than MAX_UNPACK_RATIO times its size; what came before has been handed out.
 */
export async function* readGzip(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 })
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  let unpacked = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > UNSUSPICIOUS_BYTES && unpacked > source.bytesRead * MAX_UNPACK_RATIO) {
        throw new EngineError(
          'unreadable',
          `Refused: it unpacks to more than ${String(MAX_UNPACK_RATIO)} times its size.`,
          {
            where: path,
            hint: 'This is no log that a gateway writes. Move it out of the folder.',
          },
        )
      }
      yield chunk
    }
  } catch (error) {
    throw toGzipError(error, path)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

function toGzipError(error: unknown, path: string): EngineError {
  const code = systemCode(error)
  if (code === 'Z_BUF_ERROR') {
    return new EngineError('unreadable', 'The compressed file is cut off; its whole lines were read.', {
      where: path,
      hint: 'If it is still being written, it is read again when it grows.',
    })
  }
  if (code?.startsWith('Z_') === true) {
    return new EngineError('unreadable', 'The compressed file is damaged; the lines before the damage were read.', {
      where: path,
      hint: 'Check it with "gzip -t"; a mended copy in the same folder is read by itself.',
    })
  }
  return fromSystemError(error, path)
}
