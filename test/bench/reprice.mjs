/**
 * How long it takes to price a history of a million rounds anew, and how long a query waits meanwhile:
 *
 *   node test/bench/reprice.mjs [FOLDER]
 *
 * FOLDER: a data folder as million.mjs makes it; without it, one is made and deleted. Needs a build (npm run build).
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeStore } from './million.mjs'

const MOST_SECONDS = 5
const MODELS = 3

/** @param {{ clock: number, processor: number }} seconds */
const words = ({ clock, processor }) => `${clock.toFixed(2)} s, ${processor.toFixed(2)} s of a processor`

const folder = mkdtempSync(join(tmpdir(), 'asm-bench-'))
const data = join(folder, 'store')
try {
  const [made] = process.argv.slice(2)
  if (made === undefined) await makeStore(data)
  else if (existsSync(made)) cpSync(made, data, { recursive: true })
  const { Engine } = await import('../../out/main/engine.js')
  const engine = await Engine.open({ dataFolder: data, timeZone: 'UTC' })
  await engine.repriced()
  const models = engine.prices().models
  const rounds = models.reduce((sum, model) => sum + model.rounds, 0)
  console.log(`${rounds.toLocaleString('en')} rounds of ${String(models.length)} models`)
  // Warm: the sums of usage are in memory, as where a page is open.
  engine.overview({ recentLimit: 20 })

  let longest = 0
  let queries = 0
  /** Seconds by the clock, and of a processor: on a machine with other work, the latter tell more. @param {() => void} change */
  const measure = async (change) => {
    const started = performance.now()
    const before = process.cpuUsage()
    change()
    let asked = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - asked)
      engine.sessions({ sortBy: 'lastTime', descending: true, offset: 0, limit: 50 })
      queries += 1
      asked = performance.now() + 100
    }, 100)
    await engine.repriced()
    clearInterval(timer)
    const { user, system } = process.cpuUsage(before)
    return { clock: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
  }
  const price = { output: 1.5, cacheRead: 0.1, cacheWrite: null, cacheWriteHour: null, reasoning: null, from: null }
  const busiest = models.filter(({ model }) => model !== null).slice(0, MODELS)
  const one = await measure(() => engine.setPrice({ ...price, model: busiest[0]?.model ?? '', input: 0.5 }))
  console.log(`one model, ${(busiest[0]?.rounds ?? 0).toLocaleString('en')} rounds: ${words(one)}`)
  const all = await measure(() => {
    for (const { model } of models) if (model !== null) engine.setPrice({ ...price, model, input: 0.7 })
  })
  console.log(`all of them: ${words(all)}`)
  console.log(`longest wait for a query meanwhile: ${Math.max(0, longest).toFixed(0)} ms (${String(queries)} asked)`)
  await engine.close()
  if ((all.processor / rounds) * 1e6 > MOST_SECONDS) {
    console.error(`More than ${String(MOST_SECONDS)} s of a processor per million rounds.`)
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
