import { dialog, shell } from 'electron'
import type { BrowserWindow, MessageBoxOptions } from 'electron'
import type { AppError, ExportRequest } from '../../contract/index'
import { extensions } from '../../shared/export-names'
import { translated, unusablePath } from '../words/texts'
import type { Texts } from '../words/texts'

/** The native dialogs, in the user's language and belonging to the window. */
export interface Dialogs {
  /** Paths of the logs or of the folder the user chose; empty when cancelled. */
  chooseLogs(kind: 'folder' | 'file'): Promise<readonly string[]>
  /** Says in words why a chosen path is of no use. True when it is a folder the user wants watched anyway. */
  explainUnusable(path: string, error: AppError, isFolder: boolean): Promise<boolean>
  /** Where to save; null when cancelled. `scope`: which rounds count, in words; null: all. */
  chooseExportFile(request: ExportRequest, defaultPath: string, scope: string | null): Promise<string | null>
  /** Whether these files, which are there already, are to be replaced. */
  askReplace(paths: readonly string[]): Promise<boolean>
  /** A file of prices to read; null when cancelled. */
  choosePriceFile(folder: string): Promise<string | null>
  choosePriceTarget(defaultPath: string): Promise<string | null>
  /** A folder for the history; null when cancelled. */
  chooseDataFolder(now: string): Promise<string | null>
  /** Whether the empty folder gets a copy of the history or a new one; null when cancelled. */
  askAboutHistory(folder: string): Promise<'copy' | 'new' | null>
  /** Says where the program is when its last window was closed. False when it is to end instead. */
  tellTray(): Promise<boolean>
  /** Opens a link in the browser if the user says so, having seen where it leads. */
  offerExternalLink(url: string): Promise<void>
  /** True when the page that crashed again is to be loaded once more. */
  readonly offerReload: () => Promise<boolean>
}

export function createDialogs(window: () => BrowserWindow | null, texts: () => Texts): Dialogs {
  const ask = async (options: MessageBoxOptions): Promise<number> => {
    const parent = window()
    const plain = { noLink: true, ...options }
    const { response } = await (parent === null ? dialog.showMessageBox(plain) : dialog.showMessageBox(parent, plain))
    return response
  }

  const save = async (title: string, defaultPath: string, extension: string): Promise<string | null> => {
    const parent = window()
    const filters = [{ name: texts().fileKind.replace('{kind}', extension.toUpperCase()), extensions: [extension] }]
    // macOS shows no title, but a message.
    const options = { title, message: title, defaultPath, filters }
    const { canceled, filePath } = await (parent === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(parent, options))
    return canceled || filePath === '' ? null : filePath
  }

  let askingAboutLink = false

  return {
    async chooseLogs(kind) {
      const parent = window()
      const { chooseFolderTitle, chooseFileTitle, watch, logFiles, allFiles } = texts()
      const options: Electron.OpenDialogOptions =
        kind === 'folder'
          ? { title: chooseFolderTitle, buttonLabel: watch, properties: ['openDirectory', 'showHiddenFiles'] }
          : {
              title: chooseFileTitle,
              buttonLabel: watch,
              properties: ['openFile', 'multiSelections', 'showHiddenFiles'],
              // A rotated log is access.log.1: no list of extensions names them all.
              filters: [
                { name: allFiles, extensions: ['*'] },
                { name: logFiles, extensions: ['log', 'gz'] },
              ],
            }
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options))
      return canceled ? [] : filePaths
    },

    async explainUnusable(path, error, isFolder) {
      const { notAdded, watchAnyway, watchAnywayHint, cancel, understood } = texts()
      const { message, hint } = unusablePath(texts(), error.code, isFolder) ?? {
        message: translated(error.message, texts()),
        hint: error.hint === undefined ? undefined : translated(error.hint, texts()),
      }
      const mayWatchAnyway = isFolder && error.code === 'no-logs'
      const detail = [path, hint, mayWatchAnyway ? watchAnywayHint : undefined].filter((line) => line !== undefined)
      const response = await ask({
        type: 'warning',
        title: notAdded,
        message,
        detail: detail.join('\n\n'),
        buttons: mayWatchAnyway ? [cancel, watchAnyway] : [understood],
        defaultId: 0,
        cancelId: 0,
      })
      return mayWatchAnyway && response === 1
    },

    chooseExportFile(request, defaultPath, scope) {
      const { saveReportTitle, saveRoundsTitle, saveSessionTitle, scopeAll } = texts()
      const title = { report: saveReportTitle, rounds: saveRoundsTitle, session: saveSessionTitle }[request.what]
      return save(
        title.replace('{scope}', () => scope ?? scopeAll),
        defaultPath,
        extensions[request.format],
      )
    },

    async askReplace(paths) {
      const { replaceQuestion, replace, cancel } = texts()
      const response = await ask({
        type: 'warning',
        message: replaceQuestion,
        detail: paths.join('\n'),
        buttons: [cancel, replace],
        defaultId: 0,
        cancelId: 0,
      })
      return response === 1
    },

    choosePriceTarget: (defaultPath) => save(texts().savePricesTitle, defaultPath, 'json'),

    async choosePriceFile(folder) {
      const parent = window()
      const options: Electron.OpenDialogOptions = {
        title: texts().openPricesTitle,
        defaultPath: folder,
        properties: ['openFile'],
        filters: [{ name: texts().fileKind.replace('{kind}', 'JSON'), extensions: ['json'] }],
      }
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options))
      return canceled ? null : (filePaths[0] ?? null)
    },

    async chooseDataFolder(now) {
      const parent = window()
      const { chooseDataFolderTitle: title } = texts()
      const options: Electron.OpenDialogOptions = {
        title,
        message: title,
        defaultPath: now,
        properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
      }
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options))
      return canceled ? null : (filePaths[0] ?? null)
    },

    async askAboutHistory(folder) {
      const { historyQuestion, historyDetail, historyCopy, historyNew, cancel } = texts()
      const response = await ask({
        type: 'question',
        message: historyQuestion,
        detail: `${folder}\n\n${historyDetail}`,
        buttons: [cancel, historyNew, historyCopy],
        defaultId: 2,
        cancelId: 0,
      })
      return ([null, 'new', 'copy'] as const)[response] ?? null
    },

    async tellTray() {
      const { trayTold, trayToldDetail, understood, quit } = texts()
      const response = await ask({
        type: 'info',
        message: trayTold,
        detail: trayToldDetail,
        buttons: [understood, quit],
        defaultId: 0,
        cancelId: 0,
      })
      return response !== 1
    },

    async offerExternalLink(url) {
      // A log may hold any number of links; a page must not be able to pile up questions.
      if (askingAboutLink || !/^https?:\/\//i.test(url)) return
      askingAboutLink = true
      try {
        const { externalLink, openInBrowser, cancel } = texts()
        const response = await ask({
          type: 'question',
          message: externalLink,
          detail: url.slice(0, 1000),
          buttons: [cancel, openInBrowser],
          defaultId: 0,
          cancelId: 0,
        })
        if (response === 1) await shell.openExternal(url)
      } finally {
        askingAboutLink = false
      }
    },

    async offerReload() {
      const { pageKeepsCrashing, loadAgain, quit } = texts()
      const response = await ask({
        type: 'error',
        message: pageKeepsCrashing,
        buttons: [loadAgain, quit],
        defaultId: 0,
        cancelId: 1,
      })
      return response === 0
    },
  }
}
