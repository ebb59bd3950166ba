import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

const user = (content: string) => ({ role: 'user', content })
const words = (round: number) => Array.from({ length: 60 }, (_, at) => `word${(round * 61 + at) % 977}`).join(' ')

/** Forty sessions of ten rounds. One old round holds a rare word twice, the second time far down. */
function writeLog(path: string): void {
  const lines = Array.from({ length: 400 }, (_, round) => {
    const session = round % 40
    const rare = round === 45
    return logLine(
      {
        session_id: `agent:${session}`,
        model: session % 2 === 0 ? 'gpt-4o' : 'qwen-max',
        messages: [user(`Please look into ${words(round)}`)],
        question: `Please look into ${words(round)}`,
        answer: rare
          ? `A quarkstone.\n\n${`${words(round)}\n\n`.repeat(30)}The second Quarkstone lies here; <b>雨伞</b> too.`
          : `Done with everything. ${words(round + 7)}`,
        tool_calls: [
          {
            id: `call_${round}`,
            type: 'function',
            function: { name: 'read_file', arguments: `{"path":"/src/f${round}.ts"}` },
          },
        ],
      },
      { start_time: new Date(Date.UTC(2026, 1, 1, 10, 0, round)).toISOString(), request_id: `req-${round}` },
    )
  })
  writeFileSync(path, `${lines.join('\n')}\n`)
}

test('search follows what is typed, and a hit opens at its place in the conversation', async ({ launch, folder }) => {
  const log = join(folder, 'access.log')
  writeLog(log)
  const { page, clickMenu } = await launch({ args: [`--open-log=${log}`] })
  await expect(page.getByTestId('card-rounds')).toContainText('400')

  await clickMenu('go-search')
  const field = page.getByTestId('search-text')
  await expect(field).toBeFocused()
  // Each letter would start a search of its own, but for the next letter.
  await field.pressSequentially('everything', { delay: 30 })
  const hits = page.getByTestId('search-hit')
  await expect(hits.first()).toContainText('everything')
  await field.fill('quarkstone')
  await expect(hits).toHaveCount(1)
  await expect(hits.first().locator('mark')).toHaveText('quarkstone')
  await expect(hits.first()).toBeInViewport()
  expect((await hits.first().boundingBox())?.height).toBe(48)
  await expect(page.getByTestId('search-summary')).toHaveText('1 hit in 1 session')
  await expect(page).toHaveURL(/#\/search\?q=quarkstone$/)

  // The conversation opens with the text marked; going back returns to the hit.
  await field.fill('second quark')
  await expect(hits.first().locator('mark')).toHaveText('second Quark')
  await page.keyboard.press('ArrowDown')
  await expect(hits.first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('page-session')).toBeVisible()
  const round = page.locator('[data-round="2"]')
  await expect(round).toContainText('The second Quarkstone')
  await expect
    .poll(() =>
      page.evaluate(() => {
        const [range] = CSS.highlights.get('found') ?? []
        if (!(range instanceof Range)) return []
        const box = range.getBoundingClientRect()
        return [range.toString(), box.top > 0 && box.bottom < innerHeight]
      }),
    )
    .toEqual(['second Quark', true])
  await page.goBack()
  await expect(field).toHaveValue('second quark')
  await expect(hits.first()).toBeFocused()

  // Parts of ids, filters, and Chinese text with markup in it.
  await page.keyboard.press('/')
  await field.fill('agent:3')
  await expect(page.getByTestId('search-session').first()).toContainText('agent:39')
  await expect(page.getByTestId('search-session')).toHaveCount(11)
  await field.fill('req-45')
  await expect(hits.first().locator('mark')).toHaveText('req-45')
  await field.fill('雨伞')
  await expect(hits.first()).toContainText('<b>雨伞</b>')
  await page.getByTestId('filter-role').click()
  await page.getByRole('checkbox', { name: 'User' }).check()
  await expect(page.getByText('No results for “雨伞”')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByTestId('search-reset').click()
  await expect(hits).toHaveCount(1)
  await field.focus()
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('')
  await expect(page.getByText('Find anything that was said')).toBeVisible()
})
