import type { DataSelection, DeletionProgress, Ledger, LedgerMarks, SelectionSize } from '../../contract/index'
import { Archive } from '../archive/archive'
import { decodeRequest } from '../archive/decode'
import { adoptNextArchive, archiveBytes, dropNextArchive, startNextArchive } from '../archive/folder'
import { LINE_HASH_BYTES, type RequestFrame } from '../archive/records'
import { ArchiveRewrite, type WrittenBlock } from '../archive/rewrite'
import { toIndexedBlock } from '../index/tables/indexed-block'
import { IndexOpener } from '../index/open'
import { blockPlaces } from '../index/queries/locate'
import { fileOfRequest, selectionSize, selectRequests } from '../index/queries/selection'
import type { SessionIndex } from '../index/tables/session-index'
import { readIndexFields } from '../parse/index-fields'
import type { PriceCatalog } from '../pricing/catalog'
import { countRemarks } from '../parse/remarks'
import { unreadableTime } from '../parse/time'
import { isTruncated } from '../parse/request'
import type { Conversations } from '../sessions/conversations'
import type { Store } from '../store/store'
import { EMPTY_MARKS, type FileCheckpoint, type Mutable } from '../tail/file-state'

/** Deleted lines the index takes in at once: about 20 ms. */
const LINES_PER_RECORD = 10_000
/** Requests looked at between two looks at whether a query waits. */
const SELECTED_PER_SLICE = 5000

/** What a deletion leads to. */
export interface Deleted {
  readonly size: SelectionSize & { readonly freedBytes: number }
  /** The store from now on. */
  readonly store: Store
  /** What changed of the files that stay, and those that are known no more. */
  readonly files: readonly FileCheckpoint[]
  readonly forgottenFiles: ReadonlySet<number>
}

export interface DeletionOptions {
  /** Nothing may be added to it meanwhile. It answers queries until the end. */
  readonly store: Store
  readonly conversations: Conversations
  readonly selection: DataSelection
  /** The read positions of all files, nothing of which waits to be written. */
  readonly files: readonly FileCheckpoint[]
  /** Lets others work. Rejects when the deletion is to end without an effect. */
  readonly pause: () => Promise<void>
  readonly progress: (progress: Pick<DeletionProgress, 'done' | 'total'>) => void
}

/**
 * Deletes requests: writes an archive without them, and an index of that beside the present one, then replaces both.
 * Whenever it fails or is cancelled before that, nothing has changed. Resolves to null when there is nothing to delete.
 */
export async function deleteData(options: DeletionOptions): Promise<Deleted | null> {
  const { store, selection, pause, files } = options
  const size = selectionSize(store.index, selection)
  const { kept, selected, filesKept } = await select(options)
  const ofSource = 'source' in selection ? files.filter((file) => file.source === selection.source) : []
  const forgottenFiles = new Set(ofSource.map(({ fileId }) => fileId).filter((fileId) => !filesKept.has(fileId)))
  if (selected === 0 && forgottenFiles.size === 0) return null

  const before = archiveBytes(store.archive.folder)
  const counts = new DeletedCounts(store.index)
  // A source that is added again is read anew; what was deleted for its age stays deleted wherever it is met.
  const deleted: Buffer[] = []
  const folder = startNextArchive(store.dataFolder)
  let index: SessionIndex | null = null
  const archive = new Archive(folder, { writable: true, segmentBytes: store.archive.segmentBytes })
  try {
    index = (await IndexOpener.load()).empty({ timeZone: store.index.timeZone, prices: store.prices })
    const rewrite = new ArchiveRewrite(store.archive, archive, {
      keeps: (seq) => kept.has(seq),
      keepsFile: (fileId) => !forgottenFiles.has(fileId),
      line: (seq) => options.conversations.line(seq),
    })
    const places = blockPlaces(store.index)
    for (const [done, place] of places.entries()) {
      const block = await rewrite.add(place)
      const counted = counts.add(block.dropped)
      if ('olderThan' in selection) deleted.push(hashesOf(counted))
      await pause()
      applyTo(index, block.written, store.prices)
      options.progress({ done: done + 1, total: places.length })
      await pause()
    }
    const checkpoints = files
      .filter(({ fileId }) => !forgottenFiles.has(fileId))
      .map((file) => counts.without(file, { readAgain: ofSource.includes(file) }))
    for (const block of await rewrite.finish(checkpoints, deletedLines(store.index, deleted))) {
      applyTo(index, [block], store.prices)
      await pause()
    }
    archive.close()
    // An open file would keep its folder from being renamed on Windows.
    store.archive.close()
    // From here to the return nobody is let in: the former index does not fit the archive any more.
    adoptNextArchive(store.dataFolder)
    const next = store.replacedBy(index, archive.end)
    const freedBytes = Math.max(0, before - archiveBytes(next.archive.folder))
    return { size: { ...size, rounds: counts.rounds, freedBytes }, store: next, files: checkpoints, forgottenFiles }
  } catch (error) {
    archive.close()
    index?.sql.close()
    dropNextArchive(store.dataFolder)
    throw error
  }
}

function hashesOf(frames: readonly RequestFrame[]): Buffer {
  return Buffer.concat(frames.map(({ hash }) => Buffer.from(hash, 'hex')))
}

/** All lines that stay deleted, those of former deletions first, in pieces the index takes in at once. */
function* deletedLines(index: SessionIndex, deleted: readonly Buffer[]): Iterable<Buffer> {
  for (let before = index.deletedLines(null, LINES_PER_RECORD); before.length > 0;) {
    yield before
    before = index.deletedLines(before, LINES_PER_RECORD)
  }
  const all = Buffer.concat(deleted)
  const bytes = LINES_PER_RECORD * LINE_HASH_BYTES
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes)
}

function applyTo(index: SessionIndex, blocks: readonly WrittenBlock[], prices: PriceCatalog): void {
  // Changed meanwhile, perhaps back again later: some requests have costs that the index as a whole is not told to have.
  if (index.pricing !== prices.fingerprint) index.pricing = null
  for (const { records, place } of blocks) index.apply(toIndexedBlock(records), place)
}

/** A set of sequence numbers, a bit each. */
class SeqSet {
  readonly #bits: Uint8Array

  /** `last`: the largest number that may come. */
  constructor(last: number) {
    this.#bits = new Uint8Array((last >> 3) + 1)
  }

  add(seq: number): void {
    const at = seq >> 3
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (seq & 7))
  }

  has(seq: number): boolean {
    return ((this.#bits[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0
  }
}

async function select({ store, selection, pause }: DeletionOptions) {
  const kept = new SeqSet(store.archive.end.nextSeq)
  /** Files some requests of which stay. */
  const filesKept = new Set<number>()
  let selected = 0
  for (let after = 0; ;) {
    const requests = selectRequests(store.index, selection, after, SELECTED_PER_SLICE)
    for (const request of requests) {
      if (request.selected) {
        selected += 1
        continue
      }
      kept.add(request.seq)
      filesKept.add(request.fileId)
    }
    const last = requests.at(-1)
    if (last === undefined) return { kept, selected, filesKept }
    after = last.seq
    await pause()
  }
}

/** How many counted lines of each file are deleted, and the remarks on them. */
class DeletedCounts {
  readonly #index: SessionIndex
  readonly #files = new Map<number, { lines: number; marks: Mutable<LedgerMarks> }>()
  rounds = 0

  /** `index`: in which they still are. */
  constructor(index: SessionIndex) {
    this.#index = index
  }

  /** Returns those that counted: others were archived once more since, and count there. */
  add(frames: readonly RequestFrame[]): readonly RequestFrame[] {
    return frames.filter((frame) => {
      const fileId = fileOfRequest(this.#index, frame.seq)
      if (fileId === null) return false
      this.rounds += 1
      const counts = this.#files.get(fileId) ?? { lines: 0, marks: { ...EMPTY_MARKS } }
      counts.lines += 1
      const { outer, ai, timeInferred, mended, messages, kept } = decodeRequest(frame)
      countRemarks(counts.marks, readIndexFields(outer, ai), {
        truncated: isTruncated(ai),
        timeInferred,
        mended,
        hasMessages: messages !== null || kept > 0 || (ai.messages !== undefined && ai.messages !== null),
      })
      if (unreadableTime(outer) !== null) counts.marks.unreadableTime += 1
      this.#files.set(fileId, counts)
      return true
    })
  }

  /** The checkpoint with the deleted lines told as such. */
  without(file: FileCheckpoint, { readAgain }: { readonly readAgain: boolean }): FileCheckpoint {
    const counts = this.#files.get(file.fileId)
    const again = readAgain || file.readAgain
    if (counts === undefined) return { ...file, readAgain: again }
    const ledger: Ledger = {
      ...file.ledger,
      counted: file.ledger.counted - counts.lines,
      deleted: file.ledger.deleted + counts.lines,
    }
    const marks = { ...file.marks }
    // A former version did not make all of these remarks.
    for (const mark of Object.keys(marks) as (keyof LedgerMarks)[])
      marks[mark] = Math.max(0, marks[mark] - counts.marks[mark])
    return { ...file, ledger, marks, readAgain: again }
  }
}
