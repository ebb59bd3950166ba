import { nothing } from '../schemas/arguments'
import type { Handlers } from '../handler'
import type { PriceFiles } from '../ports'

export function priceFileHandlers(files: PriceFiles): Handlers<'prices:import' | 'prices:export'> {
  return {
    'prices:import': { args: nothing, run: () => files.import(), waitsForUser: true },
    'prices:export': { args: nothing, run: () => files.export(), waitsForUser: true },
  }
}
