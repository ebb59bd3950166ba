/**
 * How long it takes to delete half of a history of a million rounds, against making the index anew from the archive, how
 * long a query waits meanwhile, and what is free afterwards:
 *
 *   node test/bench/deletion.mjs [FOLDER]
 *
 * FOLDER: a data folder as million.mjs makes it; without it, one is made and deleted. Needs a build (npm run build).
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeStore } from './million.mjs'

const MB = 1e6
const folder = mkdtempSync(join(tmpdir(), 'asm-bench-'))
const data = join(folder, 'store')
try {
  const [made] = process.argv.slice(2)
  if (made === undefined) await makeStore(data)
  else if (existsSync(made)) cpSync(made, data, { recursive: true })
  const { Engine } = await import('../../out/main/engine.js')

  rmSync(join(data, 'index.snapshot'))
  const opening = performance.now()
  const engine = await Engine.open({ dataFolder: data, timeZone: 'UTC' })
  const rebuild = (performance.now() - opening) / 1000
  await engine.repriced()
  const { sessions, rounds, archiveBytes } = engine.storeSize()
  console.log(
    `${rounds.toLocaleString('en')} rounds in ${sessions.toLocaleString('en')} sessions, index made anew in ${rebuild.toFixed(1)} s`,
  )

  const half = { sortBy: 'lastTime', descending: true, offset: Math.floor(sessions / 2), limit: 1 }
  const olderThan = engine.sessions(half).rows[0]?.lastTime ?? 0
  let longest = 0
  let asked = performance.now() + 50
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - asked)
    engine.sessions({ sortBy: 'lastTime', descending: true, offset: 0, limit: 50 })
    asked = performance.now() + 50
  }, 50)
  const started = performance.now()
  const { result, error } = await engine.delete({ olderThan })
  clearInterval(timer)
  if (result === null) throw new Error(error?.message ?? 'The deletion did not end.')
  const took = (performance.now() - started) / 1000
  console.log(
    `deleted ${result.rounds.toLocaleString('en')} rounds in ${took.toFixed(1)} s: ${(took / rebuild).toFixed(2)} × making the index anew`,
  )
  console.log(
    `freed ${(result.freedBytes / MB).toFixed(0)} of ${(archiveBytes / MB).toFixed(0)} MB of archive; a query waited ${longest.toFixed(0)} ms at most`,
  )
  console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
  await engine.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
