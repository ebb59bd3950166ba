import type { LogFileStatus, SourcesStatus } from '../../contract/index'
import { addCounts, EMPTY_LEDGER, EMPTY_MARKS, type FileCheckpoint } from './file-state'
import { STREAM_DEVICE } from './stream'
import type { Follower } from './follower'

/** The sources page's answer: what is watched, and the ledger over all files ever read. */
export function sourcesStatus(follower: Follower): SourcesStatus {
  let ledger = EMPTY_LEDGER
  let marks = EMPTY_MARKS
  for (const file of follower.files) {
    ledger = addCounts(ledger, file.ledger)
    marks = addCounts(marks, file.marks)
  }
  return { sources: follower.status(), ledger, marks }
}

/** The chosen paths that can be followed again: not pipes, nor files that were taken over once. */
export function followedSources(checkpoints: readonly FileCheckpoint[]): readonly string[] {
  return [...new Set(checkpoints.filter((file) => file.dev !== STREAM_DEVICE).map((file) => file.source))]
}

/** The same of a store that another process may be writing to, as its archive tells: by what was read, not by what is there. */
export function storedSourcesStatus(checkpoints: readonly FileCheckpoint[]): SourcesStatus {
  let ledger = EMPTY_LEDGER
  let marks = EMPTY_MARKS
  const files = new Map<string, LogFileStatus[]>()
  for (const checkpoint of checkpoints) {
    ledger = addCounts(ledger, checkpoint.ledger)
    marks = addCounts(marks, checkpoint.marks)
    const { fileId, path, compressed, sizeBytes, offset: readBytes } = checkpoint
    const state = checkpoint.retired ? 'gone' : compressed ? 'complete' : 'following'
    const status = {
      fileId,
      path,
      state,
      compressed,
      sizeBytes,
      readBytes,
      error: null,
      ledger: checkpoint.ledger,
      marks: addCounts(EMPTY_MARKS, checkpoint.marks),
      wrappers: checkpoint.wrappers ?? {},
      unfinished: checkpoint.unfinishedFrom === undefined ? 0 : 1,
      oddLines: checkpoint.oddLines ?? [],
    } satisfies LogFileStatus
    const siblings = files.get(checkpoint.source)
    if (siblings === undefined) files.set(checkpoint.source, [status])
    else siblings.push(status)
  }
  const sources = [...files].map(([path, found]) => ({
    path,
    state: 'following' as const,
    sessionKey: null,
    error: null,
    files: found,
    passedOver: [],
  }))
  return { sources, ledger, marks }
}
