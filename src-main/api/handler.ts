import type * as v from 'valibot'
import type { DropChannel, InvokeMap, Result } from '../contract/index'

/** The public channels, and the one that only the preload can use. */
type HandledMap = InvokeMap & Record<DropChannel, (paths: readonly string[]) => readonly string[]>
export type HandledChannel = keyof HandledMap

export interface Handler<C extends HandledChannel> {
  /** The whole argument tuple: one too many is as malformed as one too few. */
  readonly args: v.GenericSchema<unknown, Parameters<HandledMap[C]>>
  /** `window`: id of the web contents that asked. */
  readonly run: (
    ...args: [...Parameters<HandledMap[C]>, window: number]
  ) => Promise<Result<ReturnType<HandledMap[C]>>> | Result<ReturnType<HandledMap[C]>>
  /** Shows a dialog: how long it takes says nothing about the program. */
  readonly waitsForUser?: boolean
}

/** A handler for each of the channels. For all of them, a channel without one does not compile. */
export type Handlers<C extends HandledChannel = HandledChannel> = { readonly [K in C]: Handler<K> }
