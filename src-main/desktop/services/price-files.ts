import { join } from 'node:path'
import type { Result } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { Dialogs } from '../native/dialogs'
import { ok } from '../../shared/result'

/** The user's own prices from and to a file the user names; null when the user cancelled. */
export interface PriceFiles {
  /** Resolves to how many prices the file held. */
  import(): Promise<Result<number | null>>
  /** Resolves to the file written. */
  export(): Promise<Result<string | null>>
}

export interface PriceFilesOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly dialogs: Pick<Dialogs, 'choosePriceFile' | 'choosePriceTarget'>
  /** Where the dialogs start. */
  readonly folder: () => string
}

export function createPriceFiles({ engine, dialogs, folder }: PriceFilesOptions): PriceFiles {
  return {
    async import() {
      const path = await dialogs.choosePriceFile(folder())
      return path === null ? ok(null) : engine.call('importPrices', path)
    },
    async export() {
      const path = await dialogs.choosePriceTarget(join(folder(), 'model-prices.json'))
      if (path === null) return ok(null)
      const written = await engine.call('exportPrices', path)
      return written.ok ? ok(path) : written
    },
  }
}
