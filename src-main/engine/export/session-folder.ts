import { createHash } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRow } from '../../contract/index'
import { fromSystemError, fromWriteError } from '../base/errors'
import { systemCode } from '../../shared/system-errors'
import { lastSeq, sessionsAfter } from '../index/queries/locate'
import { sessionsById } from '../index/queries/sessions'
import { readRange } from '../disk/read-range'
import { replaceFileSync } from '../disk/replace-file'
import { sessionText, sessionTextFrame, type SessionFileSources } from './session-json'

/**
 * A folder with one JSON file a session, as the original skill kept it. A file is written anew only when its session has
 * a request more or costs otherwise, and never once a round: update() is called now and then.
 */
export class SessionFolder {
  readonly #sources: () => SessionFileSources
  readonly #folder: string
  readonly #wanted: (sessionId: string) => boolean
  #seq = 0
  /** The prices the costs in the files were made with; null while the history is priced anew. */
  #pricing: string | null = null

  /**
   * `sources`: of the store in use, which a deletion replaces. `wanted`: which sessions have a file. Makes the folder.
   * Throws an EngineError where it can't.
   */
  constructor(sources: () => SessionFileSources, folder: string, wanted: (sessionId: string) => boolean) {
    this.#sources = sources
    this.#folder = folder
    this.#wanted = wanted
    try {
      mkdirSync(folder, { recursive: true })
    } catch (error) {
      throw fromWriteError(error, folder)
    }
  }

  /** Brings the files up to date with the index; returns how many were written. */
  update(): number {
    const sources = this.#sources()
    const { index } = sources
    const [until, pricing] = [lastSeq(index), index.pricing]
    // Priced anew, any session may cost otherwise, those without a request more too.
    const after = pricing === this.#pricing ? this.#seq : 0
    if (until === after) return 0
    let written = 0
    for (const [id, row] of sessionsById(index, sessionsAfter(index, after))) {
      if (this.#wanted(row.sessionId) && this.#write(sources, id, row)) written += 1
    }
    this.#seq = until
    this.#pricing = pricing
    return written
  }

  #write(sources: SessionFileSources, id: number, row: SessionRow): boolean {
    const path = join(this.#folder, sessionFileName(row.sessionId, row.inferred))
    // It was written by an earlier run: all totals of the session stand around its rounds.
    if (isAround(path, sessionTextFrame(row))) return false
    try {
      replaceFileSync(path, encoded(sessionText(sources, id, row, { withMessages: true })))
    } catch (error) {
      throw fromWriteError(error, path)
    }
    return true
  }
}

/** Names that mean a device on Windows, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/

/**
 * A file name for a session: its id where that is harmless everywhere, else what is harmless of it and a hash of the
 * whole. Different ids have different names, also where a disk takes upper and lower case for the same.
 */
function sessionFileName(sessionId: string, inferred: boolean): string {
  if (
    !inferred &&
    /^[a-z0-9_][a-z0-9_.-]{0,99}$/.test(sessionId) &&
    !/\.$/.test(sessionId) &&
    !DEVICE.test(sessionId)
  ) {
    return `${sessionId}.json`
  }
  const readable = sessionId
    .slice(0, 60)
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+/, '')
  const hash = createHash('sha256')
    .update(`${inferred ? 'inferred' : 'logged'} ${sessionId}`)
    .digest('hex')
    .slice(0, 16)
  return `${readable === '' ? 'session' : readable}.${hash}.json`
}

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece)
}

/** Whether the file begins and ends so. */
function isAround(path: string, { head, tail }: { readonly head: string; readonly tail: string }): boolean {
  const [begin, end] = [Buffer.from(head), Buffer.from(tail)]
  try {
    const fd = openSync(path, 'r')
    try {
      const { size } = fstatSync(fd)
      return (
        size >= begin.length + end.length &&
        readRange(fd, 0, begin.length).equals(begin) &&
        readRange(fd, size - end.length, end.length).equals(end)
      )
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw fromSystemError(error, path)
  }
}
