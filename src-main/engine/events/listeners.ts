import { engineEvents } from '../../contract/calls'
import type { EngineEvents } from '../../contract/index'

/** The names of all events. */
export const EVENT_NAMES = Object.keys(engineEvents) as readonly (keyof EngineEvents)[]

/** The listeners to the engine's events, on either side of its thread. */
export class Listeners {
  readonly #of = new Map<keyof EngineEvents, Set<(payload: never) => void>>(
    EVENT_NAMES.map((name) => [name, new Set()]),
  )

  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
    this.#of.get(event)?.add(listener)
    return () => this.#of.get(event)?.delete(listener)
  }

  emit<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void {
    for (const listener of this.#of.get(event) ?? []) (listener as (payload: EngineEvents[E]) => void)(payload)
  }
}
