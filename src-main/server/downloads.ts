import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { exportFileName } from '../shared/export-names'
import { failed } from '../shared/result'
import type { AppError, ExportRequest, ExportText, Result } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { CSV_REPORT, outputPath } from '../engine/export/output-path'
import { parseJson } from '../engine/base/json'
import { oneExport } from '../api/schemas/arguments'

const TYPES: Readonly<Record<ExportRequest['format'], string>> = {
  json: 'application/json',
  csv: 'text/csv',
  markdown: 'text/markdown',
  ndjson: 'application/x-ndjson',
}

/**
 * `GET /export?request=…`: an ExportRequest as JSON, answered by the file, as it is made; of a report as CSV, `&part=` says
 * which of its files. `today`: YYYY-MM-DD, for the name of the file.
 */
export function downloads(engine: Pick<EngineClient, 'call'>, today: () => string): Hono {
  const api = new Hono()
  api.get('/export', async (c) => {
    const parsed = v.safeParse(oneExport, [parseJson(c.req.query('request') ?? '')])
    if (!parsed.success) return c.json(failed({ code: 'refused', message: 'The message was malformed.' }), 400)
    const [request] = parsed.output
    const part = c.req.query('part') ?? null
    const started = await engine.call('exportTextStart', request, part)
    if (!started.ok) return problem(c, started.error)
    const next = () => engine.call('exportTextNext', started.value)
    // What fails at once is told with a status of its own.
    const first = await next()
    if (!first.ok) return problem(c, first.error)
    const name = exportFileName(request, today())
    c.header('Content-Type', `${TYPES[request.format]}; charset=utf-8`)
    c.header('Content-Disposition', disposition(CSV_REPORT.some((one) => one === part) ? outputPath(name, part) : name))
    let told: Result<ExportText> | null = first
    const encoder = new TextEncoder()
    return c.body(
      new ReadableStream<Uint8Array>({
        async pull(out) {
          const step = told ?? (await next())
          told = null
          // The connection breaks: a file that just ends would pass for the whole.
          if (!step.ok) out.error(new Error(step.error.code))
          else {
            out.enqueue(encoder.encode(step.value.text))
            if (step.value.ended) out.close()
          }
        },
        async cancel() {
          await engine.call('exportCancel', started.value)
        },
      }),
    )
  })
  return api
}

/** The name in letters every browser knows, and as it is (RFC 6266). */
function disposition(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
}

const problem = (c: Context, error: AppError): Response => c.json(failed(error), error.code === 'not-found' ? 404 : 500)
