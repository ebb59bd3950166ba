import type { App } from 'electron'
import * as v from 'valibot'
import { pathSchema } from './stored-settings'

const handedOverSchema = v.object({ openLogs: v.pipe(v.array(pathSchema), v.maxLength(1000)) })

/**
 * One program per data folder. False when there is one already, which has then been given the paths. (They travel
 * beside the command line: Chromium reorders that one on its way.)
 */
export function becomeOnlyInstance(
  app: App,
  openLogs: readonly string[],
  onSecond: (openLogs: readonly string[]) => void,
): boolean {
  if (!app.requestSingleInstanceLock({ openLogs })) return false
  app.on('second-instance', (_event, _argv, _workingDirectory, handedOver) => {
    const parsed = v.safeParse(handedOverSchema, handedOver)
    onSecond(parsed.success ? parsed.output.openLogs : [])
  })
  return true
}
