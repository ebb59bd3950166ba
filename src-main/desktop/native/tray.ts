import { join } from 'node:path'
import { Menu, nativeImage, Tray } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import type { ProgramLog } from '../lifecycle/program-log'
import type { Texts } from '../words/texts'

export interface TrayCommands {
  open(): void
  /** True while every source is paused. */
  allPaused(): boolean
  setAllPaused(paused: boolean): void
  quit(): void
}

export interface AppTray {
  /** Shown or not; the words in it are those of now. */
  show(shown: boolean): void
  setToday(words: string | null): void
}

/** The tray's menu as plain data. */
function trayTemplate(texts: Texts, today: string | null, commands: TrayCommands): MenuItemConstructorOptions[] {
  const paused = commands.allPaused()
  return [
    { id: 'tray-open', label: texts.trayOpen, click: () => commands.open() },
    ...(today === null ? [] : [{ id: 'tray-today', label: today, enabled: false }]),
    { type: 'separator' },
    {
      id: 'tray-pause',
      label: paused ? texts.resumeAll : texts.pauseAll,
      click: () => commands.setAllPaused(!paused),
    },
    { type: 'separator' },
    { id: 'tray-quit', label: texts.quit, click: () => commands.quit() },
  ]
}

/** A system without a tray is no failure: the program can be started again to get its window. */
export function createTray(icons: string, texts: () => Texts, commands: TrayCommands, log: ProgramLog): AppTray {
  let tray: Tray | null = null
  let today: string | null = null

  function refresh(): void {
    tray?.setContextMenu(Menu.buildFromTemplate(trayTemplate(texts(), today, commands)))
    tray?.setToolTip([texts().productName, today].filter(Boolean).join('\n'))
  }

  return {
    show(shown) {
      if (!shown) {
        tray?.destroy()
        tray = null
        return
      }
      try {
        if (tray === null) {
          const size = process.platform === 'darwin' ? '16x16.png' : '32x32.png'
          tray = new Tray(nativeImage.createFromPath(join(icons, size)))
          tray.on('click', () => commands.open())
        }
        refresh()
      } catch (error) {
        log.error('no-tray', error)
      }
    },
    setToday(words) {
      if (words === today) return
      today = words
      refresh()
    },
  }
}
