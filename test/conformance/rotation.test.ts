import { rmSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { expectOrigins } from '../fixtures/engine/expect-same'
import { row as anyRow, type Row } from '../fixtures/engine/world'

/** A renamed file is known again: none of its lines is read twice. */
function row(name: string, steps: (row: Row) => Promise<void>): void {
  anyRow(name, async (given) => {
    await steps(given)
    await given.world.expectExact()
    expect(given.world.engine.sourcesStatus().ledger.duplicate).toBe(0)
  })
}

row('rotation by rename, once', async ({ world, log, event }) => {
  log.append(5)
  await event(() => {
    log.append(3)
    log.rotate()
    log.append(4)
  })
  await world.expectExact()
  expectOrigins(world.engine)
})

row('rotation by rename, again and again', async ({ log, event }) => {
  log.append(3)
  for (let turn = 0; turn < 4; turn += 1) {
    await event(() => {
      log.append(2)
      log.rotate()
      log.append(1)
    })
  }
})

row('ten rotations in a moment', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    for (let turn = 0; turn < 10; turn += 1) {
      log.append(2)
      log.rotate()
    }
    log.append(1)
  })
})

row('several rotations between two looks, the oldest deleted after it was read', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    log.rotate()
    log.append(2)
    log.rotate()
    log.append(2)
  })
  await event(() => {
    rmSync(log.file('.2'))
    log.append(1)
  })
})

row('the writer goes on in the renamed file for a while', async ({ log, event }) => {
  log.append(4)
  await event(() => {
    log.rotate()
    log.append(2, '.1')
    log.append(2)
    log.append(2, '.1')
  })
  await event(() => {
    log.append(1, '.1')
  })
})

row('a line begun before the rotation is finished after it', async ({ log, event }) => {
  log.append(2)
  const line = `${log.maker.line()}\n`
  log.appendRaw(line.slice(0, 100))
  const unfinished = [...log.maker.requests.keys()].at(-1)!
  const request = log.maker.requests.get(unfinished)!
  log.maker.forget(unfinished)
  await event(() => {
    log.rotate()
    log.append(2)
  })
  await event(() => {
    log.maker.requests.set(unfinished, request)
    log.appendRaw(line.slice(100), '.1')
  })
})

row('rotation without a new log at first', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    log.rotate({ create: false })
  })
  await event(() => {
    log.append(3)
  })
})

row('rotated logs with date names', async ({ world, log, event }) => {
  log.append(3)
  writeFileSync(log.file('-20260130'), log.maker.lines(3))
  writeFileSync(log.file('-20260131'), log.maker.lines(3))
  await event(() => {
    log.append(1)
  })
  expect(world.notices).toEqual([])
})

row('a single chosen log brings its rotations along', async ({ world, log, event }) => {
  world.paths = [log.file()]
  log.append(3)
  await event(() => {
    log.rotate()
    log.append(3)
    log.rotate()
    log.append(1)
  })
})
