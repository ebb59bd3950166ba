import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { engineOver, temporaryFolder } from '../../../../fixtures/open-engine'
import { logLine } from '../../../../fixtures/log-line'

const line = (session: string, model: string, time: string, question?: string) =>
  logLine({ session_id: session, model, ...(question !== undefined && { question }) }, { start_time: time })

/** What a filter looks through is held in memory: it must be what the sessions are called now. */
it('finds sessions by id, title and model, also after they changed', async () => {
  const engine = await engineOver([
    line('Alpha', 'gpt-4o', '2026-02-01T10:00:00Z', 'Where is the Ärmelkanal?'),
    line('beta_1', 'o1', '2026-02-01T11:00:00Z'),
  ])
  const found = (text: string): string[] =>
    engine
      .sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0, text })
      .rows.map(({ sessionId }) => sessionId)
  expect(found('ALPHA')).toEqual(['Alpha'])
  expect(found('ärmel')).toEqual(['Alpha'])
  expect(found('GPT')).toEqual(['Alpha'])
  expect(found('a')).toEqual(['Alpha', 'beta_1'])
  expect(found('_'), 'a sign that means something to the database').toEqual(['beta_1'])
  expect(found('%')).toEqual([])
  expect(found('gamma')).toEqual([])

  const more = join(temporaryFolder(), 'more.log')
  const lines = [
    line('gamma', 'gpt-4o', '2026-02-01T12:00:00Z'),
    line('beta_1', 'qwen-max', '2026-02-01T12:30:00Z', 'A first question'),
    line('Alpha', 'gpt-4o', '2026-02-01T09:00:00Z', 'Asked before'),
  ]
  writeFileSync(more, lines.map((one) => `${one}\n`).join(''))
  await engine.readOnce([more])
  expect(found('gamma')).toEqual(['gamma'])
  expect(found('qwen')).toEqual(['beta_1'])
  expect(found('first question')).toEqual(['beta_1'])
  expect(found('o1'), 'the model it had before').toEqual([])
  expect(found('asked before')).toEqual(['Alpha'])
  expect(found('ärmel'), 'the title it had before').toEqual([])
})
