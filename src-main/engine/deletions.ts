import type { DataSelection, DeletionProgress } from '../contract/index'
import { leaveInterrupted } from './archive/folder'
import { deleteData, type Deleted } from './deletion'
import { EngineError, toAppError } from './errors'
import type { Events } from './events'
import { Interrupted, type Reading } from './reading'
import type { StoreParts } from './store-parts'

/** Before the first one. */
export const NO_DELETION: DeletionProgress = {
  active: false,
  done: 0,
  total: 0,
  secondsLeft: null,
  result: null,
  error: null,
}

/** What deletions work with. */
export interface DeletionsHost {
  readonly parts: () => StoreParts
  readonly reading: Reading
  readonly events: Events
  /** Goes on with what a deletion left. */
  readonly adopt: (deleted: Deleted) => void
}

/** The deletion under way, and how the latest one ended. It takes the turn of the reading: one at a time. */
export class Deletions {
  readonly #host: DeletionsHost
  #latest = NO_DELETION
  #cancelled = false

  constructor(host: DeletionsHost) {
    this.#host = host
  }

  get latest(): DeletionProgress {
    return this.#latest
  }

  /** Throws `refused` while one is under way, or for a source that is still watched. */
  start(selection: DataSelection): void {
    if (this.#latest.active) throw new EngineError('refused', 'A deletion is under way.')
    if ('source' in selection && this.#host.reading.follower.paths.includes(selection.source)) {
      throw new EngineError('refused', 'This path is still watched.', {
        where: selection.source,
        hint: 'Remove it from the sources first.',
      })
    }
    void this.run(selection)
  }

  /** As start; resolves when it is over, to how it ended. */
  async run(selection: DataSelection): Promise<DeletionProgress> {
    const { reading, parts, events } = this.#host
    this.#cancelled = false
    this.#latest = { ...NO_DELETION, active: true }
    events.tellDeletion()
    const { dataFolder } = parts().store
    // Whoever waits for its turn meanwhile is not told of a failure.
    await reading.takeTurn(() =>
      this.#delete(selection).catch((error: unknown) => {
        if (error instanceof EngineError && error.code === 'corrupt') parts().store.distrustIndex()
        if (error instanceof Interrupted && !this.#cancelled) leaveInterrupted(dataFolder)
        this.#tell({ ...NO_DELETION, error: error instanceof Interrupted ? null : toAppError(error) })
      }),
    )
    return this.#latest
  }

  cancel(): void {
    this.#cancelled = true
  }

  /** Whoever was told that one is under way would wait for its end for ever: nothing more is told of a closed engine. */
  close(): void {
    if (this.#latest.active) this.#latest = NO_DELETION
    this.#host.events.tellDeletion()
  }

  async #delete(selection: DataSelection): Promise<void> {
    const { reading, parts, events, adopt } = this.#host
    const started = performance.now()
    const { store, conversations, prices } = parts()
    await reading.flush()
    await prices.settled()
    const deleted = await deleteData({
      store,
      conversations,
      selection,
      files: [...reading.follower.files].map((file) => file.checkpoint()),
      pause: () => reading.letOthersWork(() => this.#cancelled),
      progress: ({ done, total }) => {
        const seconds = (performance.now() - started) / 1000
        const secondsLeft = seconds < 0.5 ? null : ((total - done) * seconds) / done
        this.#tell({ ...this.#latest, done, total, secondsLeft })
      },
    })
    if (deleted !== null) adopt(deleted)
    const result = deleted?.size ?? { sessions: 0, rounds: 0, freedBytes: 0 }
    this.#tell({ ...this.#latest, active: false, secondsLeft: null, result })
    try {
      await parts().store.saveSnapshot()
    } catch (error) {
      events.notify(error)
    }
  }

  #tell(progress: DeletionProgress): void {
    this.#latest = progress
    this.#host.events.soon()
  }
}
