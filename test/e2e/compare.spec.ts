import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** Compares two runs of one task, from choosing them to the words in which they differ. */

const ROUNDS = 400
const PART = 300

function run(session: string, start: number, rounds: number, model: string, from: number): string[] {
  return Array.from({ length: rounds }, (_, index) => {
    const round = index + 1
    const asked = `Check step ${round}`
    const answer = round < from ? `Step ${round} is fine.` : `Step ${round} fails after all.`
    return logLine(
      {
        session_id: session,
        model,
        temperature: model === 'o3' ? 1 : 0,
        messages: [{ role: 'user', content: asked }],
        question: asked,
        answer,
        input_token: 100 + round,
        output_token: 10,
      },
      { start_time: new Date(start + index * 1000).toISOString(), request_id: `${session}/${round}` },
    )
  })
}

const LINES = [
  ...run('first:run', Date.UTC(2026, 1, 1), ROUNDS, 'gpt-4o', Infinity),
  ...run('second:run/日志', Date.UTC(2026, 1, 2), ROUNDS - 20, 'o3', PART),
]

test('two sessions chosen from the list are compared down to the words in which they differ', async ({
  folder,
  launch,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${LINES.join('\n')}\n`)
  const { page } = await launch({ args: [`--open-log=${log}`] })
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '2')

  // By keyboard: the first press marks a session, the second compares with it.
  await page.getByTestId('nav-sessions').click()
  await expect(page.getByTestId('session-row')).toHaveCount(2)
  await page.getByTestId('sessions-table').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('c')
  await expect(page.getByTestId('compare-marked')).toBeVisible()
  await page.keyboard.press('Home')
  await page.keyboard.press('c')
  await expect(page.getByTestId('page-compare')).toBeVisible()

  const verdict = page.getByTestId('compare-verdict')
  await expect(verdict).toHaveAttribute('data-part', String(PART))
  await expect(verdict.locator('[data-count=same]')).toContainText(String(PART - 1))
  await expect(verdict.locator('[data-count=changed]')).toContainText(String(ROUNDS - 20 - PART + 1))
  await expect(verdict.locator('[data-count=only-a]')).toContainText('20')
  const total = (name: string) => page.locator(`[data-total=${name}]`)
  await expect(total('rounds')).toContainText('−20')
  await expect(total('reasoning')).toContainText('unknown')
  await expect(total('models')).toContainText('o3')
  await expect(page.getByTestId('compare-chart').locator('canvas')).toBeVisible()

  // Only the rows on screen are rendered.
  const rows = page.getByTestId('compare-row')
  await expect(rows.first()).toHaveAttribute('data-kind', 'same')
  expect(await rows.count()).toBeLessThan(60)
  await page.getByTestId('go-part').click()
  const part = page.locator(`[data-row="${PART}"]`)
  await expect(part.getByTestId('part-mark')).toBeInViewport()
  await expect(part).toContainText('fails after all')
  expect(await rows.count()).toBeLessThan(60)

  await page.keyboard.press('Enter')
  const inspector = page.getByTestId('compare-inspector')
  await expect(inspector.getByTestId('compare-lead')).toContainText('only the answer differs')
  await expect(inspector.locator('mark.a')).toContainText(['is fine'])
  await expect(inspector.locator('mark.b')).toContainText(['fails after all'])
  await expect(inspector.getByTestId('compare-parameters')).toContainText('temperature')
  await inspector.getByTestId('inspect-next').click()
  await expect(inspector).toContainText(`Round ${PART + 1} of A`)
  await page.keyboard.press('Escape')
  await expect(inspector).toHaveCount(0)

  // Swapping the sides is a step in the history and part of the address.
  const address = page.url()
  await page.getByTestId('compare-swap').click()
  await expect(verdict.locator('[data-count=only-b]')).toContainText('20')
  await page.goBack()
  await expect(verdict.locator('[data-count=only-a]')).toContainText('20')
  expect(page.url()).toBe(address)
  await page.reload()
  await expect(verdict).toHaveAttribute('data-part', String(PART))

  // Another session is chosen by typing.
  await page.getByTestId('pick-b').click()
  await page.getByTestId('pick-b-text').fill('FIRST')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(verdict).toContainText('No differences')
  await expect(page.getByTestId('pick-b')).toBeFocused()
})

test('a session can be compared from its own page', async ({ folder, launch }) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${[...run('a', 0, 3, 'gpt-4o', 3), ...run('b', 9e6, 3, 'gpt-4o', 2)].join('\n')}\n`)
  const { page } = await launch({ args: [`--open-log=${log}`] })
  await page.getByTestId('nav-sessions').click()
  await page.locator('[data-session-id=a]').click()
  await page.getByTestId('session-compare').click()
  await expect(page.getByTestId('page-compare')).toBeVisible()
  await page.getByTestId('pick-b').click()
  await page.locator('[role=option][data-session-id=b]').click()
  await expect(page.getByTestId('compare-verdict')).toHaveAttribute('data-part', '2')
})
