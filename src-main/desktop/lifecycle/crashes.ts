import type { BrowserWindow } from 'electron'
import type { Notice } from '../../contract/index'
import type { ProgramLog } from './program-log'
import type { Texts } from '../words/texts'

export interface CrashOptions {
  readonly log: ProgramLog
  readonly notify: (notice: Notice) => void
  readonly texts: () => Texts
}

/** An error nobody caught is written down and told; the program goes on, for its data is with the engine. */
export function watchProcess({ log, notify, texts }: CrashOptions): void {
  const told = (event: string, error: unknown): void => {
    log.error(event, error)
    notify({
      level: 'error',
      code: 'internal',
      message: texts().internalError,
      hint: texts().internalErrorHint,
    })
  }
  process.on('uncaughtException', (error) => told('uncaught-exception', error))
  process.on('unhandledRejection', (reason) => told('unhandled-rejection', reason))
}

export interface PageCrashOptions extends CrashOptions {
  readonly isQuitting: () => boolean
  /** Asked when the page crashed again soon after: a page that cannot run must not be loaded for ever. */
  readonly offerReload: () => Promise<boolean>
  readonly quit: () => void
  readonly now?: () => number
}

const soonMs = 60_000

export function watchPage(
  window: BrowserWindow,
  { log, notify, texts, isQuitting, offerReload, quit, now = Date.now }: PageCrashOptions,
): void {
  let lastCrash = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (isQuitting() || reason === 'clean-exit') return
    log.warn('page-gone', { reason, exitCode })
    const again = now() - lastCrash < soonMs
    lastCrash = now()
    if (again) {
      void offerReload().then((wanted) => (wanted ? reload(window) : quit()))
      return
    }
    notify({ level: 'warning', code: 'internal', message: texts().pageCrashed, hint: texts().pageCrashedHint })
    reload(window)
  })
  window.webContents.on('unresponsive', () => log.warn('page-unresponsive'))
  window.webContents.on('preload-error', (_event, _path, error) => log.error('preload-error', error))
}

function reload(window: BrowserWindow): void {
  if (!window.isDestroyed()) window.webContents.reload()
}
