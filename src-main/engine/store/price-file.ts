import { readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '../../contract/index'
import { EngineError, fromSystemError, fromWriteError } from '../base/errors'
import { replaceFileSync } from '../disk/replace-file'
import { readUserPrices, writeUserPrices, type StoredUserPrice } from '../pricing/user-prices'
import { PRICES } from '../disk/store-names'

/** A larger file cannot be a price file. */
const MOST_BYTES = 16 * 1024 * 1024

/** The user's own prices in the data folder. No other file holds them, so they cannot be rebuilt. */
export class PriceFile {
  readonly path: string
  /** What was wrong with the file when it was read. */
  notice: Notice | null = null
  #version: string

  constructor(dataFolder: string) {
    this.path = join(dataFolder, PRICES)
    this.#version = versionOf(this.path)
  }

  /**
   * The prices; none when there is no usable file. A damaged file is reported in `notice`, and renamed if `keepAside`.
   */
  read({ keepAside }: { readonly keepAside: boolean }): readonly StoredUserPrice[] {
    this.#version = versionOf(this.path)
    if (this.#version === '') return []
    const prices = readPriceFile(this.path)
    if (prices !== null) return prices
    const kept = `${this.path}.corrupt-${String(Date.now())}`
    if (keepAside) renameSync(this.path, kept)
    this.notice = {
      level: 'warning',
      code: 'corrupt',
      message: 'The file of your own prices was damaged; published prices are used.',
      where: keepAside ? kept : this.path,
      hint: 'Set them anew, or mend the file and import it.',
    }
    return []
  }

  /** The prices if another process has changed them; null otherwise. */
  readAgain(): readonly StoredUserPrice[] | null {
    if (versionOf(this.path) === this.#version) return null
    return this.read({ keepAside: false })
  }

  /** Throws an EngineError. */
  write(prices: readonly StoredUserPrice[]): void {
    writePriceFile(this.path, prices)
    this.#version = versionOf(this.path)
  }
}

/** Reads a price file; null when it is not one. Throws when it cannot be read. */
function readPriceFile(path: string): readonly StoredUserPrice[] | null {
  if (statSync(path).size > MOST_BYTES) return null
  return readUserPrices(readFileSync(path, 'utf8'), today())
}

/** The prices in a file that the user chose. Throws an EngineError when it cannot be read or is not a price file. */
export function importPriceFile(path: string): readonly StoredUserPrice[] {
  let prices: readonly StoredUserPrice[] | null
  try {
    prices = readPriceFile(path)
  } catch (error) {
    throw fromSystemError(error, path)
  }
  if (prices !== null) return prices
  throw new EngineError('unreadable', 'This is not a price file, or it contains an invalid price.', {
    where: path,
    hint: 'Export your prices to see what such a file looks like. Prices are USD per million tokens, 0 to 100,000.',
  })
}

/** Writes a price file atomically. Throws an EngineError. */
export function writePriceFile(path: string, prices: readonly StoredUserPrice[]): void {
  try {
    replaceFileSync(path, [Buffer.from(writeUserPrices(prices))])
  } catch (error) {
    throw fromWriteError(error, path)
  }
}

/** Today's date by this computer's clock and zone, YYYY-MM-DD. */
export function today(): string {
  const now = new Date()
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}

/** Differs after every write of the file; empty when there is none. */
function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${String(stat.ino)} ${String(stat.size)} ${String(stat.mtimeMs)}`
}
