import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { failed, ok, toAppError } from '../shared/result'
import type { AppError, AppInfo, InvokeChannel, Result } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { nothing } from '../api/schemas/arguments'
import { conversationHandlers } from '../api/handlers/conversation'
import type { Handler } from '../desktop/ipc/handle'
import { historySizeHandlers } from '../api/handlers/history'
import { insightHandlers } from '../api/handlers/insights'
import { overviewHandlers } from '../api/handlers/overview'
import { priceListHandlers } from '../api/handlers/prices'
import { searchHandlers } from '../api/handlers/search'
import { sessionsHandlers } from '../api/handlers/sessions'

/** More than any question needs. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

type AnyHandler = {
  readonly args: v.GenericSchema<unknown, readonly unknown[]>
  readonly run: (...args: readonly unknown[]) => Promise<Result<unknown>> | Result<unknown>
}

/** The channels of the contract that only read; the same handlers and argument schemas as behind IPC. */
function readingHandlers(engine: Pick<EngineClient, 'call'>, info: () => AppInfo): ReadonlyMap<string, AnyHandler> {
  const handlers = {
    ...overviewHandlers(engine),
    ...sessionsHandlers(engine),
    ...conversationHandlers(engine),
    ...searchHandlers(engine),
    ...historySizeHandlers(engine),
    ...insightHandlers(engine),
    // Budgets are kept in the application's settings.
    'budgets:get': { args: nothing, run: () => ok([]) },
    ...priceListHandlers(engine),
    'sources:status': { args: nothing, run: () => engine.call('sourcesStatus') },
    'sources:progress': { args: nothing, run: () => engine.call('progress') },
    'app:info': { args: nothing, run: () => ok(info()) },
    // Events reach the page over its stream; none are kept for it.
    'app:ready': { args: nothing, run: () => ok(undefined) },
  } satisfies { readonly [C in InvokeChannel]?: Handler<C> }
  // Their argument tuples differ; each is checked by its own schema before it is passed on.
  return new Map(Object.entries(handlers as unknown as Readonly<Record<string, AnyHandler>>))
}

/** `POST /CHANNEL` with the argument list as JSON; answers a Result, refusals and failures too. */
export function contractApi(engine: Pick<EngineClient, 'call'>, info: () => AppInfo): Hono {
  const handlers = readingHandlers(engine, info)
  const api = new Hono()
  api.post(
    '/:channel',
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.json(failed(malformed('The message is too long.')), 413) }),
    async (c) => {
      const handler = handlers.get(c.req.param('channel'))
      if (handler === undefined) return c.json(failed(readOnly(c.req.param('channel'))), 403)
      if (c.req.header('content-type')?.split(';')[0]?.trim() !== 'application/json') {
        return c.json(failed(malformed('The message is not JSON.')), 415)
      }
      const args = await c.req.json<unknown>().catch(() => undefined)
      const parsed = v.safeParse(handler.args, args)
      if (!parsed.success) return c.json(failed(malformed('The message was malformed.')), 400)
      try {
        return c.json(await handler.run(...parsed.output))
      } catch (error) {
        return c.json(failed(toAppError(error)), 500)
      }
    },
  )
  return api
}

function malformed(message: string): AppError {
  return { code: 'refused', message }
}

function readOnly(channel: string): AppError {
  return {
    code: 'read-only',
    message: 'In the browser the history can be read, and nothing can be changed.',
    where: channel,
    hint: 'Use the application or the command line for this.',
  }
}
