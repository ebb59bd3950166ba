import type { EngineClient } from '../engine/thread/client'
import type { Handlers } from './handler'
import { appHandlers, type AppAccess } from './handlers/app'
import { budgetHandlers } from './handlers/budgets'
import { engineHandlers } from './handlers/engine'
import { exportHandlers } from './handlers/export'
import { historyHandlers } from './handlers/history'
import { priceFileHandlers } from './handlers/prices'
import { settingsHandlers, type SettingsAccess } from './handlers/settings'
import { sourcesHandlers } from './handlers/sources'
import { updatesHandlers } from './handlers/updates'
import type { Budgets, Exports, PriceFiles, Retention, Updates, WatchedSources } from './ports'

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
    ...engineHandlers(engine),
    ...sourcesHandlers(engine, sources),
    ...historyHandlers(retention),
    ...budgetHandlers(budgets),
    ...exportHandlers(exports),
    ...priceFileHandlers(priceFiles),
    ...settingsHandlers(settings),
    ...updatesHandlers(updates),
    ...appHandlers(app),
  }
}
