import { describe, test } from 'vitest'
import { buildChildFirst } from '../fixtures/engine/run-child'
import { crash, PHASES } from './crash-plan'

/** Seeds a phase: 20 in all in every test run, 120 in `npm run test:crash` (npm tells a script its own name). */
const SEEDS = process.env.npm_lifecycle_event === 'test:crash' ? 30 : 5

buildChildFirst()

describe.each(PHASES)('killed during %s', (phase) => {
  test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('seed %i', async (seed) => {
    await crash(phase, seed)
  })
})
