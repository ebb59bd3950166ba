import {
  closeSync,
  cpSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LogFolder } from '../fixtures/engine/log-writer'
import { newWorld, row, until, type World } from '../fixtures/engine/world'

/**
 * Leaves at `path` a file with `content` that has the inode `deleted` had, as file systems hand out freed inodes again.
 * It is `deleted` itself under its new name: which inode a new file gets is not ours to choose, any process may come
 * first. A stopped engine can't tell the two apart: of a file it knows the inode, the size and the bytes.
 */
function reuseInode(deleted: string, path: string, content: string | Buffer): void {
  renameSync(deleted, path)
  writeFileSync(path, content)
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
  async ({ log, event }) => {
    log.append(4)
    await event(() => {
      reuseInode(log.file(), log.file(), log.maker.lines(7))
    })
  },
  // While the engine holds the old file open its inode is taken.
  ['stopped'],
)

row(
  'a compressed rotation gets the inode of a deleted plain one',
  async ({ log, event }) => {
    log.append(4)
    log.rotate()
    log.append(1)
    await event(() => {
      reuseInode(log.file('.1'), log.file('.2.gz'), gzipSync(log.maker.lines(5)))
    })
  },
  ['stopped'],
)

row(
  'a plain log gets the inode of a deleted compressed one',
  async ({ log, event }) => {
    writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
    log.append(1)
    await event(() => {
      rmSync(log.file())
      reuseInode(log.file('.1.gz'), log.file(), log.maker.lines(3))
    })
  },
  ['stopped'],
)

row(
  'a compressed rotation gets the inode of a deleted compressed one',
  async ({ log, event }) => {
    writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
    await event(() => {
      reuseInode(log.file('.1.gz'), log.file('.2.gz'), gzipSync(log.maker.lines(3)))
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
