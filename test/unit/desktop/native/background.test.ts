import { beforeEach, expect, test, vi } from 'vitest'
import { createBackground } from '../../../../src-main/desktop/native/background'
import { defaultStoredSettings } from '../../../../src-main/desktop/settings/stored-settings'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { Language } from '../../../../src-main/contract/index'

/** What the system was asked to show. */
const shown = vi.hoisted((): { title: string; body: string }[] => [])
vi.mock('electron', () => ({
  shell: {},
  Notification: class {
    static isSupported = (): boolean => true
    readonly words: { title: string; body: string }
    constructor(words: { title: string; body: string }) {
      this.words = words
    }
    on(): void {
      // Nobody clicks.
    }
    show(): void {
      shown.push(this.words)
    }
  },
}))

beforeEach(() => shown.splice(0))

function background(language: Language, focused = false, notifications = true): ReturnType<typeof createBackground> {
  const stored = {
    ...defaultStoredSettings,
    settings: { ...defaultStoredSettings.settings, language, notifications },
  }
  return createBackground({
    windows: { isFocused: () => focused } as never,
    tray: {} as never,
    engine: {} as never,
    settings: { current: () => stored } as never,
    dialogs: {} as never,
    texts: () => textsFor(language, 'en'),
    locale: () => language,
    timeZone: () => 'UTC',
  })
}

const problem = { level: 'error', code: 'disk-full', message: 'The disk is full.', where: '/data' } as const

test('trouble of the engine is told in the language chosen', () => {
  background('en').engineNotice(problem)
  background('zh').engineNotice(problem)
  expect(shown).toEqual([
    { title: 'Reading the logs needs your attention', body: 'The disk is full.' },
    { title: '读取日志时需要你的处理', body: '磁盘已满。' },
  ])
})

test('nothing is told to a user who looks at a window, wants no notifications, or need do nothing', () => {
  background('en', true).engineNotice(problem)
  background('en', false, false).engineNotice(problem)
  background('en').engineNotice({ ...problem, level: 'warning' })
  expect(shown).toEqual([])
})
