import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine, type LineFields } from '../fixtures/log-line'
import { expect, test } from './app'

/** The conversation reader: finding, jumping, the request as logged, and a session that grows. */

const user = (content: string) => ({ role: 'user', content })
const call = (id: string) => ({ id, type: 'function', function: { name: 'search', arguments: '{"query":"squid"}' } })

function line(round: number, messages: unknown[], ai: LineFields, outer: LineFields = {}): string {
  const start = new Date(Date.UTC(2026, 1, 1, 10) + round * 1000).toISOString()
  const fields = {
    session_id: 'agent:sea',
    model: 'gpt-4o',
    input_token: 500 + round,
    output_token: 10,
    messages,
    ...ai,
  }
  return `${logLine(fields, { start_time: start, request_id: `r${round}`, ...outer })}\n`
}

const history = [user('Tell me of the sea.')]
const LINES: string[] = []
for (let round = 1; round <= 60; round++) {
  if (round === 30) LINES.push(line(round, history, { tool_calls: [call('c30')] }))
  else if (round === 45) LINES.push(line(round, history, { response_type: 'error' }, { response_code: '500' }))
  else LINES.push(line(round, history, { answer: `**Answer ${round}** of many.` }))
  if (round === 30) {
    history.push({ role: 'assistant', tool_calls: [call('c30')] } as never)
    history.push({ role: 'tool', tool_call_id: 'c30', content: 'A giant squid was seen.' } as never)
  } else history.push(user(`Question ${round + 1}`))
}

test('a session can be read, searched, jumped through and seen as it was logged, while it grows', async ({
  folder,
  launch,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, LINES.join(''))
  const { app, page } = await launch({ args: [`--open-log=${log}`] })
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '60')
  await page.getByTestId('recent-session').first().click()

  const round = (number: number) => page.locator(`[data-testid=round][data-round="${number}"]`)
  const position = page.getByTestId('reader-position')
  await expect(round(1).locator('strong').filter({ hasText: 'Answer 1' })).toBeVisible()
  await expect(page.getByTestId('session-chart').locator('canvas')).toBeVisible()

  await page.getByTestId('session-copy').click()
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/## Round 1 [\s\S]*\*\*Answer 1\*\* of many\.[\s\S]*## Round 60 /)

  // A tool call shows its result, which is two lines further down in the log.
  await page.getByTestId('next-calls').click()
  await expect(position).toContainText('30')
  await expect(round(30).getByTestId('paired-result')).toContainText('A giant squid was seen.')
  await page.keyboard.press('e')
  await expect(position).toContainText('45')
  await expect(round(45)).toBeInViewport()

  // On the way back from another page the reader is at the same round.
  await page.getByTestId('nav-sources').click()
  await expect(page.getByTestId('page-sources')).toBeVisible()
  await page.goBack()
  await expect(position).toContainText('45')
  await expect(round(45)).toBeInViewport()

  // A session left at its beginning shows its figures again, not its first round.
  await round(45).hover()
  await page.mouse.wheel(0, -1_000_000)
  await expect(position).toHaveText('Round 1 of 60')
  await page.getByTestId('nav-sources').click()
  await page.goBack()
  await expect(page.getByTestId('session-chart').locator('canvas')).toBeVisible()
  await expect(page.locator('.summary')).toBeInViewport({ ratio: 0.9 })

  // Find counts the matches and goes to them, in rounds that are not loaded too.
  await page.keyboard.press('Control+f')
  await page.getByTestId('session-find').fill('GIANT squid')
  await expect(page.getByTestId('find-result')).toContainText('1')
  await page.keyboard.press('Enter')
  await expect(round(31)).toBeInViewport()
  await expect.poll(() => page.evaluate(() => CSS.highlights.get('found')?.size ?? 0)).toBeGreaterThan(0)
  await page.keyboard.press('Escape')

  // The whole request, and its line byte for byte.
  await round(31).getByTestId('show-context').click()
  await expect(page.getByTestId('context-messages').locator('li')).toHaveCount(32)
  await page.getByTestId('inspector').getByText('Log line').click()
  await page.getByTestId('line-as-logged').click()
  await expect(page.getByTestId('raw-line')).toContainText((LINES[30] ?? '').slice(0, 200))
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('inspector')).toHaveCount(0)

  // New rounds do not move the page; a button announces them.
  const top = () => round(31).evaluate((element) => Math.round(element.getBoundingClientRect().top))
  await expect(round(31)).toBeInViewport()
  const frame = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  let before = NaN
  for (let now = await top(); now !== before; now = await top()) {
    before = now
    await frame()
  }
  appendFileSync(log, line(61, history, { answer: 'The sixty-first.' }))
  await expect(page.getByTestId('new-rounds')).toBeVisible()
  expect(Math.abs((await top()) - before)).toBeLessThan(3)
  // With Follow on, new rounds scroll into view.
  await page.getByTestId('toggle-follow').click()
  await expect(round(61)).toBeInViewport()
  appendFileSync(log, line(62, history, { answer: 'The sixty-second.' }))
  await expect(round(62)).toBeInViewport()
})
