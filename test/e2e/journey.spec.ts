import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { logLine, type LineFields } from '../fixtures/log-line'
import { expect, test } from './app'

const system = { role: 'system', content: 'You are a weather assistant.' }
const ask = { role: 'user', content: '北京天气如何？' }
const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Beijing"}' } }
const called = { role: 'assistant', content: null, tool_calls: [call] }
const result = { role: 'tool', tool_call_id: 'c1', content: 'sunny, 15°C' }

const line = (ai: LineFields, time: string) => `${logLine(ai, { start_time: time, request_id: time })}\n`

/**
 * Calculated by hand, gpt-4o at 2.5 in / 1.25 cached / 10 out USD per million tokens:
 *   weather 1: 1000 in (400 cached), 100 out → 600×2.5 + 400×1.25 + 100×10 = 3000 → $0.003
 *   weather 2: 1200 in, 50 out               → 3000 + 500 = 3500 → $0.0035
 *   other:     10 in, 5 out, unknown model   → unknown
 */
const ROUND_1 = line(
  {
    session_id: 'agent:weather',
    model: 'gpt-4o',
    input_token: 1000,
    cached_tokens: 400,
    output_token: 100,
    messages: [system, ask],
    question: ask.content,
    reasoning: 'I should look up the weather.',
    tool_calls: [call],
  },
  '2026-02-01T10:00:00Z',
)
const ROUND_2 = line(
  {
    session_id: 'agent:weather',
    model: 'gpt-4o',
    input_token: '1200',
    output_token: '50',
    messages: [system, ask, called, result],
    answer: '北京今天晴，15°C。',
  },
  '2026-02-01T10:00:10Z',
)
const OTHER = line(
  {
    session_id: 'agent:other',
    model: 'house-model',
    input_token: 10,
    output_token: 5,
    question: 'Ping?',
    answer: 'Pong.',
  },
  '2026-02-02T09:00:00Z',
)

async function expectCards(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [card, value] of Object.entries(values)) {
    await expect(page.getByTestId(`card-${card}`)).toHaveAttribute('data-value', value)
  }
}

test('a chosen folder is read and followed, its sessions are opened and exported, and all is there after a restart', async ({
  folder,
  launch,
  restart,
}) => {
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const log = join(logs, 'access.log')
  writeFileSync(join(logs, 'access.log.1'), ROUND_1)
  writeFileSync(log, `${logLine(undefined)}\n${OTHER}`)

  const running = await launch()
  const { page } = running
  await expect(page.getByTestId('page-welcome')).toBeVisible()
  await running.answerOpenDialog(logs)
  await page.getByTestId('welcome-choose').click()

  await expect(page.getByTestId('page-overview')).toBeVisible()
  await expectCards(page, {
    sessions: '2',
    rounds: '2',
    input: '1010',
    output: '105',
    cached: '400',
    reasoning: '0',
    cost: '0.003',
  })
  await expect(page.getByTestId('card-cost')).toContainText('1') // one round has no known price
  const models = page.getByTestId('model-table').locator('tbody tr')
  await expect(models).toHaveCount(2)
  await expect(models.filter({ hasText: 'house-model' })).toContainText(/unknown/i)
  await expect(page.getByTestId('chart-date').locator('canvas')).toBeVisible()
  await expect(page.getByTestId('chart-model').locator('canvas')).toBeVisible()

  // A gateway may write a line in two pieces. Half a line is not a round.
  appendFileSync(log, ROUND_2.slice(0, 300))
  appendFileSync(log, ROUND_2.slice(300))
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '3')
  await expectCards(page, { sessions: '2', input: '2210', output: '155', cost: '0.0065' })

  await page.getByTestId('nav-sessions').click()
  const rows = page.getByTestId('session-row')
  await expect(rows).toHaveCount(2)
  await expect(page.locator('[data-testid=session-row][data-session-id="agent:weather"]')).toContainText('gpt-4o')
  await page.locator('[data-testid=session-row][data-session-id="agent:weather"]').click()

  await expect(page.getByTestId('page-session')).toBeVisible()
  const first = page.locator('[data-testid=round][data-round="1"]')
  const second = page.locator('[data-testid=round][data-round="2"]')
  await expect(first).toContainText('北京天气如何？')
  await expect(first.getByTestId('tool-call')).toHaveAttribute('data-tool', 'get_weather')
  await expect(first.getByTestId('tool-call')).toContainText('Beijing')
  await expect(second.getByTestId('round-answer')).toContainText('北京今天晴，15°C。')
  await expect(second).toContainText('sunny, 15°C')
  // Messages that the request repeats are not shown again.
  await expect(second).not.toContainText('You are a weather assistant.')
  await expect(page.getByTestId('session-cost')).toHaveAttribute('data-value', '0.0065')

  const sessionFile = join(folder, 'session.json')
  await running.answerSaveDialog(sessionFile)
  await running.clickMenu('export-session')
  await expect
    .poll(() => readJson(sessionFile))
    .toMatchObject({
      session_id: 'agent:weather',
      messages_count: 2,
      total_input_tokens: 2200,
      rounds: [
        { round: 1, messages: [system, ask], tool_calls: [call], cost_usd: 0.003 },
        { round: 2, messages: [system, ask, called, result], answer: '北京今天晴，15°C。', cost_usd: 0.0035 },
      ],
    })

  const reportFile = join(folder, 'report.json')
  await running.answerSaveDialog(reportFile)
  await running.clickMenu('export-report')
  await expect
    .poll(() => readJson(reportFile))
    .toMatchObject({
      summary: { total_sessions: 2, total_input_tokens: 2210, total_output_tokens: 155, total_cost_usd: 0.0065 },
      by_model: {
        'gpt-4o': { session_count: 1, total_input: 2200, total_output: 150, total_reasoning: 0, total_cost: 0.0065 },
        'house-model': { session_count: 1, total_cost: null },
      },
      by_date: {
        '2026-02-01': { session_count: 1, models: ['gpt-4o'] },
        '2026-02-02': { session_count: 1, models: ['house-model'] },
      },
    })

  // The window opens on the page where it was closed.
  const again = await restart(running)
  await expect(again.page.getByTestId('page-session')).toBeVisible()
  await again.page.getByTestId('nav-overview').click()
  await expectCards(again.page, { sessions: '2', rounds: '3', input: '2210', output: '155', cost: '0.0065' })
  appendFileSync(
    log,
    line({ session_id: 'agent:third', model: 'gpt-4o', input_token: 1, output_token: 1 }, '2026-02-03T09:00:00Z'),
  )
  await expectCards(again.page, { sessions: '3', rounds: '4', input: '2211' })
})

test('the sample log fills every card and table of the overview', async ({ launch }) => {
  const { page } = await launch()
  await page.getByTestId('welcome-sample').click()
  await expect(page.getByTestId('page-overview')).toBeVisible()
  await expect(page.getByTestId('model-table').locator('tbody tr')).not.toHaveCount(0)
  for (const card of ['sessions', 'rounds', 'input', 'output', 'cached', 'reasoning', 'cost']) {
    await expect(page.getByTestId(`card-${card}`)).toHaveAttribute('data-value', /^0\.\d*[1-9]|^[1-9]/)
  }
})

test('a log named on the command line is opened', async ({ folder, launch }) => {
  const log = join(folder, 'gateway.log')
  writeFileSync(log, ROUND_1)
  const { page } = await launch({ args: [`--open-log=${log}`] })
  await expect(page.getByTestId('page-overview')).toBeVisible()
  await expectCards(page, { sessions: '1', rounds: '1' })
})

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
