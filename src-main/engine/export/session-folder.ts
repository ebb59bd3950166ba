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
 * A folder with one JSON file per session, like that of the original skill. update() rewrites a file only when its
 * session has a new request or another cost, not once per round.
 */
export class SessionFolder {
  readonly #sources: () => SessionFileSources
  readonly #folder: string
  readonly #wanted: (sessionId: string) => boolean
  #seq = 0
  /** Fingerprint of the prices behind the costs in the files; null while the history is being repriced. */
  #pricing: string | null = null

  /**
   * `sources` returns those of the current store, which a deletion replaces. `wanted` selects the sessions that get a
   * file. Creates the folder. Throws an EngineError when that fails.
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

  /** Updates the files and returns how many were written. */
  update(): number {
    const sources = this.#sources()
    const { index } = sources
    const [until, pricing] = [lastSeq(index), index.pricing]
    // After repricing, sessions without a new request may have another cost too.
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
    // An earlier run wrote it: all totals of the session surround its rounds.
    if (isAround(path, sessionTextFrame(row))) return false
    try {
      replaceFileSync(path, encoded(sessionText(sources, id, row, { withMessages: true })))
    } catch (error) {
      throw fromWriteError(error, path)
    }
    return true
  }
}

/** Names of devices on Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/

/**
 * The file name of a session: its id if that is harmless on all systems, otherwise the harmless part and a hash of the
 * whole. Different ids get different names, even on disks that ignore case.
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

/** Whether the file begins with `head` and ends with `tail`. */
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
