import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRow } from '../../contract/index'
import { fromSystemError, fromWriteError, systemCode } from '../errors'
import { lastSeq, sessionsAfter } from '../index/queries/locate'
import { sessionsById } from '../index/queries/sessions'
import { writeWhole } from '../index/snapshot'
import { sessionText, type SessionFileSources } from './session-json'

/**
 * A folder with one JSON file a session, as the original skill kept it. A file is written anew only when its session has
 * a request more, and never once a round: update() is called now and then.
 */
export class SessionFolder {
  readonly #sources: SessionFileSources
  readonly #folder: string
  readonly #wanted: (sessionId: string) => boolean
  #seq = 0

  /** `wanted`: which sessions have a file. Makes the folder. Throws an EngineError where it can't. */
  constructor(sources: SessionFileSources, folder: string, wanted: (sessionId: string) => boolean) {
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
    const { index } = this.#sources
    const until = lastSeq(index)
    if (until === this.#seq) return 0
    let written = 0
    for (const [id, row] of sessionsById(index, sessionsAfter(index, this.#seq))) {
      if (this.#wanted(row.sessionId) && this.#write(id, row)) written += 1
    }
    this.#seq = until
    return written
  }

  #write(id: number, row: SessionRow): boolean {
    const path = join(this.#folder, sessionFileName(row.sessionId, row.inferred))
    const pieces = sessionText(this.#sources, id, row, { withMessages: true })
    const { value: head = '' } = pieces.next() as { value?: string }
    // It was written by an earlier run: all totals of the session stand before its rounds.
    if (startsWith(path, head)) return false
    try {
      writeWhole(path, encoded(head, pieces))
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
export function sessionFileName(sessionId: string, inferred: boolean): string {
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

function* encoded(head: string, pieces: Iterable<string>): Generator<Uint8Array> {
  yield Buffer.from(head)
  for (const piece of pieces) yield Buffer.from(piece)
}

function startsWith(path: string, text: string): boolean {
  const wanted = Buffer.from(text)
  const found = Buffer.alloc(wanted.length)
  try {
    const fd = openSync(path, 'r')
    try {
      return readSync(fd, found, 0, found.length, 0) === found.length && found.equals(wanted)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw fromSystemError(error, path)
  }
}
