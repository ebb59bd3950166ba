import { expect, it } from 'vitest'
import { NO_MODEL, reportByConsumer, reportByModel } from '../../../../src-main/engine/export/finops'
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
