import * as v from 'valibot'
import type { ProgramLog } from '../lifecycle/program-log'
import { failed, toAppError } from '../../shared/result'
import type { AppError, DropChannel, InvokeMap, Result } from '../../contract/index'
import { isTrustedSender } from './sender'
import type { SenderEvent, TrustedSender } from './sender'

/** The public channels, and the one that only the preload can use. */
export type HandledMap = InvokeMap & Record<DropChannel, (paths: readonly string[]) => readonly string[]>
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

export interface HandleOptions {
  readonly ipc: {
    handle(channel: string, listener: (event: SenderEvent, ...args: unknown[]) => Promise<string>): void
  }
  readonly trusted: () => TrustedSender
  readonly log: ProgramLog
  readonly now?: () => number
}

const slowMs = 100

/**
 * The one way from a page into the main process. Nothing else calls ipcMain. An answer is the JSON text of its Result: a
 * text crosses at once, and megabytes of values are spelled out here, where no frame waits for it.
 */
export function handleAll(handlers: Handlers, options: HandleOptions): void {
  for (const channel of Object.keys(handlers) as HandledChannel[]) handleOne(channel, handlers, options)
}

function handleOne<C extends HandledChannel>(
  channel: C,
  handlers: Handlers<C>,
  { ipc, trusted, log, now = () => performance.now() }: HandleOptions,
): void {
  const handler: Handler<C> = handlers[channel]
  const answer = async (event: SenderEvent, args: unknown[]): Promise<Result<unknown>> => {
    if (!isTrustedSender(event, trusted())) {
      log.warn('ipc-unknown-sender', { channel })
      return failed(refused('The message did not come from a window of the program.', channel))
    }
    const parsed = v.safeParse(handler.args, args)
    if (!parsed.success) {
      log.warn('ipc-malformed', { channel, at: parsed.issues.map((issue) => v.getDotPath(issue) ?? '').join(' ') })
      return failed(refused('The message was malformed.', channel))
    }
    const started = now()
    try {
      return await handler.run(...parsed.output, event.sender.id)
    } catch (error) {
      log.error('ipc-failed', error, { channel })
      return failed(toAppError(error))
    } finally {
      const ms = Math.round(now() - started)
      if (ms > slowMs && handler.waitsForUser !== true) log.warn('ipc-slow', { channel, ms })
    }
  }
  ipc.handle(channel, async (event, ...args) => JSON.stringify(await answer(event, args)))
}

function refused(message: string, channel: HandledChannel): AppError {
  return { code: 'refused', message, where: channel }
}
