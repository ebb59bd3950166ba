import { stat } from 'node:fs/promises'
import type { AppError, Notice, Result, WatchedSource } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { Dialogs } from '../native/dialogs'
import { ok } from '../../shared/result'
import { withRecent } from '../native/recent-documents'
import { copySampleLog } from './sample-log'
import type { SettingsStore } from '../settings/settings-store'
import type { StoredSettings } from '../settings/stored-settings'
import { translated, unusablePath } from '../words/texts'
import type { Texts } from '../words/texts'

/** The paths the user chose: kept in the settings, watched by the engine. */
export interface WatchedSources {
  /** Tells the engine what to watch; at start and after the engine was started again. */
  readonly watch: () => Promise<Result<void>>
  /** Shows the native dialog and adds what was chosen. The value is the paths that are watched now because of it. */
  readonly choose: (kind: 'folder' | 'file') => Promise<Result<readonly string[]>>
  /** Adds paths the user dropped, asking about those that hold nothing. */
  readonly add: (paths: readonly string[]) => Promise<Result<readonly string[]>>
  /** Adds paths nobody is waiting in front of (command line): what cannot be added is told by a notice. */
  readonly addUnattended: (paths: readonly string[]) => Promise<void>
  readonly openSample: () => Promise<Result<readonly string[]>>
  /** Adds a path chosen earlier again, asking about it when it holds nothing now. */
  readonly openRecent: (path: string) => Promise<Result<readonly string[]>>
  readonly clearRecent: () => void
  readonly setPaused: (path: string, paused: boolean) => Promise<Result<void>>
  /** All of them at once. */
  readonly setAllPaused: (paused: boolean) => Promise<Result<void>>
  readonly allPaused: () => boolean
  readonly recent: () => readonly string[]
  readonly setSessionKey: (path: string, sessionKey: string | null) => Promise<Result<void>>
  readonly remove: (path: string) => Promise<Result<void>>
  /** Removes it, and has the engine delete what was read through it. */
  readonly removeWithData: (path: string) => Promise<Result<void>>
  /** At start: has the engine delete the data of a source, where the program ended before it was told to. */
  readonly finishRemoval: () => Promise<Result<void>>
}

export interface WatchedSourcesOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly settings: SettingsStore
  readonly dialogs: Pick<Dialogs, 'chooseLogs' | 'explainUnusable'>
  readonly notify: (notice: Notice) => void
  readonly texts: () => Texts
  /** Other paths were chosen lately. */
  readonly onRecent: (recent: readonly string[]) => void
  readonly sample: { readonly from: string; readonly to: string }
}

type Unusable = (path: string, error: AppError, isFolder: boolean) => Promise<boolean>

export function createWatchedSources({
  engine,
  settings,
  dialogs,
  notify,
  texts,
  onRecent,
  sample,
}: WatchedSourcesOptions): WatchedSources {
  const watch = (): Promise<Result<void>> => {
    const { sources, sourceOptions } = settings.current()
    return engine.call(
      'watch',
      sources.map((path) => sourceOptions.find((options) => options.path === path) ?? path),
    )
  }

  const change = (path: string, options: Omit<WatchedSource, 'path'>): Promise<Result<void>> => {
    const { sources, sourceOptions } = settings.current()
    // Removed in another window meanwhile. Kept all the same, options of no path would pile up.
    if (!sources.includes(path)) return Promise.resolve(ok(undefined))
    const before = sourceOptions.find((other) => other.path === path)
    settings.update({
      sourceOptions: [...sourceOptions.filter((other) => other.path !== path), { path, ...before, ...options }],
    })
    return watch()
  }

  function setRecent(recent: readonly string[]): void {
    settings.update({ recent })
    onRecent(recent)
  }

  const addChecked = async (paths: readonly string[], keepAnyway: Unusable): Promise<Result<readonly string[]>> => {
    const usable: string[] = []
    for (const path of new Set(paths)) {
      if (settings.current().sources.includes(path)) {
        usable.push(path)
        continue
      }
      const probed = await engine.call('probe', path)
      if (probed.ok || (await keepAnyway(path, probed.error, await isFolder(path)))) usable.push(path)
    }
    if (usable.length === 0) return ok([])
    // Read again: another choice may have been made while a dialog was open.
    settings.update({ sources: [...new Set([...settings.current().sources, ...usable])] })
    setRecent(
      withRecent(
        settings.current().recent,
        usable.filter((path) => path !== sample.to),
      ),
    )
    const watching = await watch()
    return watching.ok ? ok(usable) : watching
  }

  const without = (path: string): Pick<StoredSettings, 'sources' | 'sourceOptions'> => {
    const { sources, sourceOptions } = settings.current()
    return {
      sources: sources.filter((source) => source !== path),
      sourceOptions: sourceOptions.filter((options) => options.path !== path),
    }
  }

  const deleteDataOf = async (path: string): Promise<Result<void>> => {
    const deletion = await engine.call('startDeletion', { source: path })
    settings.update({ removing: null })
    return deletion
  }

  const add = (paths: readonly string[]): Promise<Result<readonly string[]>> =>
    addChecked(paths, (path, error, folder) => dialogs.explainUnusable(path, error, folder))

  return {
    watch,
    add,

    async choose(kind) {
      return add(await dialogs.chooseLogs(kind))
    },

    async addUnattended(paths) {
      const added = await addChecked(paths, (path, error, folder) => {
        const reason = unusablePath(texts(), error.code, folder)
        notify({
          level: 'warning',
          ...error,
          where: path,
          message: texts().notAddedNotice.replace(
            '{reason}',
            () => reason?.message ?? translated(error.message, texts()),
          ),
          ...(reason === null ? {} : { hint: reason.hint }),
        })
        return Promise.resolve(false)
      })
      if (!added.ok) notify({ level: 'error', ...added.error })
    },

    async openSample() {
      await copySampleLog(sample.from, sample.to)
      return add([sample.to])
    },

    async openRecent(path) {
      if (!settings.current().recent.includes(path)) return ok([])
      const added = await add([path])
      // The list is read now: another path may have been chosen while a dialog was open.
      if (added.ok && added.value.length === 0) {
        setRecent(settings.current().recent.filter((other) => other !== path))
      }
      return added
    },

    clearRecent: () => setRecent([]),

    async setAllPaused(paused) {
      const { sources, sourceOptions } = settings.current()
      settings.update({
        sourceOptions: sources.map((path) => ({
          ...sourceOptions.find((options) => options.path === path),
          path,
          paused,
        })),
      })
      return watch()
    },

    allPaused() {
      const { sources, sourceOptions } = settings.current()
      const isPaused = (path: string): boolean =>
        sourceOptions.find((options) => options.path === path)?.paused === true
      return sources.length > 0 && sources.every(isPaused)
    },

    recent: () => settings.current().recent,

    setPaused: (path, paused) => change(path, { paused }),
    setSessionKey: (path, sessionKey) => change(path, { sessionKey }),

    remove(path) {
      settings.update(without(path))
      return watch()
    },

    async removeWithData(path) {
      // Refused while another deletion is under way: then the source is to stay.
      const deletion = await engine.call('deletion')
      if (deletion.ok && deletion.value.active) return engine.call('startDeletion', { source: path })
      settings.update({ ...without(path), removing: path })
      // A source that is deleted and still in the settings would be read anew at the next start.
      await settings.flush()
      const removed = await watch()
      return removed.ok ? deleteDataOf(path) : removed
    },

    async finishRemoval() {
      const { removing, sources } = settings.current()
      if (removing === null) return ok(undefined)
      const stored = await engine.call('storedSources')
      if (!stored.ok) return stored
      // It was done, or the source was added again.
      if (sources.includes(removing) || !stored.value.includes(removing)) {
        settings.update({ removing: null })
        return ok(undefined)
      }
      // Of this source, as a rule, which the engine goes on with by itself: the next start sees.
      const deletion = await engine.call('deletion')
      return deletion.ok && !deletion.value.active ? deleteDataOf(removing) : ok(undefined)
    },
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
