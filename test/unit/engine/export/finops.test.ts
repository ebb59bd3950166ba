import { expect, it } from 'vitest'
import { modelCsv } from '../../../../src-main/engine/export/csv'
import { finopsReport, NO_MODEL, reportByConsumer, reportByModel } from '../../../../src-main/engine/export/finops'
import { reportMarkdown } from '../../../../src-main/engine/export/markdown'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'

it('tells what has no name together with what is called "unknown", and counts a session that has both once', async () => {
  const line = (session: string, name: string | undefined, second: number) =>
    logLine(
      { session_id: session, model: name, consumer: name, input_token: 10, output_token: 1 },
      { request_id: `r${String(second)}`, start_time: `2026-02-01T10:00:0${String(second)}Z` },
    )
  const { store } = await engineOver([
    line('both', undefined, 1),
    line('both', NO_MODEL, 2),
    line('other', NO_MODEL, 3),
    line('named', 'm', 4),
  ])
  for (const report of [reportByModel(store.index), reportByConsumer(store.index)]) {
    expect(report).toMatchObject({
      [NO_MODEL]: { session_count: 2, rounds: 3, total_input: 30 },
      m: { session_count: 1, rounds: 1, total_input: 10 },
    })
  }
})

it('tells of what the cached tokens are a share, whether they were logged inside the input or beside it', async () => {
  const line = (model: string, input: number, cached: number) =>
    logLine({ session_id: model, model, input_token: input, cached_tokens: cached, output_token: 1 })
  const { store } = await engineOver([line('inside', 1000, 400), line('beside', 50, 900)])
  const report = finopsReport(store.index, new Date(0))
  expect(report.summary).toMatchObject({
    total_input_tokens: 1050,
    total_cached_tokens: 1300,
    total_prompt_tokens: 1950,
  })
  expect(report.by_model).toMatchObject({ inside: { total_prompt: 1000 }, beside: { total_prompt: 950 } })
  const [head, ...rows] = [...modelCsv(report)].map((row) => row.trim().split(','))
  expect(head?.at(-1)).toBe('Prompt Tokens')
  expect(rows.map((row) => row.at(-1)).sort()).toEqual(['1000', '950'])
})

it('says what it counts where that is not everything, for whoever is given the file later', async () => {
  const { store } = await engineOver([logLine({ session_id: 's', model: 'm', consumer: 'a', input_token: 10 })])
  const filter = { from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 1, 2), consumers: ['a', null] }
  const part = finopsReport(store.index, new Date(0), filter)
  expect(part.filter).toEqual({
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-02-02T00:00:00.000Z',
    consumers: ['a', null],
  })
  expect([...reportMarkdown(part)].join('')).toContain('"consumers":["a",null]')
  const whole = finopsReport(store.index, new Date(0))
  expect(whole).not.toHaveProperty('filter')
  expect([...reportMarkdown(whole)].join('')).not.toContain('Only')
})
