import type { Exports } from '../app/exports'
import type { Budgets } from '../app/budgets'
import type { PriceFiles } from '../app/price-files'
import type { Retention } from '../app/retention'
import type { Updates } from '../app/updates'
import type { WatchedSources } from '../app/watched-sources'
import type { EngineClient } from '../engine/client'
import { appHandlers } from './app'
import type { AppAccess } from './app'
import { conversationHandlers } from './conversation'
import { exportHandlers } from './export'
import { historyHandlers } from './history'
import { budgetHandlers, insightHandlers } from './insights'
import type { Handlers } from './handle'
import { overviewHandlers } from './overview'
import { pricesHandlers } from './prices'
import { searchHandlers } from './search'
import { sessionsHandlers } from './sessions'
import { settingsHandlers } from './settings'
import type { SettingsAccess } from './settings'
import { sourcesHandlers } from './sources'
import { updatesHandlers } from './updates'

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
