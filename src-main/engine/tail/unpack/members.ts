import { pipeline, Readable, type Writable } from 'node:stream'
import { extract, type Extract } from 'tar-stream'
import { fromFd, type Entry, type ZipFile } from 'yauzl'
import { DECODERS } from './decoders'
import { packingOf, PACKING_BYTES } from './packing'

/** Bytes of a member in which a gateway's line is looked for: a bundle holds other files too. */
const SNIFF_BYTES = 1024 * 1024
const AI_LOG = Buffer.from('ai_log')
const NEWLINE = Buffer.from('\n')

/** The logs in a tar archive, one after another, each ending with a line break. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const archive = pipeline(
    Readable.from(source),
    extract() as unknown as Writable,
    () => undefined,
  ) as unknown as Extract
  for await (const entry of archive) {
    const { name, type } = entry.header
    if (type === 'file' && isOfInterest(name)) yield* readMember(entry as unknown as AsyncIterable<Buffer>)
    entry.resume()
  }
}

/** The logs in a zip archive. Does not close `fd`. */
export async function* readZip(fd: number): AsyncGenerator<Buffer> {
  const zip = await openZip(fd)
  for await (const entry of entriesOf(zip)) {
    if (entry.fileName.endsWith('/') || !isOfInterest(entry.fileName)) continue
    yield* readMember(await openMember(zip, entry))
  }
}

/** A member's content, unpacked where it is packed itself; nothing where it holds no gateway's line. */
async function* readMember(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = peek(content)
  const head = await source.head(PACKING_BYTES)
  const packing = packingOf(head)
  const unpacked =
    packing === null || packing === 'tar' || packing === 'zip' ? source.all : DECODERS[packing](source.all)
  const log = peek(unpacked)
  if (!(await log.head(SNIFF_BYTES)).includes(AI_LOG)) return
  let last: Buffer | null = null
  for await (const chunk of log.all) {
    if (chunk.length === 0) continue
    last = chunk
    yield chunk
  }
  if (last !== null && last.at(-1) !== NEWLINE[0]) yield NEWLINE
}

/** Files that macOS adds to archives hold no log. */
function isOfInterest(name: string): boolean {
  return !/(?:^|\/)(?:\._|__MACOSX\/)/.test(name)
}

/** A stream whose start can be looked at before it is read. */
function peek(content: AsyncIterable<Buffer>): {
  head(bytes: number): Promise<Buffer>
  readonly all: AsyncIterable<Buffer>
} {
  const source = content[Symbol.asyncIterator]()
  const waiting: Buffer[] = []
  return {
    head: async (bytes) => {
      let length = 0
      while (length < bytes) {
        const next = await source.next()
        if (next.done === true) break
        waiting.push(Buffer.from(next.value))
        length += next.value.length
      }
      return Buffer.concat(waiting).subarray(0, bytes)
    },
    all: (async function* () {
      yield* waiting.splice(0)
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
    })(),
  }
}

function openZip(fd: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromFd(fd, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip)
      else reject(error)
    })
  })
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      zip.once('entry', resolve)
      zip.once('end', () => {
        resolve(null)
      })
      zip.once('error', reject)
      zip.readEntry()
    })
    zip.removeAllListeners()
    if (entry === null) return
    yield entry
  }
}

function openMember(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream)
      else reject(error)
    })
  })
}
