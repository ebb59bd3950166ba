import { resolve } from 'node:path'
import type { AppError, Notice } from '../../contract/index'
import { unfinishedDeletion } from '../../engine/deletion/pending-deletion'
import type { EngineOptions } from '../../engine/interface/methods'
import { openStore } from '../../engine/store/open-store'
import type { Store } from '../../engine/store/store'
import { timeZoneOf } from './data-folder'
import { tellOpening } from './opening'
import { remark } from '../terminal/output'

/** What every command knows. */
export interface CommonOptions {
  readonly dataDir: string
  readonly json?: boolean
}

export function engineOptions(options: Pick<CommonOptions, 'dataDir'>): EngineOptions {
  return { dataFolder: resolve(options.dataDir), timeZone: timeZoneOf(options.dataDir) }
}

/** Opens the store for reading, also while the app writes it; notices go to stderr. */
export async function readStore<T>(
  options: Pick<CommonOptions, 'dataDir'>,
  read: (store: Store) => T | Promise<T>,
): Promise<T> {
  const store = await openStore({ ...engineOptions(options), mode: 'read', onOpening: tellOpening(false) })
  try {
    store.notices.forEach(remarkNotice)
    unfinishedDeletion(store).forEach(remarkNotice)
    return await read(store)
  } finally {
    store.close()
  }
}

export function remarkNotice(notice: Notice | AppError): void {
  remark([notice.message, notice.where === undefined ? '' : `(${notice.where})`, notice.hint ?? ''].join(' ').trim())
}
