/**
 * Makes a data folder of a million requests in 20,000 sessions, for the benchmarks and for looking at the app:
 *
 *   node test/bench/million.mjs FOLDER [--sessions 20000] [--rounds 50]
 *
 * A log is generated beside it, read by the engine as any other, and deleted. Needs a build (npm run build).
 */
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { writeTeamLog } from './generate-log.mjs'

/** @param {string} folder data folder, made where it is absent @param {{ sessions?: number, rounds?: number }} [size] */
export async function makeStore(folder, { sessions = 20_000, rounds = 50 } = {}) {
  const { Engine } = await import('../../out/main/engine.js')
  const log = `${folder}.access.log`
  writeTeamLog(log, { sessions, rounds })
  const engine = await Engine.open({ dataFolder: folder, timeZone: 'UTC' })
  await engine.readOnce([log])
  await engine.close()
  rmSync(log)
}

if (process.argv[1]?.endsWith('million.mjs')) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { sessions: { type: 'string' }, rounds: { type: 'string' } },
  })
  const [folder] = positionals
  if (folder === undefined) {
    console.error('Usage: million.mjs FOLDER [--sessions N] [--rounds N]')
    process.exit(2)
  }
  await makeStore(folder, { sessions: Number(values.sessions ?? 20_000), rounds: Number(values.rounds ?? 50) })
}
