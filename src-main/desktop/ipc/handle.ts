import * as v from 'valibot'
import type { ProgramLog } from '../lifecycle/program-log'
import { failed, toAppError } from '../../shared/result'
import type { HandledChannel, Handler, Handlers } from '../../api/handler'
import type { AppError, Result } from '../../contract/index'
import { isTrustedSender } from './sender'
import type { SenderEvent, TrustedSender } from './sender'

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
      return failed(refused('The message did not come from a window of the app.', channel))
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
