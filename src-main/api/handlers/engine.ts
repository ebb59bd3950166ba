import type { EngineCall } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { Handlers } from '../handler'
import { engineArguments } from '../schemas/arguments'

/** Passes the calls that the engine answers on to it, each checked by its row of `engineArguments`. */
export function engineHandlers(engine: Pick<EngineClient, 'call'>): Handlers<EngineCall> {
  const handlers = Object.entries(engineArguments).map(([call, args]) => {
    // The table pairs each call with its arguments; here they are only data, checked before.
    const run = (...given: readonly unknown[]) => engine.call(call as EngineCall, ...(given.slice(0, -1) as never))
    return [call, { args, run }] as const
  })
  return Object.fromEntries(handlers) as unknown as Handlers<EngineCall>
}
