import { join } from 'node:path'
import type { Notice, Result } from '../contract/index'
import type { EngineClient } from '../engine/client'
import type { Dialogs } from './dialogs'
import { ok } from './result'
import type { Texts } from './texts'

/** Saving to a file the user names. Resolves to the file written, null when the user cancelled. */
export interface Exports {
  report(): Promise<Result<string | null>>
  session(sessionId: string): Promise<Result<string | null>>
}

export interface ExportsOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly dialogs: Pick<Dialogs, 'chooseReportFile' | 'chooseSessionFile'>
  /** Where the save dialog starts. */
  readonly folder: () => string
  readonly now?: () => Date
}

export function createExports({ engine, dialogs, folder, now = () => new Date() }: ExportsOptions): Exports {
  return {
    async report() {
      const path = await dialogs.chooseReportFile(join(folder(), reportFileName(now())))
      if (path === null) return ok(null)
      const written = await engine.call('exportReport', path)
      return written.ok ? ok(path) : written
    },
    async session(sessionId) {
      const path = await dialogs.chooseSessionFile(join(folder(), sessionFileName(sessionId)))
      if (path === null) return ok(null)
      const written = await engine.call('exportSession', sessionId, path)
      return written.ok ? ok(path) : written
    },
  }
}

/** finops-report-2026-02-05.json, by the user's calendar. */
export function reportFileName(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'))
  return `finops-report-${day.join('-')}.json`
}

/** A proposal only: a session id is text from a log and may hold separators, control characters or a device's name. */
export function sessionFileName(sessionId: string): string {
  const safe = Array.from(sessionId)
    .slice(0, 80)
    .join('')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._]+|[._]+$/g, '')
  return safe === '' ? 'session.json' : `session-${safe}.json`
}

/** What the menu, which has nobody to return a value to, says about an export. */
export function exportNotice(result: Result<string | null>, savedMessage: Texts['reportSaved']): Notice | null {
  if (!result.ok) return { level: 'error', ...result.error }
  return result.value === null ? null : { level: 'info', code: 'saved', message: savedMessage, where: result.value }
}
