import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'

/** Events come in bursts: one look for all of the next moment, ms. */
const BURST_MS = 15

interface WatchedFolder {
  readonly watcher: FSWatcher
  /** "device:inode" of the folder that is watched: its path may come to name another one. */
  readonly identity: string
}

/**
 * Calls `onWake` when something may have happened in the watched folders. Events are only hints: they get lost, and some
 * file systems (network drives, some containers) send none, so the folders are looked at every `pollMs` all the same.
 */
export class Wake {
  readonly #onWake: () => void
  readonly #pollMs: number
  readonly #fileEvents: boolean
  readonly #folders = new Map<string, WatchedFolder>()
  #paths: readonly string[] = []
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined

  constructor(onWake: () => void, options: { readonly pollMs: number; readonly fileEvents: boolean }) {
    this.#onWake = onWake
    this.#pollMs = options.pollMs
    this.#fileEvents = options.fileEvents
  }

  /** Watches the folders that `paths` are, or are in. */
  start(paths: readonly string[]): void {
    this.stop()
    this.#paths = paths
    this.#watchFolders()
    this.#timer = setInterval(() => {
      this.#watchFolders()
      this.#onWake()
    }, this.#pollMs)
  }

  stop(): void {
    for (const { watcher } of this.#folders.values()) watcher.close()
    this.#folders.clear()
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
    this.#soon = undefined
  }

  /** Watches each folder that is there, anew where another folder took its place: a watcher follows the old one. */
  #watchFolders(): void {
    if (!this.#fileEvents) return
    const wanted = new Set(this.#paths.map(folderOf))
    for (const [folder, { watcher }] of this.#folders) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#folders.delete(folder)
    }
    for (const folder of wanted) this.#watchFolder(folder)
  }

  #watchFolder(folder: string): void {
    const identity = identityOf(folder)
    const watched = this.#folders.get(folder)
    if (watched?.identity === identity) return
    watched?.watcher.close()
    this.#folders.delete(folder)
    if (identity === null) return
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#wakeSoon()
      })
      // A watched folder that goes away must not take the program with it; polling goes on.
      watcher.on('error', () => {
        watcher.close()
        if (this.#folders.get(folder)?.watcher === watcher) this.#folders.delete(folder)
      })
      this.#folders.set(folder, { watcher, identity })
    } catch {
      // No events here, or no descriptor left for them: polling alone, and the next poll tries again.
    }
  }

  #wakeSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      this.#onWake()
    }, BURST_MS)
  }
}

function identityOf(folder: string): string | null {
  try {
    const { dev, ino } = statSync(folder, { bigint: true })
    return `${String(dev)}:${String(ino)}`
  } catch {
    return null
  }
}

function folderOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? path : dirname(path)
  } catch {
    return dirname(path)
  }
}
