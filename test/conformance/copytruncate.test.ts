import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { expect } from 'vitest'
import { expectOrigins } from '../fixtures/engine/expect-same'
import { row } from '../fixtures/engine/world'

row('copytruncate', async ({ world, log, event }) => {
  log.append(5)
  await event(() => {
    log.append(2)
    log.copyTruncate()
  })
  await event(() => {
    log.append(3)
  })
  await world.expectExact()
  expectOrigins(world.engine)
})

row('copytruncate, and the writer has written again at once', async ({ log, event }) => {
  log.append(5)
  await event(() => {
    log.copyTruncate()
    log.append(2)
  })
})

row('copytruncate again and again', async ({ log, event }) => {
  log.append(2)
  for (let turn = 0; turn < 4; turn += 1) {
    await event(() => {
      log.append(1)
      log.copyTruncate()
      log.append(1)
    })
  }
})

row(
  'copytruncate with lines written between copying and truncating, which only a reader that was there can know',
  async ({ log, event }) => {
    log.append(5)
    const turn = event(() => {
      log.append(1)
    })
    await turn
    await event(() => {
      log.copyTruncate()
      log.append(1)
    })
  },
)

row('copytruncate that refills past the old position before it is noticed', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    log.copyTruncate()
    log.append(8)
  })
})

row('copytruncate that refills past the old position, with the same first lines', async ({ world, log, event }) => {
  // A health check's line says the same every time; only what follows tells the contents apart.
  const head = '{"ai_log":"-","path":"/health"}\n'.repeat(60)
  log.appendRaw(head)
  log.append(3)
  await event(() => {
    log.copyTruncate()
    log.appendRaw(head)
    log.append(6)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger.notLlm).toBeGreaterThanOrEqual(120)
})

row('copytruncate that refills to the very size it had', async ({ log, event }) => {
  log.append(4)
  const before = readFileSync(log.file())
  await event(() => {
    log.copyTruncate()
    const fresh = Buffer.from(log.maker.lines(2))
    log.appendRaw(Buffer.concat([fresh, Buffer.alloc(before.length - fresh.length - 1, ' '), Buffer.from('\n')]))
    log.touch()
  })
  await event(() => {
    log.append(1)
  })
})

row('copytruncate of a writer that does not append: NUL bytes up to its old position', async ({ log, event }) => {
  const fd = openSync(log.file(), 'w')
  let position = 0
  const write = (count: number) => (position += writeSync(fd, log.maker.lines(count), position))
  try {
    write(4)
    await event(() => {
      copyFileSync(log.file(), log.file('.1'))
      ftruncateSync(fd, 0)
      write(2)
    })
    await event(() => {
      write(2)
    })
  } finally {
    closeSync(fd)
  }
})

row('truncated to nothing and left so', async ({ world, log, event }) => {
  log.append(4)
  await event(() => {
    truncateSync(log.file(), 0)
  })
  await event(() => {
    log.append(2)
  })
  await world.expectExact()
})

row('overwritten in place with a shorter log', async ({ log, event }) => {
  log.append(6)
  await event(() => {
    writeFileSync(log.file(), log.maker.lines(2))
  })
})
