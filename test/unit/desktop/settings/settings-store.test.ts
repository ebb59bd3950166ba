import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSettings } from '../../../../src-main/desktop/settings/settings-store'
import type { SettingsStore } from '../../../../src-main/desktop/settings/settings-store'
import { defaultStoredSettings } from '../../../../src-main/desktop/settings/stored-settings'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { Notice } from '../../../../src-main/contract/index'

const logs = resolve('/var/log/higress')
let folder: string
let notices: Notice[]

const open = (delayMs = 0): Promise<SettingsStore> =>
  openSettings({
    path: join(folder, 'settings.json'),
    notify: (notice) => notices.push(notice),
    texts: (stored) => textsFor(stored.settings.language, 'en'),
    delayMs,
    now: () => new Date('2026-02-05T10:11:12.345Z'),
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'))
  notices = []
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('settings', () => {
  test('start with the defaults, silently, where there is no file', async () => {
    const settings = await open()
    expect(settings.current()).toEqual(defaultStoredSettings)
    expect(notices).toEqual([])
  })

  test('are there again after a restart', async () => {
    const before = await open()
    before.update({ sources: [logs] })
    await before.flush()
    expect((await open()).current().sources).toEqual([logs])
    expect(await readdir(folder)).toEqual(['settings.json'])
  })

  test('keep what a later version wrote beside them', async () => {
    await writeFile(join(folder, 'settings.json'), '{"settings":{"theme":"dark","fontSize":12},"plugins":["a"]}')
    const settings = await open()
    settings.update({ sources: [logs] })
    await settings.flush()
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
      sources: [logs],
      settings: { theme: 'dark', fontSize: 12 },
      plugins: ['a'],
    })
    expect(notices).toEqual([])
  })

  test('many changes in a row become one file that holds them all', async () => {
    const settings = await open(3_600_000)
    for (let width = 800; width < 900; width += 1) {
      settings.update({ windows: [{ bounds: { x: 0, y: 0, width, height: 600 }, maximized: false, route: '' }] })
    }
    settings.update({ sources: [logs] })
    expect(await readdir(folder)).toEqual([])
    await settings.flush()
    const reopened = (await open()).current()
    expect(reopened.windows[0]?.bounds.width).toBe(899)
    expect(reopened.sources).toEqual([logs])
  })

  test('a damaged file is kept aside, named in a notice, and told only once', async () => {
    const damaged = `{"sources": ["${logs.replaceAll('\\', '\\\\')}"], "settings": {"theme": 5}}`
    await writeFile(join(folder, 'settings.json'), damaged)
    const settings = await open()
    const aside = join(folder, 'settings.corrupt-2026-02-05T10-11-12.json')

    expect(settings.current().sources).toEqual([logs])
    expect(settings.current().settings.theme).toBe('system')
    expect(notices).toMatchObject([{ level: 'warning', code: 'corrupt', where: aside }])
    expect(await readFile(aside, 'utf8')).toBe(damaged)

    await settings.flush()
    notices = []
    await open()
    expect(notices).toEqual([])
  })

  test('a file that cannot be read is told and never written over', async () => {
    // A folder in the file's place fails to be read for every user, root included.
    await mkdir(join(folder, 'settings.json'))
    const settings = await open()
    expect(notices).toMatchObject([{ code: 'unreadable', where: join(folder, 'settings.json') }])
    settings.update({ sources: [logs] })
    await settings.flush()
    expect(settings.current().sources).toEqual([logs])
    expect(await readdir(folder)).toEqual(['settings.json'])
    expect(notices).toHaveLength(1)
  })

  test('a change that cannot be saved holds, and the failure is told once', async () => {
    const settings = await open()
    await rm(folder, { recursive: true })
    settings.update({ sources: [logs] })
    await settings.flush()
    settings.update({ sources: [] })
    await settings.flush()
    expect(settings.current().sources).toEqual([])
    expect(notices).toMatchObject([{ level: 'error', where: join(folder, 'settings.json') }])
  })
})
