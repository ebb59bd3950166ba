import {
  closeSync,
  cpSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LogFolder } from '../fixtures/engine/log-writer'
import { newWorld, row, until, type World } from '../fixtures/engine/world'

/** Makes files at `path` until one has inode `wanted`, as file systems hand out freed inodes again; false when none came. */
function reuseInode(path: string, wanted: number, content: string | Buffer): boolean {
  const others: string[] = []
  try {
    for (let attempt = 0; attempt < 2000; attempt += 1) {
      writeFileSync(path, '')
      if (statSync(path).ino === wanted) {
        writeFileSync(path, content)
        return true
      }
      const other = `${path}.other-${String(attempt)}`
      renameSync(path, other)
      others.push(other)
    }
    return false
  } finally {
    for (const other of others) rmSync(other)
  }
}

row('deleted and made anew', async ({ log, event }) => {
  log.append(4)
  await event(() => {
    rmSync(log.file())
    log.append(2)
  })
})

row('deleted and made anew with the same first lines', async ({ log, event }) => {
  const head = '{"ai_log":"-","path":"/health"}\n'.repeat(60)
  log.appendRaw(head)
  log.append(4)
  await event(() => {
    rmSync(log.file())
    log.appendRaw(head)
    log.append(9)
  })
})

row(
  'deleted while its writer still holds it open and writes on',
  async ({ log, event }) => {
    log.append(2)
    const writer = openSync(log.file(), 'a')
    try {
      await event(() => {
        rmSync(log.file())
        writeSync(writer, log.maker.lines(2))
        log.append(2)
        writeSync(writer, log.maker.lines(1))
      })
    } finally {
      closeSync(writer)
    }
  },
  // Nobody can open a file that has no name any more.
  ['running'],
)

row(
  'the new log gets the inode of the deleted one',
  async ({ log, event, world }) => {
    log.append(4)
    const { ino } = statSync(log.file())
    // While the engine holds the old file open its inode is taken.
    await event(async () => {
      if (world.runs) await world.close()
      rmSync(log.file())
      expect(reuseInode(log.file(), ino, log.maker.lines(7))).toBe(true)
      if (!world.runs) return
      await world.follow()
    })
  },
  ['stopped'],
)

row(
  'a compressed rotation gets the inode of a deleted plain one',
  async ({ log, event }) => {
    log.append(4)
    log.rotate()
    log.append(1)
    const { ino } = statSync(log.file('.1'))
    await event(() => {
      rmSync(log.file('.1'))
      expect(reuseInode(log.file('.2.gz'), ino, gzipSync(log.maker.lines(5)))).toBe(true)
    })
  },
  ['stopped'],
)

row(
  'a plain log gets the inode of a deleted compressed one',
  async ({ log, event }) => {
    writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
    log.append(1)
    const { ino } = statSync(log.file('.1.gz'))
    await event(() => {
      rmSync(log.file('.1.gz'))
      rmSync(log.file())
      expect(reuseInode(log.file(), ino, log.maker.lines(3))).toBe(true)
    })
  },
  ['stopped'],
)

row(
  'a compressed rotation gets the inode of a deleted compressed one',
  async ({ log, event }) => {
    writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
    const { ino } = statSync(log.file('.1.gz'))
    await event(() => {
      rmSync(log.file('.1.gz'))
      expect(reuseInode(log.file('.2.gz'), ino, gzipSync(log.maker.lines(3)))).toBe(true)
    })
  },
  ['stopped'],
)

row('a link to the current log, set to the next one', async ({ world, log, event }) => {
  const link = join(world.root, 'current.log')
  log.append(3)
  symlinkSync(log.file(), link)
  world.paths = [link]
  await event(() => {
    const next = new LogFolder(join(world.root, 'next'), { maker: log.maker })
    log.append(1)
    next.append(2)
    rmSync(link)
    symlinkSync(next.file(), link)
  })
})

row('a link to a log that is rotated in its own folder', async ({ world, log, event }) => {
  const link = join(world.root, 'gateway.log')
  log.append(3)
  symlinkSync(log.file(), link)
  world.paths = [link]
  await event(() => {
    log.append(2)
    log.rotate()
    log.append(2)
  })
})

row('a link beside the logs in the chosen folder', async ({ log, event }) => {
  const numbered = (number: number) => join(log.path, `access-${String(number)}.log`)
  const link = log.file()
  writeFileSync(numbered(1), log.maker.lines(3))
  symlinkSync(numbered(1), link)
  await event(() => {
    log.append(1)
    writeFileSync(numbered(2), log.maker.lines(2))
    rmSync(link)
    symlinkSync(numbered(2), link)
    log.append(1)
  })
})

row('the folder is renamed and gets its name back', async ({ world, log, event }) => {
  log.append(3)
  await event(async () => {
    renameSync(log.path, `${log.path}-away`)
    if (world.runs) await untilState(world, 'error')
    writeFileSync(`${log.path}-away/access.log`, log.maker.lines(2), { flag: 'a' })
    renameSync(`${log.path}-away`, log.path)
  })
  await event(() => {
    log.append(1)
  })
})

row('the folder is replaced by another one', async ({ world, log, event }) => {
  log.append(3)
  await event(async () => {
    renameSync(log.path, `${log.path}-away`)
    if (world.runs) await untilState(world, 'error')
    mkdirSync(log.path)
    log.append(2)
  })
  await event(() => {
    log.append(1)
  })
})

row('the folder is restored from a copy: other inodes, the same content', async ({ world, log, event }) => {
  log.append(3)
  log.rotate()
  log.append(3)
  await event(() => {
    cpSync(log.path, `${log.path}-copy`, { recursive: true })
    rmSync(log.path, { recursive: true })
    renameSync(`${log.path}-copy`, log.path)
    log.append(2)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger.duplicate).toBe(0)
})

test('the chosen path appears only later', async () => {
  const world = newWorld()
  world.paths = [join(world.root, 'later', 'deep')]
  await world.follow()
  await untilState(world, 'error')
  const late = new LogFolder(world.paths[0]!, { maker: world.log.maker })
  late.append(3)
  await world.expectExact()
})

row('two names of one file', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    linkSync(log.file(), log.file('.1'))
    log.append(2)
  })
})

async function untilState(world: World, state: string): Promise<void> {
  await until(() => world.engine.sourcesStatus().sources[0]?.state === state, `the source's state is ${state}`)
}
