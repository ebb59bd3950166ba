import type { DataSelection, DeletionProgress, Notice } from '../../contract/index'
import { dropAgreedDeletion, keepAgreedDeletion, readAgreedDeletion, type AgreedDeletion } from './pending-deletion'
import { deleteData, type Deleted } from './delete-data'
import { EngineError, fromWriteError, toAppError } from '../base/errors'
import type { Events } from '../events/events'
import type { Prices } from '../jobs/prices'
import { Interrupted, type Turns } from '../jobs/turns'
import type { Conversations } from '../sessions/conversations'
import type { Store } from '../store/store'
import type { Follower } from '../tail/follower'

/** Before the first one. */
export const NO_DELETION: DeletionProgress = {
  active: false,
  done: 0,
  total: 0,
  secondsLeft: null,
  result: null,
  error: null,
}

/** Cut short this often, one is not gone on with by itself any more: it may be what ends the program. */
const MOST_ATTEMPTS = 3

/** What deletions work with. */
export interface DeletionsHost {
  readonly parts: () => {
    readonly store: Store
    readonly conversations: Conversations
    readonly prices: Pick<Prices, 'settled'>
  }
  readonly reading: Turns & {
    readonly follower: Follower
    /** Writes what waits. */
    readonly flush: () => Promise<boolean>
  }
  readonly events: Events
  /** Goes on with what a deletion left. */
  readonly adopt: (deleted: Deleted) => void
}

/** The deletion under way, and how the latest one ended. It takes the turn of the reading: one at a time. */
export class Deletions {
  readonly #host: DeletionsHost
  #latest = NO_DELETION
  #cancelled = false
  #running: Promise<unknown> = Promise.resolve()

  constructor(host: DeletionsHost) {
    this.#host = host
  }

  get latest(): DeletionProgress {
    return this.#latest
  }

  /** Throws `refused` while one is under way, or for a source that is still watched. */
  start(selection: DataSelection): void {
    if (this.#latest.active) throw new EngineError('refused', 'A deletion is in progress.')
    if ('source' in selection && this.#host.reading.follower.paths.includes(selection.source)) {
      throw new EngineError('refused', 'This path is still watched.', {
        where: selection.source,
        hint: 'Remove it from the sources first.',
      })
    }
    this.#begin({ selection, archiveId: this.#host.parts().store.archiveId, attempts: 0 })
  }

  /** As start, when the one under way is over; resolves when it is over itself, to how it ended. */
  async run(selection: DataSelection): Promise<DeletionProgress> {
    if (this.#latest.active) await this.#running
    this.start(selection)
    await this.#running
    return this.#latest
  }

  /** Goes on with the one that was cut short when the store was last in use, before anything is read; says so. */
  resume(): readonly Notice[] {
    const { dataFolder, archiveId } = this.#host.parts().store
    const agreed = readAgreedDeletion(dataFolder, archiveId)
    if (agreed === null) {
      dropAgreedDeletion(dataFolder)
      return []
    }
    if (agreed.attempts >= MOST_ATTEMPTS) {
      dropAgreedDeletion(dataFolder)
      return [
        {
          level: 'warning',
          code: 'interrupted',
          message:
            'The app quit three times while deleting part of the history, so the deletion was abandoned. Nothing was deleted.',
          where: dataFolder,
          hint: 'Start the deletion again if you still want it.',
        },
      ]
    }
    this.#begin({ ...agreed, attempts: agreed.attempts + 1 })
    return [
      {
        // Stays until it was seen: what was believed to be deleted was there until now.
        level: 'warning',
        code: 'interrupted',
        message: 'The app quit while deleting part of the history. The deletion now resumes.',
        where: dataFolder,
        hint: 'You can cancel it in the app, next to its progress.',
      },
    ]
  }

  /** Throws an EngineError where it can't be kept for the next start. */
  #begin(agreed: AgreedDeletion): void {
    const { dataFolder } = this.#host.parts().store
    try {
      keepAgreedDeletion(dataFolder, agreed)
    } catch (error) {
      throw fromWriteError(error, dataFolder)
    }
    this.#cancelled = false
    this.#latest = { ...NO_DELETION, active: true }
    this.#host.events.tellDeletion()
    // Whoever waits for its turn meanwhile is not told of a failure.
    this.#running = this.#host.reading.takeTurn(() =>
      this.#delete(agreed.selection).catch((error: unknown) => {
        this.#failed(error, agreed)
      }),
    )
  }

  #failed(error: unknown, agreed: AgreedDeletion): void {
    const { store } = this.#host.parts()
    const isInterrupted = error instanceof Interrupted
    if (error instanceof EngineError && error.code === 'corrupt') store.distrustIndex()
    if (isInterrupted && !this.#cancelled) leaveForNextStart(store.dataFolder, agreed)
    else dropAgreedDeletion(store.dataFolder)
    this.#tell({ ...NO_DELETION, error: isInterrupted ? null : toAppError(error) })
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
    dropAgreedDeletion(store.dataFolder)
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

/** The program is closed in order: that is no attempt that failed. */
function leaveForNextStart(dataFolder: string, agreed: AgreedDeletion): void {
  try {
    keepAgreedDeletion(dataFolder, { ...agreed, attempts: 0 })
  } catch {
    // A disk that is gone or takes nothing must not keep the engine from closing.
  }
}
