/**
 * node test/bench/search.mjs [--megabytes 200]: how soon a search finds something in text of which nothing is said twice.
 *
 *   frequent    a word of every round
 *   rare        a word of one round, among the oldest tenth
 *   Chinese     two characters of one round, among the oldest tenth
 *   id          the request id of one round, among the oldest tenth
 *   nowhere     a word of no round
 *
 * Each is measured without filters (as in a store that another process writes and has not made them in yet) and with
 * them, as a median of five, beside a baseline of the same run: reading and inflating every block, and one indexOf.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { inflateRawSync } from 'node:zlib'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { writeUniqueLog } from './generate-log.mjs'

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '200' } } })
const RUNS = 5
const GOAL_MS = 300

const folder = mkdtempSync(join(tmpdir(), 'asm-bench-'))
const store = join(folder, 'store')
const archive = join(store, 'archive')

/** @param {readonly number[]} figures */
const median = (figures) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN

/** @param {string} suffix */
const bytesOf = (suffix) =>
  readdirSync(archive)
    .filter((name) => name.endsWith(suffix))
    .reduce((sum, name) => sum + statSync(join(archive, name)).size, 0)

/** Reads every block of the archive (src-main/engine/archive/block.ts) and looks in it once. @param {string} text */
function baseline(text) {
  const started = performance.now()
  let rawBytes = 0
  for (const name of readdirSync(archive).filter((one) => one.endsWith('.segment'))) {
    const bytes = readFileSync(join(archive, name))
    for (let at = 16; at < bytes.length; at += 32 + bytes.readUInt32LE(at + 12)) {
      const payload = bytes.subarray(at + 32, at + 32 + bytes.readUInt32LE(at + 12))
      const raw = bytes.readUInt32LE(at + 4) === 1 ? inflateRawSync(payload) : payload
      raw.indexOf(text)
      rawBytes += raw.length
    }
  }
  return { ms: performance.now() - started, rawBytes }
}

/** @param {import('../../src-main/engine/engine').Engine} engine @param {string} text */
async function search(engine, text) {
  const started = performance.now()
  const id = engine.searchStart({ text, order: 'newest', limit: 200 })
  let first = NaN
  let hits = 0
  for (;;) {
    const page = await engine.searchNext(id)
    hits += page.hits.length
    if (hits > 0 && Number.isNaN(first)) first = performance.now() - started
    // As between two messages of a page.
    await new Promise((resolve) => setImmediate(resolve))
    if (page.done) return { first, end: performance.now() - started, hits }
  }
}

/** @param {string} how @param {import('../../src-main/engine/engine').Engine} engine @param {Record<string, string>} words */
async function measure(how, engine, words) {
  const base = median(Array.from({ length: 3 }, () => baseline(words.nowhere ?? '').ms))
  console.log(`\n${how}; reading everything once: ${base.toFixed(0)} ms`)
  // What the machine makes anybody wait who does nothing: to compare with.
  const idle = monitorEventLoopDelay({ resolution: 1 })
  idle.enable()
  await pause(1000)
  idle.disable()
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  for (const [name, text] of Object.entries(words)) {
    const runs = []
    for (let run = 0; run < RUNS; run += 1) runs.push(await search(engine, text))
    const first = median(runs.map((run) => run.first))
    const end = median(runs.map((run) => run.end))
    const told = Number.isNaN(first) ? 'none' : `${first.toFixed(0)} ms (${(first / base).toFixed(2)} ×)`
    console.log(
      `  ${name.padEnd(9)} first ${told.padStart(17)}   end ${`${end.toFixed(0)} ms`.padStart(8)}` +
        ` (${(end / base).toFixed(2)} ×)   ${runs[0]?.hits} hits   ${first > GOAL_MS ? `over ${GOAL_MS} ms` : ''}`,
    )
  }
  delays.disable()
  const [longest, usual] = [delays.max / 1e6, delays.percentile(99) / 1e6]
  console.log(
    `  wait of another query: p99 ${usual.toFixed(0)} ms, longest ${longest.toFixed(0)} ms (≤ 50 ms); ` +
      `of one without a search: longest ${(idle.max / 1e6).toFixed(0)} ms`,
  )
}

try {
  await ensureBuilt(['main'])
  const { Engine } = await import('../../out/main/engine.js')
  const log = join(folder, 'access.log')
  const words = writeUniqueLog(log, { megabytes: Number(values.megabytes) })
  const ingesting = await Engine.open({ dataFolder: store, timeZone: 'UTC' })
  const started = performance.now()
  await ingesting.readOnce([log])
  console.log(
    `read ${(statSync(log).size / 1e6).toFixed(0)} MB in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
  await ingesting.close()

  const reading = await Engine.open({ dataFolder: store, timeZone: 'UTC', mode: 'read' })
  console.log(
    `${(baseline('').rawBytes / 1e6).toFixed(0)} MB of text, archive ${(bytesOf('.segment') / 1e6).toFixed(0)} MB`,
  )
  await measure('without filters', reading, words)
  await reading.close()

  const engine = await Engine.open({ dataFolder: store, timeZone: 'UTC' })
  const opened = performance.now()
  let made = opened
  for (let bytes = -1; performance.now() - made < 2000;) {
    await pause(50)
    const now = bytesOf('.filter')
    if (now !== bytes) made = performance.now()
    bytes = now
  }
  console.log(
    `\nfilters: ${(bytesOf('.filter') / 1e6).toFixed(1)} MB, ${((100 * bytesOf('.filter')) / bytesOf('.segment')).toFixed(1)} % ` +
      `of the archive, made in the background in ${((made - opened) / 1000).toFixed(1)} s`,
  )
  await measure('with filters', engine, words)
  await engine.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
