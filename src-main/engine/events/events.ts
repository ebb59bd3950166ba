import type { DeletionProgress, Progress, SourcesStatus } from '../../contract/index'
import { toAppError } from '../base/errors'
import { Listeners } from './listeners'
import type { EngineEvents } from '../../contract/index'

/** Events to the outside are at least this far apart, ms. */
const EVENT_MS = 100

/** What the events tell of, as it is at the moment. */
export interface ToldState {
  readonly revision: () => number
  readonly progress: () => Progress
  readonly sources: () => SourcesStatus
  readonly deletion: () => DeletionProgress
}

/** Tells listeners what has become different: at most ten times a second, however often it is noted here. */
export class Events {
  readonly #state: ToldState
  readonly #listeners = new Listeners()
  /** Whoever heard another engine before this one has to ask anew: days may be of another time zone, the store another. */
  #changed = true
  #progressShown = false
  #toldSources = ''
  #toldDeletion: DeletionProgress
  #lastTime = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(state: ToldState, deletion: DeletionProgress) {
    this.#state = state
    this.#toldDeletion = deletion
  }

  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
    return this.#listeners.on(event, listener)
  }

  /** What is stored has changed: told with the next events. */
  markChanged(): void {
    this.#changed = true
  }

  /** What is stored has changed. */
  changed(): void {
    this.#changed = true
    this.soon()
  }

  /** There may be something to tell. Never told before this returns: whoever calls may be in the middle of a change. */
  soon(): void {
    if (this.#closed) return
    const wait = Math.max(0, this.#lastTime + EVENT_MS - performance.now())
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell()
    }, wait)
  }

  /** Tells of the deletion at once, where that is news. */
  tellDeletion(): void {
    const deletion = this.#state.deletion()
    if (deletion === this.#toldDeletion) return
    this.#toldDeletion = deletion
    this.emit('deletion', deletion)
  }

  notify(error: unknown): void {
    this.emit('notice', { level: 'error', ...toAppError(error) })
  }

  emit<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void {
    this.#listeners.emit(event, payload)
  }

  /** Nothing is told by itself any more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #tell(): void {
    this.#lastTime = performance.now()
    const progress = this.#state.progress()
    if (progress.active || this.#progressShown) this.emit('progress', progress)
    this.#progressShown = progress.active
    // Its end may be noted by nobody: where a file held nothing new, nothing has become different.
    if (progress.active) this.soon()
    this.tellDeletion()
    if (this.#changed) {
      this.#changed = false
      this.emit('changed', { revision: this.#state.revision() })
    }
    // A folder that vanished or a file that can't be opened changes no request, and is news all the same.
    const sources = this.#state.sources()
    const told = JSON.stringify(sources)
    if (told === this.#toldSources) return
    this.#toldSources = told
    this.emit('sources', sources)
  }
}
