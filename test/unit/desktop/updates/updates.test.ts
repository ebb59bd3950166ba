import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AskWeb } from '../../../../src-main/desktop/updates/release-check'
import { openSettings } from '../../../../src-main/desktop/settings/settings-store'
import type { SettingsStore } from '../../../../src-main/desktop/settings/settings-store'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import { createUpdates, packagePublishedIn } from '../../../../src-main/desktop/updates/updates'
import type { Updates, UpdatesOptions } from '../../../../src-main/desktop/updates/updates'
import type { UpdateSettings, UpdateState } from '../../../../src-main/contract/index'
import { releaseFile } from '../../../fixtures/release-server'

const HOUR = 3_600_000
const folderAddress = 'https://example.org/releases'

let folder: string
let settings: SettingsStore
let updates: Updates
let published: string
let asked: string[]
let told: string[]
let shown: string[]
let states: UpdateState[]
let online: boolean
/** No server answers. */
let broken: boolean
let time: number

const ask: AskWeb = (url) => {
  asked.push(url)
  if (broken) return Promise.reject(new Error('net::ERR_CONNECTION_REFUSED'))
  const text = releaseFile(published)
  return Promise.resolve({
    status: 200,
    location: null,
    body: (async function* () {
      yield await Promise.resolve(Buffer.from(text))
    })(),
  })
}

function start(options: Partial<UpdatesOptions> = {}): Updates {
  return createUpdates({
    settings,
    version: '0.1.0',
    publishedIn: null,
    platform: 'linux',
    arch: 'x64',
    ask,
    isOnline: () => online,
    show: (address) => void shown.push(address),
    onFound: (version) => void told.push(version),
    onChanged: (state) => void states.push(state),
    log: { info: () => undefined, warn: () => undefined },
    now: () => time,
    ...options,
  })
}

function set(change: Partial<UpdateSettings>): void {
  const { settings: before } = settings.current()
  settings.update({ settings: { ...before, updates: { ...before.updates, ...change } } })
  updates.apply()
}

/** Nothing is left to be done. */
const settled = (): Promise<void> => new Promise((done) => void setImmediate(() => setImmediate(done)))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'updates-'))
  settings = await openSettings({
    path: join(folder, 'settings.json'),
    notify: () => undefined,
    texts: () => textsFor('en', 'en'),
    delayMs: 0,
  })
  published = '0.2.0'
  asked = []
  told = []
  shown = []
  states = []
  online = true
  broken = false
  time = Date.UTC(2026, 2, 5)
  updates = start()
})

afterEach(async () => {
  updates.stop()
  await settings.flush()
  await rm(folder, { recursive: true, force: true })
})

describe('asking', () => {
  test('is left alone without an address, and without being told to', async () => {
    await updates.check()
    updates.open()
    set({ daily: true })
    set({ daily: false, address: folderAddress })
    time += 48 * HOUR
    updates.apply()
    await settled()
    expect(asked).toEqual([])
    expect(shown).toEqual([])
    expect(updates.state()).toMatchObject({
      last: null,
      checking: false,
      packageAddress: null,
      file: 'latest-linux.yml',
    })
  })

  test('tells every window that it asks, and what it found', async () => {
    set({ address: folderAddress })
    states = []
    await Promise.all([updates.check(), updates.check()])
    expect(asked).toEqual([`${folderAddress}/latest-linux.yml`])
    expect(states[0]).toMatchObject({ checking: true, last: null })
    expect(states.at(-1)).toMatchObject({ checking: false, last: { time, found: { kind: 'newer', version: '0.2.0' } } })
    updates.open()
    expect(shown).toEqual([folderAddress])
    expect(told).toEqual([])
  })

  test('forgets what another address told, and asks the one that is set now', async () => {
    set({ address: folderAddress })
    const first = updates.check()
    set({ address: 'https://example.org/other' })
    await Promise.all([first, updates.check()])
    expect(asked).toEqual([`${folderAddress}/latest-linux.yml`, 'https://example.org/other/latest-linux.yml'])
    expect(updates.state()).toMatchObject({ checking: false, last: { found: { version: '0.2.0' } } })
    set({ address: folderAddress })
    expect(updates.state().last).toBeNull()
  })

  test('is of the package’s own folder and channel where the user names none', async () => {
    updates.stop()
    updates = start({ publishedIn: { address: 'https://releases.example.org/', channel: 'beta' }, arch: 'arm64' })
    await updates.check()
    set({ address: folderAddress })
    await updates.check()
    expect(asked).toEqual([
      'https://releases.example.org/beta-linux-arm64.yml',
      `${folderAddress}/latest-linux-arm64.yml`,
    ])
  })
})

describe('once a day', () => {
  const look = async (hours: number): Promise<void> => {
    time += hours * HOUR
    updates.apply()
    await settled()
  }

  test('it asks by itself, and tells each newer version once, over restarts too', async () => {
    set({ address: folderAddress, daily: true })
    await settled()
    expect(asked).toHaveLength(1)
    expect(told).toEqual(['0.2.0'])
    await look(23)
    expect(asked).toHaveLength(1)
    await look(1)
    expect(asked).toHaveLength(2)
    updates.stop()
    updates = start()
    await look(23)
    expect(asked).toHaveLength(2)
    published = '0.3.0'
    await look(2)
    expect(asked).toHaveLength(3)
    expect(told).toEqual(['0.2.0', '0.3.0'])
  })

  test('it asks nothing without a connection, and does so when there is one again', async () => {
    online = false
    set({ address: folderAddress, daily: true })
    await look(30)
    expect(asked).toEqual([])
    online = true
    await look(0)
    expect(asked).toHaveLength(1)
  })

  test('a check that failed is tried again on the same day, less and less often, without a word', async () => {
    broken = true
    set({ address: folderAddress, daily: true })
    await settled()
    expect(asked).toHaveLength(1)
    const triedAfter: number[] = []
    for (let minutes = 10; minutes <= 24 * 60; minutes += 10) {
      const before = asked.length
      await look(1 / 6)
      if (asked.length > before) triedAfter.push(minutes)
    }
    expect(triedAfter).toEqual([20, 50, 110, 230, 470, 710, 950, 1190, 1430])
    expect(settings.current().updateChecked).toBeNull()
    // Another address is no part of that.
    set({ address: 'https://example.org/other' })
    await settled()
    expect(asked.at(-1)).toContain('/other/')
    broken = false
    await look(1)
    expect(told).toEqual(['0.2.0'])
    const answered = asked.length
    await look(23)
    expect(asked).toHaveLength(answered)
    await look(1)
    expect(asked).toHaveLength(answered + 1)
  })

  test('what is not newer, or was seen already, is not told', async () => {
    published = '0.1.0'
    set({ address: folderAddress, daily: true })
    await settled()
    published = '0.2.0'
    await updates.check()
    await look(24)
    expect(asked).toHaveLength(3)
    expect(told).toEqual([])
  })

  test('a clock that was set back does not end it', async () => {
    set({ address: folderAddress, daily: true })
    await settled()
    await look(-24 * 400)
    expect(asked).toHaveLength(2)
  })
})

test('where a package is published is read from its resources; most name nothing', async () => {
  expect(await packagePublishedIn(folder)).toBeNull()
  await writeFile(join(folder, 'app-update.yml'), 'provider: generic\nurl: https://example.org/releases\n')
  expect(await packagePublishedIn(folder)).toEqual({ address: folderAddress, channel: 'latest' })
})
