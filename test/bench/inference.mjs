/**
 * node test/bench/inference.mjs [--seeds 5] [--scale 3]: how well conversations without session ids are put together, on
 * generated logs (test/fixtures/unnamed-log.mjs), and what that costs against the same log with its ids.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { pairwise, unnamedLog } from '../fixtures/unnamed-log.mjs'

const { values } = parseArgs({ options: { seeds: { type: 'string' }, scale: { type: 'string' } } })
await ensureBuilt(['main'])
const { Engine } = await import('../../out/main/engine.js')
const folder = mkdtempSync(join(tmpdir(), 'asm-inference-'))

/** @param {readonly string[]} lines @param {string} name */
async function read(lines, name) {
  const log = join(folder, `${name}.log`)
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''))
  const engine = await Engine.open({ dataFolder: join(folder, name), timeZone: 'UTC' })
  const started = performance.now()
  await engine.readOnce([log])
  return { engine, seconds: (performance.now() - started) / 1000 }
}

/** The same line with its conversation as session id. @param {string} line */
function named(line) {
  const outer = JSON.parse(line)
  const ai = { ...JSON.parse(outer.ai_log), session_id: outer.request_id.split('.')[0] }
  const sorted = Object.fromEntries(Object.entries(ai).sort(([a], [b]) => (a < b ? -1 : 1)))
  return JSON.stringify({ ...outer, ai_log: JSON.stringify(sorted) })
}

try {
  console.log('seed  requests  conversations  sessions  precision    recall   seconds  with ids')
  for (let seed = 1; seed <= Number(values.seeds ?? 5); seed += 1) {
    const lines = unnamedLog({ seed, scale: Number(values.scale ?? 3) })
    const { engine, seconds } = await read(lines, `unnamed-${seed}`)
    const found = new Map()
    for (const { sessionId, rounds } of engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
      .rows)
      for (const round of engine.sessionRounds({ sessionId, from: 1, limit: rounds }).rounds)
        found.set(round.requestId, sessionId)
    await engine.close()
    const withIds = await read(lines.map(named), `named-${seed}`)
    await withIds.engine.close()
    const { requests, conversations, sessions, precision, recall } = pairwise(found)
    const columns = [
      [seed, 4],
      [requests, 10],
      [conversations, 15],
      [sessions, 10],
      [precision.toFixed(5), 11],
      [recall.toFixed(5), 10],
      [seconds.toFixed(2), 10],
      [withIds.seconds.toFixed(2), 10],
    ]
    console.log(columns.map(([value, width]) => String(value).padStart(Number(width))).join(''))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
