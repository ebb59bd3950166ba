import type { EngineEvents } from '../interface/methods'

/** Who listens to the engine's events, on either side of its thread. */
export class Listeners {
  readonly #of: { readonly [E in keyof EngineEvents]: Set<(payload: EngineEvents[E]) => void> } = {
    changed: new Set(),
    sources: new Set(),
    progress: new Set(),
    notice: new Set(),
    repricing: new Set(),
    deletion: new Set(),
    opening: new Set(),
  }

  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void {
    this.#of[event].add(listener)
    return () => this.#of[event].delete(listener)
  }

  tell<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void {
    for (const listener of this.#of[event]) listener(payload)
  }
}
