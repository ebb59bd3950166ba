import { beforeAll, describe, expect, it } from 'vitest'
import { logLine } from '../fixtures/log-line'
import { runCli, storeOf } from './run-cli'

/** U+009B begins a terminal's commands as ESC [ does; U+202E turns the direction of what follows. */
const CONTROLS = '\u009b2J\u007f\u202e'
const FORGING = 'agent\r\nPROBLEM history: all is lost'
const LINES = [
  { session_id: FORGING, model: 'model\n3 sessions', role: 'user\n    answer', question: 'needle' },
  { session_id: `agent${CONTROLS}`, model: `gpt${CONTROLS}`, role: 'user', question: `needle ${CONTROLS}` },
].map(({ role, question, ...ai }, n) =>
  logLine(
    { ...ai, question, messages: [{ role, content: question }], input_token: 1, output_token: 1 },
    { start_time: `2026-02-01T10:0${n}:00.000Z`, request_id: `r${n}` },
  ),
)

describe('what a log holds', () => {
  let on: (...args: readonly string[]) => readonly string[]

  beforeAll(async () => {
    const { store } = await storeOf(LINES)
    on = (...args) => [...args, '--data-dir', store]
  })

  it.each([['list'], ['search', 'needle'], ['show', FORGING], ['doctor'], ['prices'], ['stats-model']])(
    'begins no line of its own in %s',
    async (...args) => {
      const { stdout } = await runCli(on(...args))
      expect(stdout).toMatch(/PROBLEM history|3 sessions/)
      expect(stdout).not.toMatch(/^\s*(?:PROBLEM history|3 sessions|answer)/m)
    },
  )

  it.each([
    ['list', '--json'],
    ['search', 'needle', '--json'],
    ['show', `agent${CONTROLS}`, '--json'],
    ['stats-model', '--json'],
    ['prices', '--json'],
  ])('commands no terminal in JSON, and reads back as it was: %s', async (...args) => {
    const { stdout } = await runCli(on(...args))
    expect(stdout).not.toMatch(/[\u007f-\u009f\u202e]/)
    expect(JSON.stringify(JSON.parse(stdout))).toContain(CONTROLS)
  })
})
