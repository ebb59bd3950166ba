import { decodeRequest } from '../archive/decode'
import type { ArchiveRecord, RequestOrigin } from '../archive/records'
import { readIndexFields, type IndexFields } from '../parse/index-fields'
import type { FileCheckpoint } from '../tail/file-state'

/** A request as the index takes it in. */
export type IndexedRequest = Omit<RequestOrigin, 'length' | 'kept'> & { readonly fields: IndexFields }

/** A block of the archive as the index takes it in. */
export interface IndexedBlock {
  /** In the order of their sequence numbers. */
  readonly requests: readonly IndexedRequest[]
  readonly checkpoints: readonly FileCheckpoint[]
}

/** Reads from a block's records what the index keeps of them. */
export function toIndexedBlock(records: readonly ArchiveRecord[]): IndexedBlock {
  const requests: IndexedRequest[] = []
  const checkpoints: FileCheckpoint[] = []
  for (const record of records) {
    if (record.kind === 'file') checkpoints.push(record.checkpoint)
    else {
      const { outer, ai } = decodeRequest(record)
      const { file, offset, hash, time, timeInferred, base } = record
      requests.push({ file, offset, hash, time, timeInferred, base, fields: readIndexFields(outer, ai) })
    }
  }
  return { requests, checkpoints }
}
