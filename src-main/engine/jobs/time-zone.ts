import { EngineError } from '../base/errors'
import type { Events } from '../events/events'
import { Rezoning } from '../index/rebuild/rezoning'
import type { Store } from '../store/store'
import type { Prices } from './prices'
import { Interrupted, type Turns } from './turns'

/** What a change of the time zone works with. */
export interface TimeZoneHost {
  readonly parts: () => { readonly store: Store; readonly prices: Pick<Prices, 'settled'> }
  readonly turns: Turns
  readonly events: Events
}

/** Goes over to the days of another time zone. It takes the turn of the reading; questions are answered meanwhile. */
export class TimeZone {
  readonly #host: TimeZoneHost
  #changes = 0

  constructor(host: TimeZoneHost) {
    this.#host = host
  }

  /**
   * Resolves when all sums are those of the zone; until then they are those of the former one. Another call ends this one,
   * which then resolves with nothing changed. Throws `refused` for a zone the system does not know.
   */
  async change(timeZone: string): Promise<void> {
    const mine = (this.#changes += 1)
    const isCancelled = (): boolean => mine !== this.#changes
    let made = Promise.resolve()
    // Whoever waits for its turn meanwhile is not told of a failure.
    await this.#host.turns.takeTurn(() => {
      made = this.#make(timeZone, isCancelled)
      return made.catch(() => undefined)
    })
    this.#tell(1)
    try {
      await made
    } catch (error) {
      if (error instanceof RangeError) {
        throw new EngineError('refused', 'The system does not know this time zone.', { where: timeZone })
      }
      if (!(error instanceof Interrupted)) throw error
    }
  }

  async #make(timeZone: string, isCancelled: () => boolean): Promise<void> {
    const { parts, turns, events } = this.#host
    const { store, prices } = parts()
    const { index } = store
    while (index.timeZone !== timeZone) {
      await prices.settled()
      await turns.letOthersWork(isCancelled)
      const { revision } = index
      const rezoning = new Rezoning(index.sql, timeZone)
      try {
        // Prices may be changed in between: then it is begun anew.
        while (index.revision === revision && rezoning.step()) {
          this.#tell(Math.min(0.99, rezoning.share))
          await turns.letOthersWork(isCancelled)
        }
        if (index.revision === revision) index.adopt(rezoning)
      } finally {
        rezoning.cancel()
      }
    }
    events.markChanged()
  }

  #tell(share: number): void {
    this.#host.events.emit('opening', { what: 'time-zone', share })
  }
}
