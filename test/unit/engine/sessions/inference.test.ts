import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Engine } from '../../../../src-main/engine/engine'
import { logLine, type LineFields } from '../../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../../fixtures/open-engine'
import { pairwise, unnamedLog } from '../../../fixtures/unnamed-log.mjs'

/** Request id → session, as the engine put them. */
function grouping(engine: Engine): Map<string, string> {
  const found = new Map<string, string>()
  const { rows } = engine.sessions({ sortBy: 'firstTime', descending: false, offset: 0, limit: 0 })
  for (const { sessionId, rounds } of rows) {
    for (const round of engine.sessionRounds({ sessionId, from: 1, limit: Math.max(1, rounds) }).rounds)
      found.set(round.requestId ?? '', sessionId)
  }
  return found
}

describe('requests without session ids', () => {
  it('are put together again: precision ≥ 0.999, recall ≥ 0.98', { timeout: 60_000 }, async () => {
    const figures = pairwise(grouping(await engineOver(unnamedLog())))
    console.log(figures)
    expect(figures.precision).toBeGreaterThanOrEqual(0.999)
    expect(figures.recall).toBeGreaterThanOrEqual(0.98)
  })
})
