import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { backgrounds } from './window-background'
import { minimumSize } from './window-bounds'
import type { ProgramFiles } from '../lifecycle/locations'
import type { TrustedPages } from '../pages/origin'
import type { WindowPlacement } from '../settings/stored-settings'

export interface WindowOptions {
  readonly title: string
  readonly files: ProgramFiles
  readonly pages: TrustedPages
  readonly placed: { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number }
  readonly maximized: boolean
  /** What follows the start page's address. */
  readonly address: string
  readonly onPlaced: (placement: WindowPlacement) => void
}

/** Opens a window with the walls that every window has. */
export function openWindow({
  title,
  files,
  pages,
  placed,
  maximized,
  address,
  onPlaced,
}: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title,
    ...placed,
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
    if (maximized) window.maximize()
    window.show()
  })

  const tellPlace = (): void => {
    if (!window.isMinimized() && !window.isFullScreen()) {
      onPlaced({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    }
  }
  window.on('resize', tellPlace)
  window.on('move', tellPlace)
  window.on('maximize', tellPlace)
  window.on('unmaximize', tellPlace)

  const repaint = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))

  void window.loadURL(`${pages.startUrl}${address}`)
  return window
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}
