import type { AppError, Result } from '../../contract/index'
import { toAppError } from '../base/errors'
import type { EngineMethods } from '../interface/methods'
import type { EngineEvents } from '../../contract/index'

/** The messages of the engine's thread boundary. */
export type ToWorker = EngineRequest | { readonly kind: 'close' }

export interface EngineRequest {
  readonly kind: 'request'
  /** Grows with every request; the answer carries it back. */
  readonly id: number
  readonly method: keyof EngineMethods
  readonly args: readonly unknown[]
}

export type FromWorker =
  | { readonly kind: 'opened' }
  /** The store could not be opened; no request will be answered. */
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | EngineEventMessage
  | { readonly kind: 'closed' }

type EngineEventMessage = {
  [E in keyof EngineEvents]: { readonly kind: 'event'; readonly event: E; readonly payload: EngineEvents[E] }
}[keyof EngineEvents]

/** Answers one request with a value, whatever happens. */
export async function answerRequest(engine: EngineMethods, request: EngineRequest): Promise<FromWorker> {
  try {
    // The client's types pair method and arguments; this side sees them only as data.
    const methods = engine as unknown as Record<keyof EngineMethods, (...args: readonly unknown[]) => unknown>
    const answer = methods[request.method](...request.args)
    return { kind: 'answer', id: request.id, result: { ok: true, value: await answer } }
  } catch (error) {
    return { kind: 'answer', id: request.id, result: { ok: false, error: toAppError(error) } }
  }
}
