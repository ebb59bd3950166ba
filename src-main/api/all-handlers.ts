import type { Exports } from '../desktop/services/exports'
import type { Budgets } from '../desktop/services/budgets'
import type { PriceFiles } from '../desktop/services/price-files'
import type { Retention } from '../desktop/services/retention'
import type { Updates } from '../desktop/updates/updates'
import type { WatchedSources } from '../desktop/services/watched-sources'
import type { EngineClient } from '../engine/thread/client'
import { appHandlers } from './handlers/app'
import type { AppAccess } from './handlers/app'
import { conversationHandlers } from './handlers/conversation'
import { exportHandlers } from './handlers/export'
import { historyHandlers } from './handlers/history'
import { budgetHandlers, insightHandlers } from './handlers/insights'
import type { Handlers } from '../desktop/ipc/handle'
import { overviewHandlers } from './handlers/overview'
import { pricesHandlers } from './handlers/prices'
import { searchHandlers } from './handlers/search'
import { sessionsHandlers } from './handlers/sessions'
import { settingsHandlers } from './handlers/settings'
import type { SettingsAccess } from './handlers/settings'
import { sourcesHandlers } from './handlers/sources'
import { updatesHandlers } from './handlers/updates'

export interface HandlerServices {
  readonly engine: Pick<EngineClient, 'call'>
  readonly sources: WatchedSources
  readonly exports: Exports
  readonly budgets: Budgets
  readonly priceFiles: PriceFiles
  readonly retention: Retention
  readonly settings: SettingsAccess
  readonly updates: Updates
  readonly app: AppAccess
}

/** Every channel of the contract: one that is missing here is a type error. */
export function allHandlers({
  engine,
  sources,
  exports,
  priceFiles,
  retention,
  budgets,
  settings,
  updates,
  app,
}: HandlerServices): Handlers {
  return {
    ...overviewHandlers(engine),
    ...sessionsHandlers(engine),
    ...conversationHandlers(engine),
    ...searchHandlers(engine),
    ...sourcesHandlers(engine, sources),
    ...historyHandlers(engine, retention),
    ...insightHandlers(engine),
    ...budgetHandlers(budgets),
    ...exportHandlers(exports),
    ...pricesHandlers(engine, priceFiles),
    ...settingsHandlers(settings),
    ...updatesHandlers(updates),
    ...appHandlers(app),
  }
}
