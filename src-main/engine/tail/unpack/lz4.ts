/**
 * Unpacks LZ4 frames, one after another, block by block. No kept library of the registry unpacks a stream of frames.
 * Format: lz4, doc/lz4_Frame_format.md and lz4_Block_format.md. Checksums are passed over: damage shows as an offset that leads
 * nowhere, or as lines that are no JSON.
 */
export async function* unpackLz4(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new Input(source)
  for (;;) {
    const magic = await input.take(4)
    if (magic === null) return
    const number = magic.readUInt32LE(0)
    if (number === FRAME) yield* readFrame(input)
    else if (number >= FIRST_SKIPPABLE && number <= LAST_SKIPPABLE) await skip(input)
    else throw new RangeError('This is not an LZ4 frame.')
  }
}

const FRAME = 0x184d2204
const FIRST_SKIPPABLE = 0x184d2a50
const LAST_SKIPPABLE = 0x184d2a5f
const UNCOMPRESSED = 0x80000000
/** How far back a match may reach, and so what is kept of the blocks before. */
const WINDOW_BYTES = 64 * 1024
const MAX_BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 }

async function* readFrame(input: Input): AsyncGenerator<Buffer> {
  const [flags, sizes] = await need(input, 2)
  if (flags === undefined || sizes === undefined || flags >> 6 !== 1) throw new RangeError('An unknown version of LZ4.')
  const largest = MAX_BLOCK_BYTES[(sizes >> 4) & 7]
  if (largest === undefined) throw new RangeError('An LZ4 block size that is not known.')
  const hasBlockChecksum = (flags & 0x10) !== 0
  const hasContentSize = (flags & 0x08) !== 0
  const hasContentChecksum = (flags & 0x04) !== 0
  const hasDictionary = (flags & 0x01) !== 0
  await need(input, (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1)
  let window: Buffer = Buffer.alloc(0)
  for (;;) {
    const size = (await need(input, 4)).readUInt32LE(0)
    if (size === 0) break
    const bytes = size & ~UNCOMPRESSED
    if (bytes > largest) throw new RangeError('An LZ4 block that is too long.')
    const stored = await need(input, bytes)
    const isPlain = (size & UNCOMPRESSED) !== 0
    const block = isPlain ? Buffer.from(stored) : unpackBlock(stored, window, largest)
    if (hasBlockChecksum) await need(input, 4)
    if (block.length > 0) yield block
    window = Buffer.concat([window, block].map((part) => part.subarray(-WINDOW_BYTES))).subarray(-WINDOW_BYTES)
  }
  if (hasContentChecksum) await need(input, 4)
}

/** Unpacks one block; `window` is what came before it. */
function unpackBlock(input: Buffer, window: Buffer, largest: number): Buffer {
  const output = Buffer.allocUnsafe(window.length + largest)
  window.copy(output)
  let to = window.length
  let at = 0
  const length = (nibble: number): number => {
    if (nibble < 15) return nibble
    let total = 15
    for (;;) {
      const byte = input[at++] ?? 0
      total += byte
      if (byte !== 255) return total
    }
  }
  while (at < input.length) {
    const token = input[at++] ?? 0
    const literals = length(token >> 4)
    if (at + literals > input.length || to + literals > output.length) throw new RangeError('A broken LZ4 block.')
    input.copy(output, to, at, at + literals)
    at += literals
    to += literals
    if (at >= input.length) break
    const offset = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8)
    at += 2
    const matched = length(token & 15) + 4
    const from = to - offset
    if (offset === 0 || from < 0 || to + matched > output.length) throw new RangeError('A broken LZ4 block.')
    // A match may reach into what it writes itself.
    for (let index = 0; index < matched; index += 1) output[to + index] = output[from + index] ?? 0
    to += matched
  }
  return output.subarray(window.length, to)
}

async function skip(input: Input): Promise<void> {
  await need(input, (await need(input, 4)).readUInt32LE(0))
}

async function need(input: Input, bytes: number): Promise<Buffer> {
  const taken = await input.take(bytes)
  if (taken === null && bytes > 0) throw new RangeError('The LZ4 frame is cut off.')
  return taken ?? Buffer.alloc(0)
}

/** Bytes of a source, as many at a time as are asked for. */
class Input {
  readonly #source: AsyncIterator<Buffer>
  #waiting: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Null when the source is over; throws when it ends within them. */
  async take(bytes: number): Promise<Buffer | null> {
    const parts = [this.#waiting]
    let length = this.#waiting.length
    while (length < bytes) {
      const next = await this.#source.next()
      if (next.done === true) {
        if (length === 0) return null
        throw new RangeError('The LZ4 frame is cut off.')
      }
      parts.push(next.value)
      length += next.value.length
    }
    const all = parts.length === 1 ? this.#waiting : Buffer.concat(parts, length)
    this.#waiting = all.subarray(bytes)
    return all.subarray(0, bytes)
  }
}
