import type { SourcesStatus } from '../contract/index'
import { addCounts, EMPTY_LEDGER, EMPTY_MARKS } from './tail/file-state'
import type { Follower } from './tail/follower'

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
