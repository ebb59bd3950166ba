import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Settings } from '@contract'
import { defaultSettings } from '@shared/default-settings'
import { useAppStore } from '../../src-renderer/stores/app'
import { installMonitor } from './support'

beforeEach(() => {
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** Main answers each change when the test says so. */
function install() {
  const answers: { readonly store: () => void; readonly refuse: () => void }[] = []
  let settings: Settings = defaultSettings
  const monitor = installMonitor({
    'settings:set': (change) =>
      new Promise<Settings>((resolve, reject) => {
        answers.push({
          store: () => {
            settings = { ...settings, ...change }
            monitor.emit('settings:changed', settings)
            resolve(settings)
          },
          refuse: () => reject(new Error('the disk is full')),
        })
      }) as unknown as Settings,
    'settings:get': () => defaultSettings,
  })
  return answers
}

describe('a setting that is changed', () => {
  it('stays as changed while the answer to an earlier change arrives', async () => {
    const answers = install()
    const app = useAppStore()
    await app.start()
    const first = app.change({ theme: 'dark' })
    const second = app.change({ keepRunning: true })
    expect(app.settings).toMatchObject({ theme: 'dark', keepRunning: true })
    answers[0]?.store()
    await first
    expect(app.settings).toMatchObject({ theme: 'dark', keepRunning: true })
    answers[1]?.store()
    await second
    expect(app.settings).toMatchObject({ theme: 'dark', keepRunning: true })
  })

  it('is taken back alone, with the reason, if it could not be stored', async () => {
    const answers = install()
    const app = useAppStore()
    await app.start()
    const first = app.change({ theme: 'dark' })
    const second = app.change({ keepRunning: true })
    answers[1]?.store()
    await second
    answers[0]?.refuse()
    await first
    expect(app.settings).toMatchObject({ theme: defaultSettings.theme, keepRunning: true })
    expect(app.notices.at(-1)?.message).toContain('the disk is full')
  })
})
