import type { PriceFiles } from '../../desktop/services/price-files'
import type { EngineClient } from '../../engine/thread/client'
import { nothing, oneModel, onePrice } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

type PricesChannel = 'prices:list' | 'prices:set' | 'prices:reset' | 'prices:import' | 'prices:export'

/** What only reads: in a browser, too. */
export function priceListHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'prices:list'> {
  return { 'prices:list': { args: nothing, run: () => engine.call('prices') } }
}

export function pricesHandlers(engine: Pick<EngineClient, 'call'>, files: PriceFiles): Handlers<PricesChannel> {
  return {
    ...priceListHandlers(engine),
    'prices:set': { args: onePrice, run: (price) => engine.call('setPrice', price) },
    'prices:reset': { args: oneModel, run: (model) => engine.call('resetPrice', model) },
    'prices:import': { args: nothing, run: () => files.import(), waitsForUser: true },
    'prices:export': { args: nothing, run: () => files.export(), waitsForUser: true },
  }
}
