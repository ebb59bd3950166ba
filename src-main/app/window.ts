import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { backgrounds } from './window-background'
import { minimumSize, placeWindow } from './window-bounds'
import type { ProgramFiles } from './locations'
import type { TrustedPages } from './origin'
import type { WindowPlacement } from './stored-settings'

export interface WindowOptions {
  readonly title: string
  readonly files: ProgramFiles
  readonly pages: TrustedPages
  readonly placement: WindowPlacement | null
  /** Session to begin with; null: as the page sees fit. */
  readonly session: string | null
  readonly onPlaced: (placement: WindowPlacement) => void
}

export function openWindow({ title, files, pages, placement, session, onPlaced }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title,
    ...placeWindow(placement, displays()),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    backgroundColor: background(),
    // Elsewhere the icon comes from the executable or the bundle.
    ...(process.platform === 'linux' ? { icon: join(files.icons, 'icon.png') } : {}),
    webPreferences: {
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: pages.development,
    },
  })

  window.once('ready-to-show', () => {
    if (placement?.maximized === true) window.maximize()
    window.show()
  })

  const placed = (): void => {
    if (!window.isMinimized() && !window.isFullScreen()) {
      onPlaced({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    }
  }
  window.on('resize', placed)
  window.on('move', placed)
  window.on('maximize', placed)
  window.on('unmaximize', placed)

  const repaint = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))

  void window.loadURL(session === null ? pages.startUrl : `${pages.startUrl}?session=${encodeURIComponent(session)}`)
  return window
}

/** The displays there are, the primary one first. */
function displays(): Electron.Display[] {
  const primary = screen.getPrimaryDisplay()
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)]
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}
