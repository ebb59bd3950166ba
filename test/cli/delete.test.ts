import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { logLine } from '../fixtures/log-line'
import { json, runCli, storeOf } from './run-cli'

const line = (session: string, day: string) => logLine({ session_id: session, model: 'm' }, { start_time: day })
const LINES = [
  line('old', '2026-01-01T10:00:00Z'),
  line('old', '2026-01-02T10:00:00Z'),
  line('goes-on', '2026-01-01T10:00:00Z'),
  line('goes-on', '2026-03-01T10:00:00Z'),
]

describe('delete', () => {
  it('says what it would delete, deletes it, and tells the lines as deleted', async () => {
    const { store } = await storeOf(LINES)
    const on = (...args: string[]) => ['delete', ...args, '--data-dir', store]
    const older = ['--older-than', '2026-02-01']
    expect((await runCli(on(...older, '--dry-run'))).stdout).toBe('Would delete 1 session with 2 rounds.\n')
    expect(await json(...on(...older, '--json'))).toMatchObject({ sessions: 1, rounds: 2, deleted: true })
    expect(await json(...on(...older, '--json'))).toMatchObject({ sessions: 0, rounds: 0 })
    expect(await json('list', '--data-dir', store, '--json')).toMatchObject([{ session_id: 'goes-on', rounds: 2 }])
    expect(await json('ledger', '--data-dir', store, '--json')).toMatchObject({ ledger: { counted: 2, deleted: 2 } })
    expect(await json('verify', '--lines', '--data-dir', store, '--json')).toMatchObject({ requests: 2 })
  })

  it('deletes what came from a source', async () => {
    const { store } = await storeOf(LINES)
    const { stdout } = await runCli(['delete', '--source', 'access', '--data-dir', store])
    expect(stdout).toMatch(/^Deleted 4 rounds of 2 sessions from \//)
    expect(await json('ledger', '--data-dir', store, '--json')).toMatchObject({ ledger: { lines: 0 }, files: [] })
  })

  it('refuses what is not clear, and makes no data folder', async () => {
    const { store, folder } = await storeOf(LINES)
    const none = join(folder, 'none')
    for (const [args, code, words] of [
      [['--data-dir', store], 1, 'Add --older-than or --source'],
      [['--source', 'nowhere', '--data-dir', store], 1, 'No request was read from such a source'],
      [['--older-than', 'soon', '--data-dir', store], 2, 'Expected 2026-02-01'],
      [['--older-than', '1d', '--data-dir', none], 1, 'There is no data here yet'],
    ] as const) {
      const answer = await runCli(['delete', ...args])
      expect(answer).toMatchObject({ code })
      expect(answer.stderr).toContain(words)
    }
    expect(existsSync(none)).toBe(false)
    expect(await json('list', '--data-dir', store, '--json')).toHaveLength(2)
  })
})
