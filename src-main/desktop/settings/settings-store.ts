import { copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Notice } from '../../contract/index'
import { systemCode } from '../../shared/system-errors'
import { defaultStoredSettings, noLaterEntries, readSettings, writeSettings } from './stored-settings'
import type { StoredSettings } from './stored-settings'
import type { Texts } from '../words/texts'
import { replaceFile } from '../../engine/disk/replace-file'

/** The settings in memory, and their file behind them. */
export interface SettingsStore {
  current(): StoredSettings
  /** Takes effect at once, is on disk a moment later. */
  update(change: Partial<StoredSettings>): void
  /** Resolves when everything up to now is on disk, or could not be put there. */
  flush(): Promise<void>
}

export interface SettingsStoreOptions {
  readonly path: string
  readonly notify: (notice: Notice) => void
  /** Asked for when something is to be said: the language is itself a setting. */
  readonly texts: (stored: StoredSettings) => Texts
  readonly onError?: (event: string, error: unknown) => void
  readonly delayMs?: number
  readonly now?: () => Date
}

/** Reads the file. Whatever is wrong with it, the program starts. */
export async function openSettings({
  path,
  notify,
  texts,
  onError = () => undefined,
  delayMs = 300,
  now = () => new Date(),
}: SettingsStoreOptions): Promise<SettingsStore> {
  let stored = defaultStoredSettings
  let later = noLaterEntries
  let writable = true
  let repaired = false

  try {
    const read = readSettings(await readFile(path, 'utf8'))
    stored = read.stored
    later = read.later
    if (read.damaged.length > 0) {
      const aside = join(dirname(path), `settings.corrupt-${timestamp(now())}.json`)
      await copyFile(path, aside)
      const { settingsCorrupt, settingsCorruptHint } = texts(stored)
      notify({ level: 'warning', code: 'corrupt', message: settingsCorrupt, where: aside, hint: settingsCorruptHint })
      repaired = true
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      // The file holds what the user chose and could not be read, or not be kept aside: so it is not written over.
      writable = false
      onError('settings-unreadable', error)
      const { settingsUnreadable, settingsUnreadableHint } = texts(stored)
      notify({
        level: 'warning',
        code: systemCode(error) === 'EACCES' ? 'permission' : 'unreadable',
        message: settingsUnreadable,
        where: path,
        hint: settingsUnreadableHint,
      })
    }
  }

  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let failureTold = false

  const write = async (): Promise<void> => {
    try {
      await replaceFile(path, writeSettings(stored, later))
      failureTold = false
    } catch (error) {
      onError('settings-not-saved', error)
      if (failureTold) return
      failureTold = true
      const { settingsNotSaved, settingsNotSavedHint } = texts(stored)
      notify({
        level: 'error',
        code: systemCode(error) === 'ENOSPC' ? 'disk-full' : 'read-only',
        message: settingsNotSaved,
        where: path,
        hint: settingsNotSavedHint,
      })
    }
  }

  const startWriting = (): Promise<void> => {
    timer = null
    writing = writing.then(write)
    return writing
  }

  const schedule = (): void => {
    if (writable) timer ??= setTimeout(() => void startWriting(), delayMs)
  }
  // Else the same damage would be told again at every start.
  if (repaired) schedule()

  return {
    current: () => stored,
    update(change) {
      stored = { ...stored, ...change }
      schedule()
    },
    flush() {
      if (timer === null) return writing
      clearTimeout(timer)
      return startWriting()
    },
  }
}

/** 2026-02-05T10-11-12: sorts by time and is a file name everywhere. */
function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(':', '-')
}
