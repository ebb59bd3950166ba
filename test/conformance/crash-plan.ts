import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { EngineTuning } from '../../src-main/engine/interface/methods'
import { expectOrigins } from '../fixtures/engine/expect-same'
import { EngineChild } from '../fixtures/engine/run-child'
import { newWorld } from '../fixtures/engine/world'

/** What the engine is busy with when it is killed. */
export type Phase = 'first read' | 'live following' | 'snapshot' | 'segment roll-over'
export const PHASES: readonly Phase[] = ['first read', 'live following', 'snapshot', 'segment roll-over']

const TUNING: Readonly<Record<Phase, EngineTuning>> = {
  'first read': {},
  'live following': {},
  snapshot: { snapshotRequests: 1 },
  'segment roll-over': { segmentBytes: 2048 },
}

/**
 * Kills an engine with SIGKILL at random moments (twice in a row, so that what a recovery leaves is killed too), while
 * a log is written, rotated and compressed; then expects every request to be there once.
 */
export async function crash(phase: Phase, seed: number): Promise<void> {
  const random = generator(seed * 4 + PHASES.indexOf(phase))
  const world = newWorld()
  const { log } = world
  for (let file = 3; file > 0; file -= 1) {
    if (phase === 'first read') log.appendRaw(log.maker.longLines(80), `.${String(file)}`)
    else log.append(4, `.${String(file)}`)
  }
  if (phase === 'first read') writeFileSync(log.file('.4.gz'), gzipSync(log.maker.longLines(120)))
  log.append(5)
  for (let life = 0; life < 2; life += 1) {
    const child = new EngineChild()
    await child.open(world.data, { tuning: TUNING[phase] })
    await child.ask({ kind: 'watch', paths: world.paths })
    let alive = true
    const death = wait(random(phase === 'first read' ? 150 : 250)).then(async () => {
      await child.kill()
      alive = false
    })
    while (isTrue(() => alive)) {
      if (phase !== 'first read') {
        const line = Buffer.from(`${log.maker.line()}\n`)
        const cut = random(line.length)
        log.appendRaw(line.subarray(0, cut))
        if (random(8) === 0) await wait(1)
        log.appendRaw(line.subarray(cut))
        if (random(12) === 0) log.rotate()
        else if (random(20) === 0 && existsSync(log.file('.2'))) log.gzip('.2')
      }
      await wait(random(6))
    }
    await death
  }
  if (phase === 'snapshot' && random(3) === 0) rmSync(join(world.data, 'index.snapshot'), { force: true })
  await world.expectExact()
  expectOrigins(world.engine)
  const left = readdirSync(world.data).filter((name) => name.endsWith('.tmp'))
  if (left.length > 0) throw new Error(`Left behind: ${left.join(', ')}`)
  // The archive alone tells the same as the index that grew with it.
  await world.close()
  rmSync(join(world.data, 'index.snapshot'))
  await world.expectExact()
}

/** Asked anew after every wait, where the compiler would take the former answer for granted. */
function isTrue(ask: () => boolean): boolean {
  return ask()
}

/** Whole numbers from 0 to below `limit`, the same row for the same seed (mulberry32). */
function generator(seed: number): (limit: number) => number {
  let state = seed + 0x9e3779b9
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}
