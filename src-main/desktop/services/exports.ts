import { exportFileName, extensions } from '../../shared/export-names'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { ExportDone, ExportProgress, ExportRequest, Result } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import { CSV_REPORT, outputPath } from '../../engine/export/output-path'
import type { Dialogs } from '../native/dialogs'
import { ok } from '../../shared/result'

/** Saving to a file the user names. */
export interface Exports {
  /** Null when the user cancelled, in the dialog or while it was written. */
  run(request: ExportRequest): Promise<Result<ExportDone | null>>
  /** Ends an export that is being written; nothing of it stays. */
  cancel(id: number): void
}

export interface ExportsOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly dialogs: Pick<Dialogs, 'chooseExportFile' | 'askReplace'>
  /** Where the save dialog starts. */
  readonly folder: () => string
  /** Which rounds count, in words; null: all. */
  readonly describe: (request: ExportRequest) => string | null
  readonly onProgress: (progress: ExportProgress) => void
  readonly onDone: (done: ExportDone) => void
  /** The user's day, YYYY-MM-DD. */
  readonly today: () => string
}

export function createExports(options: ExportsOptions): Exports {
  const { engine, dialogs, folder, describe, onProgress, onDone, today } = options
  const running = new Set<number>()
  const cancelled = new Set<number>()

  async function write(request: ExportRequest, path: string, scope: string | null): Promise<Result<ExportDone | null>> {
    const started = await engine.call('exportStart', request, path)
    if (!started.ok) return started
    const id = started.value
    running.add(id)
    let told = { id, active: true, done: 0, total: 0, path }
    onProgress(told)
    try {
      for (;;) {
        if (cancelled.delete(id)) {
          await engine.call('exportCancel', id)
          return ok(null)
        }
        const step = await engine.call('exportNext', id)
        if (!step.ok) return step
        told = { ...told, done: step.value.done, total: step.value.total }
        if (step.value.ended) {
          const { files } = step.value
          return ok({ path: files[0] ?? path, files: files.length, scope })
        }
        onProgress(told)
      }
    } finally {
      running.delete(id)
      cancelled.delete(id)
      onProgress({ ...told, active: false })
    }
  }

  return {
    async run(request) {
      const scope = describe(request)
      const path = await dialogs.chooseExportFile(request, join(folder(), exportFileName(request, today())), scope)
      if (path === null) return ok(null)
      const target = withExtension(path, request)
      // The dialog has asked about the name that was chosen, and of others knows nothing.
      const others = targetsOf(request, target).filter((other) => other !== path && existsSync(other))
      if (others.length > 0 && !(await dialogs.askReplace(others))) return ok(null)
      const written = await write(request, target, scope)
      if (written.ok && written.value !== null) onDone(written.value)
      return written
    },
    cancel(id) {
      if (running.has(id)) cancelled.add(id)
    },
  }
}

/** The files that an export to `path` writes. */
function targetsOf(request: ExportRequest, path: string): readonly string[] {
  const isTwo = request.what === 'report' && request.format === 'csv'
  return isTwo ? CSV_REPORT.map((suffix) => outputPath(path, suffix)) : [path]
}

/** GTK's dialog does not add what the user left out. */
function withExtension(path: string, request: ExportRequest): string {
  return extname(path) === '' ? `${path}.${extensions[request.format]}` : path
}
