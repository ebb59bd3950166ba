import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppError, FinopsReport, ReportTotals, SessionRow } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { isoTime } from '../engine/export/session-json'

/** What the original called a model it did not know the name of. */
const NO_MODEL = 'unknown'
/** Rounds of a session asked of the engine at a time: each holds a whole history. */
const ROUNDS_A_STEP = 8

/**
 * The endpoints of the original skill's web server, with its field names: `/sessions`, `/session?id=`, `/stats`; and
 * `/report`, the FinOps report. Keys after the original's are ours. A cost that is not known is null.
 */
export function originalApi(engine: Pick<EngineClient, 'call'>): Hono {
  const api = new Hono()

  api.get('/sessions', async (c) => {
    const answer = await engine.call('sessions', { sortBy: 'lastTime', descending: true, offset: 0, limit: 0 })
    return answer.ok ? c.json(answer.value.rows.map(sessionEntry)) : errorAnswer(c, answer.error)
  })

  api.get('/session', async (c) => {
    const id = c.req.query('id')
    if (id === undefined) return c.json({ error: 'Missing session id' }, 400)
    const withMessages = c.req.query('messages') !== 'no'
    const page = (from: number) =>
      engine.call('sessionFilePage', { sessionId: id, from, limit: ROUNDS_A_STEP, withMessages })
    const first = await page(1)
    if (!first.ok) return errorAnswer(c, first.error)
    c.header('Content-Type', 'application/json; charset=utf-8')
    if (c.req.query('download') !== undefined) c.header('Content-Disposition', 'attachment; filename="session.json"')
    return stream(c, async (out) => {
      const { before, total } = first.value
      // The original told the cost under this name.
      const after = first.value.after.replace(/\}$/, `,"cost":${JSON.stringify(first.value.costUsd)}}`)
      let { rounds } = first.value
      await out.write(before)
      let sent = 0
      while (rounds.length > 0) {
        for (const round of rounds) {
          await out.write(sent === 0 ? round : `,${round}`)
          sent += 1
        }
        if (sent >= total || out.aborted) break
        const next = await page(sent + 1)
        // The status is sent already: a text that is cut off is no JSON, and so no wrong answer.
        if (!next.ok) throw new Error(next.error.code)
        ;({ rounds } = next.value)
      }
      await out.write(after)
    })
  })

  api.get('/report', async (c) => {
    const answer = await engine.call('report')
    if (!answer.ok) return errorAnswer(c, answer.error)
    c.header('Content-Disposition', 'attachment; filename="finops-report.json"')
    return c.json(answer.value)
  })

  api.get('/stats', async (c) => {
    const answer = await engine.call('report')
    return answer.ok ? c.json(statistics(answer.value)) : errorAnswer(c, answer.error)
  })

  return api
}

function sessionEntry(row: SessionRow) {
  return {
    session_id: row.sessionId,
    model: row.model ?? NO_MODEL,
    messages_count: row.rounds,
    total_tokens: row.inputTokens + row.outputTokens,
    updated_at: isoTime(row.lastTime),
    cost: row.costUsd,
    inferred: row.inferred,
    unpriced_rounds: row.unpricedRounds,
  }
}

function statistics({ summary, by_model: byModel, by_date: byDate }: FinopsReport) {
  return {
    total_sessions: summary.total_sessions,
    total_cost: summary.total_cost_usd,
    by_model: byName(Object.entries(byModel).map(([model, totals]) => [model, counts(totals)])),
    // The latest day first.
    by_date: byName(
      Object.entries(byDate)
        .reverse()
        .map(([date, totals]) => [date, { ...counts(totals), models: totals.models }]),
    ),
    unpriced_rounds: summary.unpriced_rounds,
  }
}

function counts(totals: ReportTotals) {
  return {
    count: totals.session_count,
    input_tokens: totals.total_input,
    output_tokens: totals.total_output,
    cost: totals.total_cost,
    unpriced_rounds: totals.unpriced_rounds,
  }
}

/** No prototype: a model may be called "__proto__". */
function byName<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  const named = Object.create(null) as Record<string, T>
  for (const [name, value] of entries) named[name] = value
  return named
}

function errorAnswer(c: Context, error: AppError): Response {
  const status: ContentfulStatusCode = error.code === 'not-found' ? 404 : 500
  return c.json({ error: error.message, ...error }, status)
}
