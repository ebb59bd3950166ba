import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failed, ok } from '../../../../src-main/shared/result'
import { openSettings } from '../../../../src-main/desktop/settings/settings-store'
import type { SettingsStore } from '../../../../src-main/desktop/settings/settings-store'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import { createWatchedSources } from '../../../../src-main/desktop/services/watched-sources'
import type { WatchedSources } from '../../../../src-main/desktop/services/watched-sources'
import type { AppError, Language, Notice } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'

let folder: string
let settings: SettingsStore
let sources: WatchedSources
let unusable: Map<string, AppError>
let watched: readonly string[][]
let chosen: readonly string[]
let explained: { path: string; isFolder: boolean }[]
let watchAnyway: boolean
/** Happens while the dialog about an unusable path is open. */
let meanwhile: () => Promise<unknown>
let notices: Notice[]
let recentTold: number
let language: Language
/** The sources of the engine's history, the deletions asked for, with the settings on disk then, and whether one goes on. */
let stored: readonly string[]
let deleted: { selection: unknown; saved: unknown }[]
let deleting: boolean

const noLogs: AppError = { code: 'no-logs', message: 'No log.' }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'))
  unusable = new Map()
  watched = []
  chosen = []
  explained = []
  watchAnyway = false
  meanwhile = () => Promise.resolve()
  notices = []
  recentTold = 0
  language = 'en'
  settings = await openSettings({
    path: join(folder, 'settings.json'),
    notify: () => undefined,
    texts: () => textsFor('en', 'en'),
    delayMs: 0,
  })
  stored = []
  deleted = []
  deleting = false
  const call = async (method: string, argument: unknown): Promise<unknown> => {
    if (method === 'deletion') return ok({ active: deleting })
    if (method === 'storedSources') return ok(stored)
    if (method === 'startDeletion') {
      deleted.push({ selection: argument, saved: JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) })
      return ok(undefined)
    }
    if (method === 'watch') {
      watched = [...watched, argument as string[]]
      return ok(undefined)
    }
    const error = unusable.get(argument as string)
    return error === undefined ? ok({ logFiles: 1, bytes: 1 }) : failed(error)
  }
  sources = createWatchedSources({
    engine: { call: call as EngineClient['call'] },
    settings,
    dialogs: {
      chooseLogs: () => Promise.resolve(chosen),
      explainUnusable: async (path, _error, isFolder) => {
        explained.push({ path, isFolder })
        await meanwhile()
        return watchAnyway
      },
    },
    notify: (notice) => notices.push(notice),
    texts: () => textsFor(language, 'en'),
    onRecent: () => recentTold++,
    sample: { from: join(folder, 'samples'), to: join(folder, 'sample-log') },
  })
})

afterEach(async () => {
  await settings.flush()
  await rm(folder, { recursive: true, force: true })
})

describe('recent paths', () => {
  test('are those chosen, the latest first and each once, also when they are watched no more', async () => {
    for (const path of ['/logs/a', '/logs/b', '/logs/a']) {
      chosen = [path]
      await sources.choose('folder')
      await sources.remove(path)
    }
    expect(settings.current().recent).toEqual(['/logs/a', '/logs/b'])
    expect(recentTold).toBe(3)
  })

  test('can be added again, and are forgotten when they are of no use', async () => {
    settings.update({ recent: ['/logs/a', '/logs/b'] })
    expect(await sources.openRecent('/logs/b')).toEqual(ok(['/logs/b']))
    expect(settings.current().sources).toEqual(['/logs/b'])
    unusable.set('/logs/a', noLogs)
    expect(await sources.openRecent('/logs/a')).toEqual(ok([]))
    expect(explained).toEqual([{ path: '/logs/a', isFolder: false }])
    expect(settings.current().recent).toEqual(['/logs/b'])
    sources.clearRecent()
    expect(settings.current().recent).toEqual([])
  })

  test('keep a path that is chosen while the dialog about an unusable one is open', async () => {
    settings.update({ recent: ['/logs/a'] })
    unusable.set('/logs/a', noLogs)
    meanwhile = () => sources.add(['/logs/b'])
    await sources.openRecent('/logs/a')
    expect(settings.current().recent).toEqual(['/logs/b'])
  })

  test('are the only ones: another path is not added by that way', async () => {
    expect(await sources.openRecent('/etc')).toEqual(ok([]))
    expect(settings.current().sources).toEqual([])
  })
})

describe('watched sources', () => {
  test('what was chosen is kept and watched together with what was there', async () => {
    chosen = ['/logs/a']
    expect(await sources.choose('folder')).toEqual(ok(['/logs/a']))
    chosen = ['/logs/b.log', '/logs/c.log']
    expect(await sources.choose('file')).toEqual(ok(['/logs/b.log', '/logs/c.log']))
    expect(settings.current().sources).toEqual(['/logs/a', '/logs/b.log', '/logs/c.log'])
    expect(watched.at(-1)).toEqual(['/logs/a', '/logs/b.log', '/logs/c.log'])
  })

  test('a cancelled dialog changes nothing', async () => {
    expect(await sources.choose('folder')).toEqual(ok([]))
    expect(watched).toEqual([])
  })

  test('a path is there once, and choosing it again asks nothing', async () => {
    await sources.add(['/logs/a'])
    unusable.set('/logs/a', noLogs)
    expect(await sources.add(['/logs/a', '/logs/a'])).toEqual(ok(['/logs/a']))
    expect(settings.current().sources).toEqual(['/logs/a'])
    expect(explained).toEqual([])
  })

  test('a path without logs is explained and not added, the others are', async () => {
    unusable.set(folder, noLogs)
    expect(await sources.add([folder, '/logs/a'])).toEqual(ok(['/logs/a']))
    expect(explained).toEqual([{ path: folder, isFolder: true }])
    expect(settings.current().sources).toEqual(['/logs/a'])
  })

  test('an empty folder is added when the user wants it watched anyway', async () => {
    unusable.set(folder, noLogs)
    watchAnyway = true
    expect(await sources.add([folder])).toEqual(ok([folder]))
    expect(watched).toEqual([[folder]])
  })

  test('a path from the command line is refused by a notice, for nobody waits in front of a dialog', async () => {
    unusable.set('/gone', { code: 'not-found', message: 'Gone.' })
    await sources.addUnattended(['/gone', '/logs/a'])
    expect(explained).toEqual([])
    expect(settings.current().sources).toEqual(['/logs/a'])
    expect(notices).toMatchObject([{ level: 'warning', code: 'not-found', where: '/gone' }])
    expect(notices[0]?.message).toContain('There is no such file or folder.')
  })

  test('a path from the command line is refused in one language, in the engine’s words too', async () => {
    language = 'zh'
    unusable.set('/many', { code: 'too-many-files', message: 'The system allows no more open files right now.' })
    await sources.addUnattended(['/many'])
    expect(notices[0]?.message).toBe('未添加该路径：系统目前不允许打开更多文件。')
  })

  test('a removed path is no longer watched', async () => {
    await sources.add(['/logs/a', '/logs/b'])
    await sources.remove('/logs/a')
    expect(watched.at(-1)).toEqual(['/logs/b'])
    expect(settings.current().sources).toEqual(['/logs/b'])
  })

  test('removed with its data, it is out of the settings on disk before anything is deleted', async () => {
    await sources.add(['/logs/a', '/logs/b'])
    await settings.flush()
    expect(await sources.removeWithData('/logs/a')).toEqual(ok(undefined))
    // Else a program killed now would read at the next start what it has just deleted.
    expect(deleted).toMatchObject([
      { selection: { source: '/logs/a' }, saved: { sources: ['/logs/b'], removing: '/logs/a' } },
    ])
    expect(settings.current().removing).toBeNull()
  })

  test('removed with its data, which the engine was not told any more, that is made up for at the next start', async () => {
    stored = ['/logs/a']
    settings.update({ removing: '/logs/a' })
    await settings.flush()
    deleting = true
    await sources.finishRemoval()
    expect(deleted).toEqual([])
    expect(settings.current().removing).toBe('/logs/a')
    deleting = false
    await sources.finishRemoval()
    expect(deleted).toMatchObject([{ selection: { source: '/logs/a' } }])
    expect(settings.current().removing).toBeNull()
  })

  test.each([
    ['it is watched again', ['/logs/a'], ['/logs/a']],
    ['nothing of it is left', [], []],
  ])('removed with its data, nothing is deleted at the next start where %s', async (_, watchedNow, storedNow) => {
    stored = storedNow
    settings.update({ removing: '/logs/a', sources: watchedNow })
    await sources.finishRemoval()
    expect(deleted).toEqual([])
    expect(settings.current().removing).toBeNull()
  })

  test('only what is watched is paused: options of other paths are not kept', async () => {
    await sources.add(['/logs/a'])
    for (let at = 0; at < 1500; at += 1) {
      await sources.setPaused(`/other/${String(at)}`, true)
      await sources.setSessionKey(`/other/${String(at)}`, 'x')
    }
    await sources.setPaused('/logs/a', true)
    expect(settings.current().sourceOptions).toEqual([{ path: '/logs/a', paused: true }])
  })

  test('the sample is copied to where it can be watched, and a copy that is there is not touched', async () => {
    await mkdir(join(folder, 'samples'))
    await writeFile(join(folder, 'samples', 'access.log'), 'sample\n')
    const copy = join(folder, 'sample-log', 'access.log')

    expect(await sources.openSample()).toEqual(ok([join(folder, 'sample-log')]))
    expect(await readFile(copy, 'utf8')).toBe('sample\n')

    await writeFile(copy, 'sample\nand a line more\n')
    const before = await stat(copy)
    await sources.openSample()
    expect(await readFile(copy, 'utf8')).toBe('sample\nand a line more\n')
    expect((await stat(copy)).ino).toBe(before.ino)
    expect(watched.at(-1)).toEqual([join(folder, 'sample-log')])
  })
})
