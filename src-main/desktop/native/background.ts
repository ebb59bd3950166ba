import { shell } from 'electron'
import type { ExportDone, Notice, Progress } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { Dialogs } from './dialogs'
import { showNotification } from './notification'
import type { SettingsStore } from '../settings/settings-store'
import { translated } from '../words/texts'
import type { Texts } from '../words/texts'
import type { AppTray } from './tray'
import type { Windows } from '../windows/windows'
import { dayIn, dayStart } from '../../shared/zone'

/** What goes on while no window is looked at: desktop notifications, the tray, going on without windows. */
export interface Background {
  /** A click brings a window to the front and does `act` there. */
  readonly notify: (words: { readonly title: string; readonly body: string }, act: () => void) => void
  readonly exported: (done: ExportDone) => void
  readonly engineNotice: (notice: Notice) => void
  readonly progress: (progress: Progress) => void
  readonly storeChanged: () => void
  /** The last window was closed. Resolves to whether the program goes on. */
  readonly lastClosed: () => Promise<boolean>
  /** Shows or takes away the tray, as the settings say now. */
  readonly apply: () => void
  readonly stop: () => void
}

export interface BackgroundOptions {
  readonly windows: Windows
  readonly tray: AppTray
  readonly engine: Pick<EngineClient, 'call'>
  readonly settings: SettingsStore
  readonly dialogs: Pick<Dialogs, 'tellTray'>
  readonly texts: () => Texts
  readonly locale: () => string
  readonly timeZone: () => string
}

/** Reading for longer than this, ms, is worth a word when it is done. */
const longReadMs = 60_000
/** What the tray tells is asked for at most so often, ms. */
const todayEveryMs = 5000

export function createBackground(options: BackgroundOptions): Background {
  const { windows, tray, engine, settings, dialogs, texts, locale, timeZone } = options
  let readingSince: number | null = null
  let timer: NodeJS.Timeout | null = null
  const keepsRunning = (): boolean => settings.current().settings.keepRunning

  function notify(words: { readonly title: string; readonly body: string }, act: () => void): void {
    if (settings.current().settings.notifications) showNotification(words, act)
  }

  async function refreshToday(): Promise<void> {
    const from = dayStart(dayIn(Date.now(), timeZone()), timeZone())
    const answer = await engine.call('overview', { recentLimit: 0, filter: { from } })
    if (!answer.ok) return
    const { costUsd, rounds } = answer.value.totals
    const cost =
      costUsd === null && rounds > 0
        ? texts().costUnknown
        : new Intl.NumberFormat(locale(), { style: 'currency', currency: 'USD' }).format(costUsd ?? 0)
    const count = new Intl.NumberFormat(locale()).format(rounds)
    tray.setToday(texts().trayToday.replace('{cost}', cost).replace('{rounds}', count))
  }

  function todaySoon(): void {
    if (!keepsRunning()) return
    timer ??= setTimeout(() => {
      timer = null
      void refreshToday()
    }, todayEveryMs)
  }

  function apply(): void {
    tray.show(keepsRunning())
    if (keepsRunning()) void refreshToday()
  }

  return {
    notify,
    apply,
    storeChanged: todaySoon,
    exported(done) {
      if (windows.isFocused()) return
      notify({ title: texts().exportDone, body: done.path }, () => shell.showItemInFolder(done.path))
    },
    engineNotice(notice) {
      if (notice.level !== 'error' || windows.isFocused()) return
      notify({ title: texts().engineTrouble, body: translated(notice.message, texts()) }, () => windows.lead('sources'))
    },
    progress({ active }) {
      if (active) {
        readingSince ??= Date.now()
        return
      }
      const took = readingSince === null ? 0 : Date.now() - readingSince
      readingSince = null
      if (took < longReadMs || windows.isFocused()) return
      notify({ title: texts().firstReadDone, body: texts().firstReadBody }, () => windows.lead('overview'))
    },
    async lastClosed() {
      if (!keepsRunning()) return false
      if (settings.current().toldTray) return true
      settings.update({ toldTray: true })
      return dialogs.tellTray()
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
      tray.show(false)
    },
  }
}
