import { expect, it } from 'vitest'
import type { EngineClient } from '../../../src-main/engine/thread/client'
import { answerRequest } from '../../../src-main/engine/thread/protocol'
import { originalApi } from '../../../src-main/server/original-api'
import { logLine } from '../../fixtures/log-line'
import { engineOver } from '../../fixtures/open-engine'

// A model that is called "unknown" took the place of those without a name.
it('the statistics leave out no round, whatever a model is called', async () => {
  const models = ['unknown', undefined, '__proto__', 'gpt-4o']
  const lines = models.map((model, at) =>
    logLine(
      { session_id: `s${String(at)}`, model, input_token: 10, output_token: 1 },
      { start_time: `2026-02-0${String(at + 1)}T10:00:00Z` },
    ),
  )
  const engine = await engineOver(lines)
  const call = async (method: never, ...args: never[]) => {
    const answer = await answerRequest(engine, { kind: 'request', id: 1, method, args })
    return answer.kind === 'answer' ? answer.result : undefined
  }
  const answer = await originalApi({ call: call as unknown as EngineClient['call'] }).request('/stats')
  const stats = (await answer.json()) as {
    total_sessions: number
    by_model: Record<string, { count: number; input_tokens: number }>
    by_date: Record<string, object>
  }
  expect(stats.total_sessions).toBe(4)
  expect(Object.entries(stats.by_model).map(([name, { count, input_tokens: input }]) => [name, count, input])).toEqual(
    expect.arrayContaining([
      ['unknown', 2, 20],
      ['__proto__', 1, 10],
      ['gpt-4o', 1, 10],
    ]),
  )
  expect(Object.keys(stats.by_date)).toEqual(['2026-02-04', '2026-02-03', '2026-02-02', '2026-02-01'])
})
