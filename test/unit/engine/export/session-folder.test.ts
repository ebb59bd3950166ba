import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Engine } from '../../../../src-main/engine/engine'
import { SessionFolder } from '../../../../src-main/engine/export/session-folder'
import { engineOver, temporaryFolder } from '../../../fixtures/open-engine'
import { logLine } from '../../../fixtures/log-line'

const LINES = ['gpt-4o', 'a model of mine'].map((model) =>
  logLine({ session_id: `of ${model}`, model, input_token: 1_000_000, output_token: 0 }),
)

const folderOf = (engine: Engine, folder: string): SessionFolder => {
  const sources = () => ({
    index: engine.store.index,
    prices: engine.store.prices,
    conversations: engine.conversations,
  })
  return new SessionFolder(sources, folder, () => true)
}

const price = { output: 1, cacheRead: null, cacheWrite: null, cacheWriteHour: null, reasoning: null, from: null }

it('a session that costs otherwise is written anew, in this run and in the next, and no other', async () => {
  const engine = await engineOver(LINES)
  const folder = temporaryFolder()
  const written = folderOf(engine, folder)
  expect(written.update()).toBe(2)
  expect(written.update()).toBe(0)
  const mine = readdirSync(folder).find((name) => name.includes('mine')) ?? ''
  const read = () => JSON.parse(readFileSync(join(folder, mine), 'utf8')) as unknown
  expect(read()).toMatchObject({ cost_usd: null, rounds: [{ cost_usd: null }] })

  engine.setPrice({ model: 'a model of mine', input: 3, ...price })
  await engine.repriced()
  expect(written.update()).toBe(1)
  expect(read()).toMatchObject({ cost_usd: 3, rounds: [{ cost_usd: 3 }] })
  expect(written.update()).toBe(0)

  // The prices changed while nobody wrote the folder.
  engine.setPrice({ model: 'a model of mine', input: 4, ...price })
  await engine.repriced()
  expect(folderOf(engine, folder).update()).toBe(1)
  expect(read()).toMatchObject({ cost_usd: 4, rounds: [{ cost_usd: 4 }] })
})

it('a deletion meanwhile is no reason to end: what is left is written on', async () => {
  const engine = await engineOver(LINES)
  const folder = temporaryFolder()
  const written = folderOf(engine, folder)
  written.update()
  await engine.delete({ olderThan: Date.now() })
  expect(written.update()).toBe(0)
})
