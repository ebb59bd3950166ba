import type { EngineOptions } from '../engine/methods'
import { resolve } from 'node:path'
import { Store } from '../engine/store'

/** What every command knows. */
export interface CommonOptions {
  readonly dataDir: string
  readonly json?: boolean
}

export function engineOptions(options: CommonOptions): EngineOptions {
  return { dataFolder: resolve(options.dataDir), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
}

/** Opens the store for reading, also while the app writes it; notices go to stderr. */
export async function readStore<T>(options: CommonOptions, read: (store: Store) => T): Promise<T> {
  const store = await Store.open({ mode: 'read', ...engineOptions(options) })
  try {
    for (const notice of store.notices) process.stderr.write(`${notice.message} (${notice.where ?? ''})\n`)
    return read(store)
  } finally {
    store.close()
  }
}
