import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Calls `onWake` when something may have happened in the watched folders. Events are only hints: they get lost, and some
 * file systems (network drives, some containers) send none, so the folders are looked at every `pollMs` all the same.
 */
export class Wake {
  readonly #onWake: () => void
  readonly #pollMs: number
  #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined

  constructor(onWake: () => void, pollMs: number) {
    this.#onWake = onWake
    this.#pollMs = pollMs
  }

  /** Watches the folders that `paths` are, or are in. */
  start(paths: readonly string[]): void {
    this.stop()
    for (const folder of new Set(paths.map(folderOf))) {
      try {
        const watcher = watch(folder, { persistent: false }, () => {
          this.#wakeSoon()
        })
        // A watched folder that goes away must not take the program with it; polling goes on.
        watcher.on('error', () => {
          watcher.close()
        })
        this.#watchers.push(watcher)
      } catch {
        // No events here: polling alone.
      }
    }
    this.#timer = setInterval(this.#onWake, this.#pollMs)
  }

  stop(): void {
    for (const watcher of this.#watchers) watcher.close()
    this.#watchers = []
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
    this.#soon = undefined
  }

  /** Writers write in bursts: one look for all events of the next moment. */
  #wakeSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      this.#onWake()
    }, BURST_MS)
  }
}

const BURST_MS = 15

function folderOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? path : dirname(path)
  } catch {
    return dirname(path)
  }
}
