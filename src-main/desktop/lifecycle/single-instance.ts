import type { App } from 'electron'
import * as v from 'valibot'
import { pathSchema } from '../../api/schemas/settings'

/** What a second start asks the first one to open. */
export interface HandedOver {
  readonly openLogs: readonly string[]
  readonly openSession: string | null
}

const handedOverSchema = v.object({
  openLogs: v.pipe(v.array(pathSchema), v.maxLength(1000)),
  openSession: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(8000))),
})

const nothing: HandedOver = { openLogs: [], openSession: null }

/**
 * One program per data folder. False when there is one already, which has then been given what to open. (It travels
 * beside the command line: Chromium reorders that one on its way.)
 */
export function becomeOnlyInstance(app: App, asked: HandedOver, onSecond: (asked: HandedOver) => void): boolean {
  if (!app.requestSingleInstanceLock({ ...asked })) return false
  app.on('second-instance', (_event, _argv, _workingDirectory, handedOver) => {
    const parsed = v.safeParse(handedOverSchema, handedOver)
    onSecond(parsed.success ? parsed.output : nothing)
  })
  return true
}
