import type { RepricingProgress } from '../contract/index'
import { Histories } from './archive/history'
import { fromSystemError } from './base/errors'
import { Exports } from './export/exports'
import { Ingest } from './reading/ingest'
import { Prices } from './jobs/prices'
import { BackgroundFilters } from './search/background-filters'
import { Searches } from './search/searches'
import { Comparisons } from './sessions/compare/comparisons'
import { Conversations } from './sessions/conversations'
import type { Store } from './store/store'
import type { LogFile } from './tail/log-file'

/** What works on the store in hand; made anew when another one takes its place. */
export interface StoreParts {
  readonly store: Store
  readonly conversations: Conversations
  readonly searches: Searches
  readonly filters: BackgroundFilters
  readonly exports: Exports
  readonly comparisons: Comparisons
  readonly ingest: Ingest
  readonly prices: Prices
}

/** What the parts ask of the engine, and tell it. */
export interface StorePartsHost {
  readonly files: () => Iterable<LogFile>
  readonly pathOf: (fileId: number) => string
  /** Whether logs are being read. */
  readonly isReading: () => boolean
  /** Costs have changed. */
  readonly changed: () => void
  readonly repricing: (progress: RepricingProgress) => void
  readonly failed: (error: unknown) => void
}

export function storeParts(store: Store, host: StorePartsHost): StoreParts {
  const conversations = new Conversations(store.archive, store.index)
  const searches = new Searches(store)
  const filters = new BackgroundFilters(store, {
    isBusy: () => host.isReading() || searches.isBusy,
    failed: (error) => {
      host.failed(fromSystemError(error, 'archive'))
    },
  })
  filters.soon()
  return {
    store,
    conversations,
    searches,
    filters,
    exports: new Exports(() => ({ index: store.index, conversations, prices: store.prices })),
    comparisons: new Comparisons({
      index: store.index,
      conversations,
      prices: () => store.prices,
      pathOf: host.pathOf,
    }),
    ingest: new Ingest({
      archive: store.archive,
      index: store.index,
      histories: new Histories(),
      conversations,
      files: host.files,
    }),
    prices: new Prices({ store, changed: host.changed, progress: host.repricing, failed: host.failed }),
  }
}

/** Ends what goes on in the background, and what others have begun. */
export function endStoreParts({ searches, filters, exports, prices }: StoreParts): void {
  searches.cancelAll()
  void filters.close()
  exports.close()
  void prices.close()
}
