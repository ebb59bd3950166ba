import { decodeRequest } from '../../archive/decode'
import type { ArchiveRecord, RequestFrame, RequestOrigin } from '../../archive/records'
import { readIndexFields, withQuestion, type IndexFields } from '../../parse/index-fields'
import { readTools, type ToolUse } from '../../parse/tools'
import type { FileCheckpoint } from '../../tail/file-state'

/** A request, as far as the index needs it. */
export interface IndexedRequest extends Omit<RequestOrigin, 'length'> {
  /** Its sequence number. */
  readonly seq: number
  /** How many messages it sends, including the kept ones; their bytes in the line, and the bytes of the kept ones. */
  readonly messages: number
  readonly messagesBytes: number
  readonly keptBytes: number
  readonly fields: IndexFields
  readonly tools: readonly ToolUse[]
}

/** A block of the archive, as far as the index needs it. */
export interface IndexedBlock {
  /** In order of their sequence numbers; fewer than the block has numbers for when some were deleted. */
  readonly requests: readonly IndexedRequest[]
  readonly checkpoints: readonly FileCheckpoint[]
  /** Identities of lines that stay deleted (DeletedLinesRecord). */
  readonly deletedLines?: readonly Buffer[]
}

/** Extracts from a block's records what the index stores. */
export function toIndexedBlock(records: readonly ArchiveRecord[]): IndexedBlock {
  const requests: IndexedRequest[] = []
  const checkpoints: FileCheckpoint[] = []
  const deletedLines: Buffer[] = []
  for (const record of records) {
    if (record.kind === 'file') checkpoints.push(record.checkpoint)
    else if (record.kind === 'deleted-lines') deletedLines.push(record.hashes)
    else if (record.kind === 'request') {
      const { outer, ai, messages } = decodeRequest(record)
      const { seq, file, offset, hash, time, timeInferred, base, kept, keptBytes, inferred } = record
      requests.push({
        seq,
        file,
        offset,
        hash,
        time,
        timeInferred,
        base,
        kept,
        keptBytes,
        inferred,
        messages: kept + (messages?.length ?? 0),
        messagesBytes: messagesBytes(record),
        fields: withQuestion(readIndexFields(outer, ai), messages ?? []),
        tools: readTools(ai, messages ?? []),
      })
    }
  }
  return { requests, checkpoints, deletedLines }
}

/** Bytes of a request's messages in its line, from `[` to `]`; 0 when they could not be delimited. */
function messagesBytes({ messagesStart, keptBytes, freshBytes }: RequestFrame): number {
  return messagesStart < 0 ? 0 : keptBytes + freshBytes
}
