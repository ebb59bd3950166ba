import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDataFolder, lookAt } from '../../../../src-main/desktop/services/data-folder'
import type { SupervisedEngine } from '../../../../src-main/desktop/lifecycle/engine-supervisor'
import { failed, ok } from '../../../../src-main/shared/result'
import { textsFor } from '../../../../src-main/desktop/words/texts'

let root: string
let current: string
let chosen: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'asm-folder-'))
  current = join(root, 'current')
  chosen = join(root, 'chosen')
  mkdirSync(join(current, 'archive'), { recursive: true })
  mkdirSync(chosen)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const look = () => lookAt(chosen, current, textsFor('en', 'en'))

describe('a chosen folder', () => {
  test('is a store when its archive has segments, or is that of a store without history', async () => {
    mkdirSync(join(chosen, 'archive'))
    writeFileSync(join(chosen, 'index.snapshot'), '')
    expect(await look()).toEqual({ kind: 'store' })
    writeFileSync(join(chosen, 'notes.txt'), '')
    expect(await look()).toMatchObject({ kind: 'unusable' })
    writeFileSync(join(chosen, 'archive', '00000001.segment'), '')
    expect(await look()).toEqual({ kind: 'store' })
  })

  test('that holds an archive of something else is not taken for a store: a deletion would replace that', async () => {
    mkdirSync(join(chosen, 'archive'))
    writeFileSync(join(chosen, 'archive', 'letters.zip'), 'precious')
    expect(await look()).toMatchObject({ kind: 'unusable', error: { code: 'refused' } })
  })
})

/** The user chooses `chosen`, and that the history is copied there. */
const copyingFolder = () =>
  createDataFolder({
    engine: {
      call: () => Promise.resolve(failed({ code: 'internal', message: '' })),
      restart: async (between = () => Promise.resolve()) => {
        await between()
        return ok(undefined)
      },
    },
    dialogs: { chooseDataFolder: () => Promise.resolve(chosen), askAboutHistory: () => Promise.resolve('copy') },
    texts: () => textsFor('en', 'en'),
    current: () => current,
    set: () => undefined,
    show: () => undefined,
    onWork: () => undefined,
    onChanged: () => Promise.resolve(),
  })

test('is not changed while a deletion is under way: what stays behind would hold what is to go', async () => {
  const never = (): never => {
    throw new Error('not to be asked')
  }
  const folder = createDataFolder({
    engine: { call: (() => Promise.resolve(ok({ active: true }))) as SupervisedEngine['call'], restart: never },
    dialogs: { chooseDataFolder: never, askAboutHistory: never },
    texts: () => textsFor('en', 'en'),
    current: () => current,
    set: never,
    show: never,
    onWork: never,
    onChanged: never,
  })
  expect(await folder.change()).toMatchObject({ ok: false, error: { code: 'refused' } })
})

// Windows asks for a right of its own to make a link.
test.runIf(process.platform !== 'win32')('a copy of an archive that is a link is one of what it leads to', async () => {
  const elsewhere = join(root, 'elsewhere')
  renameSync(join(current, 'archive'), elsewhere)
  writeFileSync(join(elsewhere, '00000001.segment'), 'history')
  symlinkSync(elsewhere, join(current, 'archive'))
  expect(await copyingFolder().change()).toEqual(ok(chosen))
  expect(lstatSync(join(chosen, 'archive')).isDirectory()).toBe(true)
  expect(readFileSync(join(chosen, 'archive', '00000001.segment'), 'utf8')).toBe('history')
})

test('a copy that is cut short is never taken for the history', async () => {
  const files = 12
  for (let file = 1; file <= files; file += 1) {
    writeFileSync(join(current, 'archive', `${String(file).padStart(8, '0')}.segment`), Buffer.alloc(400_000, file))
  }
  const seen = new Set<number>()
  const copied = new AbortController()
  const changing = copyingFolder()
    .change()
    .finally(() => copied.abort())
  while (!copied.signal.aborted) {
    if (existsSync(join(chosen, 'archive'))) seen.add(readdirSync(join(chosen, 'archive')).length)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await changing).toEqual(ok(chosen))
  for (const count of seen) expect(count).toBe(files)
  expect(readdirSync(chosen)).toEqual(['archive'])
  expect(readdirSync(join(chosen, 'archive'))).toHaveLength(files)
})
