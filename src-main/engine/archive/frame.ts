import type { InferredSession } from './inferred-session'
import type { FileCheckpoint } from '../tail/file-state'
import { LINE_HASH_BYTES, type ArchiveRecord, type FileRecord, type RequestFrame } from './records'

/**
 * Format of a record within a block. Integers are little-endian; lengths are in bytes.
 *
 *      request:  0 kind 1 · 1 flags (1: time inferred, 2: has a base) · 2 bytes of the inferred session, or 0 · 4 file · 8 offset (f64) · 16 length
 *               20 hash (12 bytes) · 32 time (f64) · 40 own sequence number less the base's · 44 kept messages
 *               48 kept bytes · 52 start of messages (i32) · 56 fresh bytes · 60 stored bytes · 64 the stored bytes,
 *               then the inferred session: 0 line hash of its first request (12 bytes) · 12 confidence (percent) · 13 zero
 *               14 evidence · 16 own sequence number less that of the request it joined, or 0 · 20 messages that agree
 *      file:     0 kind 2 · 1 zero · 4 bytes of JSON · 8 the checkpoint as JSON
 *      dropped:  0 kind 3 · 1 zero · 4 number of requests that were here
 *      deleted lines: 0 kind 4 · 1 zero · 4 bytes · 8 line hashes (12 bytes each)
 */
const REQUEST_BYTES = 64
const FILE_BYTES = 8
const DROPPED_BYTES = 8
const REQUEST = 1
const FILE = 2
const DROPPED = 3
const DELETED_LINES = 4
const TIME_INFERRED = 1
const HAS_BASE = 2
const HASH_BYTES = LINE_HASH_BYTES
const INFERRED_BYTES = 24

/** A line to be stored: the bytes before and after the part that is left out. */
interface FrameParts extends Omit<RequestFrame, 'kind' | 'seq' | 'stored'> {
  readonly head: Buffer
  readonly tail: Buffer
}

/** Encodes the records of one block. */
export class FrameWriter {
  #bytes: Buffer = Buffer.allocUnsafe(1024 * 1024)
  #length = 0
  #requests = 0

  /** Sequence numbers used so far. */
  get requests(): number {
    return this.#requests
  }

  get bytes(): number {
    return this.#length
  }

  /** Adds the request with sequence number `seq`. Copies the bytes. */
  addRequest(seq: number, frame: FrameParts): void {
    const { head, tail, inferred } = frame
    const inferredBytes = inferred === null ? 0 : INFERRED_BYTES
    const at = this.#reserve(REQUEST_BYTES + head.length + tail.length + inferredBytes)
    const out = this.#bytes
    out[at] = REQUEST
    out[at + 1] = (frame.timeInferred ? TIME_INFERRED : 0) | (frame.base === null ? 0 : HAS_BASE)
    out.writeUInt16LE(inferredBytes, at + 2)
    out.writeUInt32LE(frame.file, at + 4)
    out.writeDoubleLE(frame.offset, at + 8)
    out.writeUInt32LE(frame.length, at + 16)
    out.write(frame.hash, at + 20, HASH_BYTES, 'hex')
    out.writeDoubleLE(frame.time, at + 32)
    out.writeUInt32LE(frame.base === null ? 0 : seq - frame.base, at + 40)
    out.writeUInt32LE(frame.kept, at + 44)
    out.writeUInt32LE(frame.keptBytes, at + 48)
    out.writeInt32LE(frame.messagesStart, at + 52)
    out.writeUInt32LE(frame.freshBytes, at + 56)
    out.writeUInt32LE(head.length + tail.length, at + 60)
    head.copy(out, at + REQUEST_BYTES)
    tail.copy(out, at + REQUEST_BYTES + head.length)
    if (inferred !== null) writeInferred(out, at + REQUEST_BYTES + head.length + tail.length, seq, inferred)
    this.#requests += 1
  }

  addFile(checkpoint: FileCheckpoint): void {
    const json = Buffer.from(JSON.stringify(checkpoint))
    const at = this.#reserve(FILE_BYTES + json.length)
    this.#bytes.writeUInt32LE(FILE, at)
    this.#bytes.writeUInt32LE(json.length, at + 4)
    json.copy(this.#bytes, at + FILE_BYTES)
  }

  /** Adds a record in place of `requests` deleted requests. */
  addDropped(requests: number): void {
    const at = this.#reserve(DROPPED_BYTES)
    this.#bytes.writeUInt32LE(DROPPED, at)
    this.#bytes.writeUInt32LE(requests, at + 4)
    this.#requests += requests
  }

  /** Adds identities of lines that were deleted for good. */
  addDeletedLines(hashes: Buffer): void {
    const at = this.#reserve(FILE_BYTES + hashes.length)
    this.#bytes.writeUInt32LE(DELETED_LINES, at)
    this.#bytes.writeUInt32LE(hashes.length, at + 4)
    hashes.copy(this.#bytes, at + FILE_BYTES)
  }

  /** Adds a record unchanged. */
  add(record: ArchiveRecord): void {
    switch (record.kind) {
      case 'file':
        this.addFile(record.checkpoint)
        break
      case 'dropped':
        this.addDropped(record.requests)
        break
      case 'deleted-lines':
        this.addDeletedLines(record.hashes)
        break
      case 'request':
        this.addRequest(record.seq, { ...record, head: record.stored, tail: record.stored.subarray(0, 0) })
    }
  }

  /** Returns a copy of the collected bytes and starts over. */
  take(): { readonly payload: Buffer; readonly requests: number } {
    const taken = { payload: Buffer.from(this.#bytes.subarray(0, this.#length)), requests: this.#requests }
    this.#length = 0
    this.#requests = 0
    return taken
  }

  #reserve(bytes: number): number {
    const at = this.#length
    if (at + bytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, at + bytes))
      this.#bytes.copy(larger, 0, 0, at)
      this.#bytes = larger
    }
    this.#length = at + bytes
    return at
  }
}

/**
 * Decodes the records of a block whose first request has the number `firstSeq`. Throws when the bytes are not records.
 */
export function readFrames(payload: Buffer, firstSeq: number): ArchiveRecord[] {
  const records: ArchiveRecord[] = []
  let seq = firstSeq
  let at = 0
  while (at < payload.length) {
    const kind = payload[at]
    if (kind === REQUEST) {
      const frame = readRequestFrame(payload, at, seq)
      records.push(frame)
      seq += 1
      at += REQUEST_BYTES + frame.stored.length + payload.readUInt16LE(at + 2)
    } else if (kind === FILE) {
      const bytes = payload.readUInt32LE(at + 4)
      const json = payload.toString('utf8', at + FILE_BYTES, at + FILE_BYTES + bytes)
      records.push({ kind: 'file', checkpoint: JSON.parse(json) as FileCheckpoint } satisfies FileRecord)
      at += FILE_BYTES + bytes
    } else if (kind === DELETED_LINES) {
      const start = at + FILE_BYTES
      at = start + payload.readUInt32LE(at + 4)
      if (at > payload.length) throw new RangeError('The record is longer than its block.')
      records.push({ kind: 'deleted-lines', hashes: payload.subarray(start, at) })
    } else if (kind === DROPPED) {
      const requests = payload.readUInt32LE(at + 4)
      records.push({ kind: 'dropped', requests })
      seq += requests
      at += DROPPED_BYTES
    } else throw new RangeError('Unknown kind of record.')
  }
  return records
}

function readRequestFrame(payload: Buffer, at: number, seq: number): RequestFrame {
  const flags = payload.readUInt8(at + 1)
  const storedBytes = payload.readUInt32LE(at + 60)
  const start = at + REQUEST_BYTES
  const inferredBytes = payload.readUInt16LE(at + 2)
  if (start + storedBytes + inferredBytes > payload.length) throw new RangeError('The record is longer than its block.')
  return {
    kind: 'request',
    seq,
    file: payload.readUInt32LE(at + 4),
    offset: payload.readDoubleLE(at + 8),
    length: payload.readUInt32LE(at + 16),
    hash: payload.toString('hex', at + 20, at + 20 + HASH_BYTES),
    time: payload.readDoubleLE(at + 32),
    timeInferred: (flags & TIME_INFERRED) !== 0,
    base: (flags & HAS_BASE) === 0 ? null : seq - payload.readUInt32LE(at + 40),
    kept: payload.readUInt32LE(at + 44),
    keptBytes: payload.readUInt32LE(at + 48),
    messagesStart: payload.readInt32LE(at + 52),
    freshBytes: payload.readUInt32LE(at + 56),
    stored: payload.subarray(start, start + storedBytes),
    inferred: inferredBytes < INFERRED_BYTES ? null : readInferred(payload, start + storedBytes, seq),
  }
}

function writeInferred(out: Buffer, at: number, seq: number, inferred: InferredSession): void {
  out.write(inferred.root, at, HASH_BYTES, 'hex')
  out[at + 12] = inferred.confidence
  out[at + 13] = 0
  out.writeUInt16LE(inferred.evidence, at + 14)
  out.writeUInt32LE(inferred.previous === null ? 0 : seq - inferred.previous, at + 16)
  out.writeUInt32LE(inferred.messages, at + 20)
}

function readInferred(payload: Buffer, at: number, seq: number): InferredSession {
  const back = payload.readUInt32LE(at + 16)
  return {
    root: payload.toString('hex', at, at + HASH_BYTES),
    previous: back === 0 ? null : seq - back,
    confidence: payload.readUInt8(at + 12),
    evidence: payload.readUInt16LE(at + 14),
    messages: payload.readUInt32LE(at + 20),
  }
}
