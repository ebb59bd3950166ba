import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppError, EngineWork, Result } from '../../contract/index'
import { listSegments } from '../../engine/archive/segment'
import {
  AGREED_DELETION,
  ARCHIVE,
  FORMER_ARCHIVE,
  LOCK,
  NEXT_ARCHIVE,
  PRICES,
  SNAPSHOT,
} from '../../engine/disk/store-names'
import { lockHolder } from '../../engine/disk/store-lock'
import type { Dialogs } from '../native/dialogs'
import type { SupervisedEngine } from '../lifecycle/engine-supervisor'
import { isInside } from '../../engine/disk/inside'
import { failed, ok, toAppError } from '../../shared/result'
import type { Texts } from '../words/texts'

/** Where the history is kept, and moving to another folder. */
export interface DataFolder {
  /** Absolute. */
  readonly current: () => string
  readonly open: () => void
  /** Asks for a folder and uses that from now on; null when the user cancelled. The former one stays as it is. */
  readonly change: () => Promise<Result<string | null>>
}

export interface DataFolderOptions {
  readonly engine: Pick<SupervisedEngine, 'call' | 'restart'>
  readonly dialogs: Pick<Dialogs, 'chooseDataFolder' | 'askAboutHistory'>
  readonly texts: () => Texts
  readonly current: () => string
  readonly set: (folder: string) => void
  readonly show: (folder: string) => void
  /** Tells what the engine is away for; null when it is back. */
  readonly onWork: (work: EngineWork) => void
  /** The new engine is to be told what to watch. */
  readonly onChanged: () => Promise<unknown>
}

/** What a chosen folder is. */
type Chosen =
  { readonly kind: 'store' } | { readonly kind: 'empty' } | { readonly kind: 'unusable'; readonly error: AppError }

/** What is left behind or copied would still hold what is to be deleted. */
const deletionUnderWay: AppError = {
  code: 'refused',
  message: 'A deletion is in progress.',
  hint: 'Let it end, or cancel it, then choose the folder again.',
}

export function createDataFolder(options: DataFolderOptions): DataFolder {
  const { engine, dialogs, texts, current, set, show, onWork, onChanged } = options

  async function use(folder: string, between: () => Promise<void>): Promise<Result<string>> {
    const former = current()
    onWork({ what: 'data-folder', share: null })
    try {
      const problems: AppError[] = []
      const opened = await engine.restart(async () => {
        try {
          await between()
          set(folder)
        } catch (error) {
          problems.push(toAppError(error, folder))
        }
      })
      const [problem] = problems
      if (problem !== undefined) return failed(problem)
      if (opened.ok) return ok(folder)
      // Back to what worked.
      set(former)
      await engine.restart()
      return opened
    } finally {
      onWork(null)
      await onChanged()
    }
  }

  return {
    current,
    open: () => show(current()),
    async change() {
      const deletion = await engine.call('deletion')
      if (deletion.ok && deletion.value.active) return failed(deletionUnderWay)
      const folder = await dialogs.chooseDataFolder(current())
      if (folder === null || folder === current()) return ok(null)
      const chosen = await lookAt(folder, current(), texts())
      switch (chosen.kind) {
        case 'unusable':
          return failed(chosen.error)
        case 'store':
          return use(folder, () => Promise.resolve())
        case 'empty': {
          const wanted = await dialogs.askAboutHistory(folder)
          if (wanted === null) return ok(null)
          const former = current()
          return use(folder, () => (wanted === 'copy' ? copyStore(former, folder) : Promise.resolve()))
        }
      }
    },
  }
}

/** Whether the history can be kept in `folder`. Purely looks, but for a file that it writes and takes away again. */
export async function lookAt(folder: string, current: string, texts: Texts): Promise<Chosen> {
  const unusable = (error: AppError): Chosen => ({ kind: 'unusable', error: { where: folder, ...error } })
  try {
    if (isInside(current, folder)) {
      return unusable({ code: 'refused', message: texts.folderIsInside, hint: texts.folderNotEmptyHint })
    }
    const probe = join(folder, `.writable.${String(process.pid)}`)
    await writeFile(probe, '')
    await rm(probe)
    const names = await readdir(folder)
    if (lockHolder(folder) !== null) return unusable({ code: 'store-in-use', message: texts.folderInUse })
    if (await isStore(folder, names)) return { kind: 'store' }
    if (names.length > 0) {
      return unusable({ code: 'refused', message: texts.folderNotEmpty, hint: texts.folderNotEmptyHint })
    }
    return { kind: 'empty' }
  } catch (error) {
    return unusable(toAppError(error))
  }
}

const STORE_NAMES: ReadonlySet<string> = new Set([ARCHIVE, SNAPSHOT, PRICES, LOCK, AGREED_DELETION])

/**
 * Whether there is a history. A folder of the user's own may be called "archive" too, and deleting part of a history
 * replaces its archive as a whole: what else lies in it would be gone.
 */
async function isStore(folder: string, names: readonly string[]): Promise<boolean> {
  const archive = join(folder, ARCHIVE)
  if (!names.includes(ARCHIVE) || !(await stat(archive)).isDirectory()) return false
  const archived = await readdir(archive)
  if (archived.length === 0) return names.every((name) => STORE_NAMES.has(name))
  return listSegments(archive).length > 0
}

/** What of a store is worth a copy: the lock is of the folder it lies in, and a deletion that was cut short is in vain. */
const copied = (name: string): boolean =>
  name !== LOCK && name !== NEXT_ARCHIVE && name !== FORMER_ARCHIVE && !name.endsWith('.tmp')

/**
 * Copies a store that nobody writes to into an empty folder, whole or not at all. The former stays. Quitting the program
 * may end it anywhere: the archive, which makes a folder a store, has its name only when all is there. Until then it is
 * the next one, which the engine takes away where it was left.
 */
async function copyStore(from: string, to: string): Promise<void> {
  const names = (await readdir(from)).filter(copied)
  const nameOf = (name: string): string => (name === ARCHIVE ? NEXT_ARCHIVE : name)
  try {
    await mkdir(to, { recursive: true })
    for (const name of names) {
      await cp(join(from, name), join(to, nameOf(name)), {
        recursive: true,
        // Two data folders with one archive would spoil each other's.
        dereference: true,
        errorOnExist: true,
        force: false,
        preserveTimestamps: true,
      })
    }
    if (names.includes(ARCHIVE)) await rename(join(to, NEXT_ARCHIVE), join(to, ARCHIVE))
  } catch (error) {
    await Promise.all(names.map((name) => rm(join(to, nameOf(name)), { recursive: true, force: true })))
    throw error
  }
}
