import { closeSync, openSync, readSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { systemCode } from '../../shared/system-errors'
import type { FoundFile } from './found-file'

/** Bytes looked through at a time for the gateway's field, and of all files together in one scan. */
const LOOK_BYTES = 4 * 1024 * 1024
const SCAN_BYTES = 256 * 1024 * 1024
/** After so many bytes without it, only what was written last is looked at. */
const THOROUGH_BYTES = 64 * 1024 * 1024
/** Bytes of a gzip file unpacked to be looked through. */
const PACKED_BYTES = 128 * 1024

const FIELDS = [Buffer.from('ai_log'), Buffer.from('ai_log', 'utf16le'), Buffer.from('ai_log', 'utf16le').subarray(1)]
const FIELD_BYTES = 12

/** What looking through a file has found so far. */
export type Sniffed =
  | 'gateway-log'
  /** Not in what was looked through. It is looked on when there is more. */
  | 'not-yet'
  /** A packed file whose content can't be looked at beforehand. */
  | 'unknown'

interface State {
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly searchedTo: number
  readonly result: Sniffed
}

/**
 * Whether files hold lines of a gateway, found by looking for the name of its field, which stands the same in every
 * wrapper. A log may begin with a long start-up: a file is looked on where the last look ended, so "no" is never final.
 */
export class Sniffer {
  readonly #states = new Map<string, State>()
  #budget = SCAN_BYTES

  /** A scan begins. */
  start(): void {
    this.#budget = SCAN_BYTES
  }

  /** Throws system errors. */
  sniff(file: FoundFile): Sniffed {
    const key = `${file.dev}:${file.ino}`
    const before = this.#states.get(key)
    if (before?.result === 'gateway-log') return before.result
    const isSame = before?.sizeBytes === file.sizeBytes && before.mtimeNs === file.mtimeNs
    if (before !== undefined && isSame && (file.compressed || before.searchedTo >= file.sizeBytes)) return before.result
    const { result, searchedTo } = file.compressed ? sniffPacked(file) : this.#sniffPlain(file, before)
    this.#states.set(key, { sizeBytes: file.sizeBytes, mtimeNs: file.mtimeNs, searchedTo, result })
    return result
  }

  /** Looks through what of the file was not looked through before. */
  #sniffPlain(file: FoundFile, before: State | undefined): Look {
    const searched = before === undefined || before.searchedTo > file.sizeBytes ? 0 : before.searchedTo
    const from = searched > THOROUGH_BYTES ? Math.max(searched, file.sizeBytes - LOOK_BYTES) : searched
    const to = Math.min(file.sizeBytes, Math.max(THOROUGH_BYTES, from + LOOK_BYTES))
    const fd = openSync(file.path, 'r')
    try {
      let at = Math.max(0, from - FIELD_BYTES)
      while (at < to && this.#budget > 0) {
        const buffer = Buffer.allocUnsafe(Math.min(LOOK_BYTES, to - at))
        const length = readSync(fd, buffer, 0, buffer.length, at)
        if (FIELDS.some((field) => buffer.subarray(0, length).includes(field)))
          return { result: 'gateway-log', searchedTo: at + length }
        this.#budget -= length
        // The field may stand across two looks.
        at += length <= FIELD_BYTES || at + length >= to ? length : length - FIELD_BYTES
        if (length === 0) break
      }
      return { result: 'not-yet', searchedTo: at }
    } finally {
      closeSync(fd)
    }
  }
}

type Look = Pick<State, 'result' | 'searchedTo'>

function sniffPacked(file: FoundFile): Look {
  const whole = { searchedTo: file.sizeBytes }
  if (file.packing !== 'gzip') return { result: 'unknown', ...whole }
  const fd = openSync(file.path, 'r')
  try {
    const head = Buffer.allocUnsafe(PACKED_BYTES)
    const length = readSync(fd, head, 0, head.length, 0)
    const text = gunzipSync(head.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH })
    const isHit = FIELDS.some((field) => text.includes(field))
    return { result: isHit ? 'gateway-log' : length < PACKED_BYTES ? 'not-yet' : 'unknown', ...whole }
  } catch (error) {
    // A damaged file may be anything's: it is taken, so that the damage is shown.
    if (systemCode(error)?.startsWith('Z_') === true) return { result: 'gateway-log', ...whole }
    throw error
  } finally {
    closeSync(fd)
  }
}
