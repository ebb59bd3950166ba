import { pipeline, Readable } from 'node:stream'
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib'
import { Decompress } from 'fzstd'
import unbzip2 from 'unbzip2-stream'
import xz from 'xz-decompress'
import { unpackLz4 } from './lz4'
import type { Packing } from './packing'

/** Unpacks a stream of bytes, chunk by chunk, all members or frames of it. Throws where it is cut off or damaged. */
export type Decoder = (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>

/** Bytes unpacked at a time. */
const CHUNK_BYTES = 256 * 1024

export const DECODERS: Readonly<Record<Exclude<Packing, 'tar' | 'zip'>, Decoder>> = {
  gzip: (source) => piped(source, createGunzip({ chunkSize: CHUNK_BYTES })),
  zlib: (source) => piped(source, createInflate({ chunkSize: CHUNK_BYTES })),
  zstd: unpackZstd,
  xz: unpackXz,
  bzip2: unpackBzip2,
  lz4: unpackLz4,
}

/** `to` reads `source`, and fails where that fails. */
function piped(source: AsyncIterable<Buffer>, to: Gunzip | Inflate): AsyncIterable<Buffer> {
  return pipeline(Readable.from(source), to, () => undefined)
}

async function* unpackZstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked: Buffer[] = []
  const stream = new Decompress((chunk) => {
    // The library writes the next chunk over the one it handed out.
    if (chunk.length > 0) unpacked.push(Buffer.from(chunk))
  })
  for await (const chunk of source) {
    // In small pieces, so that little waits in memory of what a highly repetitive log unpacks to.
    for (let at = 0; at < chunk.length; at += ZSTD_PIECE_BYTES) {
      stream.push(chunk.subarray(at, at + ZSTD_PIECE_BYTES))
      yield* unpacked.splice(0)
    }
  }
  stream.push(new Uint8Array(0), true)
  yield* unpacked.splice(0)
}

const ZSTD_PIECE_BYTES = 4 * 1024

async function* unpackXz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = new xz.XzReadableStream(Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>)
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) yield Buffer.from(chunk)
}

async function* unpackBzip2(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked: Buffer[] = []
  const failure: { error: unknown } = { error: null }
  const stream = unbzip2()
  // It unpacks within write(), and says so before write() returns.
  stream.on('data', (chunk: Buffer) => unpacked.push(chunk))
  stream.on('error', (error: unknown) => (failure.error = error))
  const throwFailure = (): void => {
    if (failure.error !== null)
      throw new RangeError('The bzip2 stream is damaged or cut off.', { cause: failure.error })
  }
  for await (const chunk of source) {
    stream.write(chunk)
    yield* unpacked.splice(0)
    throwFailure()
  }
  stream.end()
  yield* unpacked.splice(0)
  throwFailure()
}
