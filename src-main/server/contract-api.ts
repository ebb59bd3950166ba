import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { failed, ok, toAppError } from '../shared/result'
import { engineQueries } from '../contract/calls'
import type { AppError, AppInfo, InvokeChannel, Result } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { engineHandlers } from '../api/handlers/engine'
import { nothing } from '../api/schemas/arguments'
import type { Handler } from '../api/handler'

/** More than any question needs. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

type AnyHandler = {
  readonly args: v.GenericSchema<unknown, readonly unknown[]>
  readonly run: (...args: readonly unknown[]) => Promise<Result<unknown>> | Result<unknown>
}

/** Stands for the id of the window that asks. */
const NO_WINDOW = 0

/** The calls of the contract that only read; the same handlers and argument schemas as behind IPC. */
function readingHandlers(engine: Pick<EngineClient, 'call'>, info: () => AppInfo): ReadonlyMap<string, AnyHandler> {
  const reading = Object.entries(engineHandlers(engine)).filter(([call]) => Object.hasOwn(engineQueries, call))
  const others = {
    // Budgets are kept in the application's settings.
    'budgets:get': { args: nothing, run: () => ok([]) },
    'app:info': { args: nothing, run: () => ok(info()) },
    // Events reach the page over its stream; none are kept for it.
    'app:ready': { args: nothing, run: () => ok(undefined) },
  } satisfies { readonly [C in InvokeChannel]?: Handler<C> }
  // Their argument tuples differ; each is checked by its own schema before it is passed on.
  return new Map([...reading, ...Object.entries(others)] as unknown as readonly (readonly [string, AnyHandler])[])
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
        return c.json(await handler.run(...parsed.output, NO_WINDOW))
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
    message: 'In the browser the history is read-only.',
    where: channel,
    hint: 'Use the app or the command line for this.',
  }
}
