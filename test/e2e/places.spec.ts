import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** A page that is left in the moment it is scrolled is at that place again on the way back and forward. */

/** Forty rounds of one session, and twenty sessions of one round. */
const LINES = Array.from({ length: 60 }, (_, index) => {
  const isLong = index < 40
  return logLine(
    {
      session_id: isLong ? 'agent:long' : `agent:${index}`,
      model: ['gpt-4o', 'o3', 'qwen-max'][index % 3],
      consumer: `team-${index % 5}`,
      input_token: 100 + index,
      output_token: 10,
      answer: `Answer ${index}. `.repeat(40),
    },
    { start_time: new Date(Date.UTC(2026, 1, 1) + index * 60_000).toISOString(), request_id: `r${index}` },
  )
})

function writeLog(folder: string): string {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${LINES.join('\n')}\n`)
  return log
}

interface Left {
  /** How far the page was scrolled when it was left, px. */
  readonly top: number
  /** The number of the round across its upper third, where the reader reads; null on any other page. */
  readonly round: string | null
}

/** Leaves a page right after it was scrolled: in the same task, or once the page knows of it, in the next frame. */
function scrollAndLeave(
  scroller: Locator,
  to: number,
  leave: { readonly by: string; readonly after: 'scrolling' | 'the next frame' },
): Promise<Left> {
  return scroller.evaluate(
    async (element, { top, by, waits }) => {
      element.scrollTop = top
      if (waits) await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const box = element.getBoundingClientRect()
      const reading = document.elementFromPoint(box.left + box.width / 2, box.top + element.clientHeight / 3)
      const left = {
        top: element.scrollTop,
        round: reading?.closest('[data-round]')?.getAttribute('data-round') ?? null,
      }
      if (by === 'back') history.back()
      else document.querySelector<HTMLElement>(`[data-testid="${by}"]`)?.click()
      return left
    },
    { top: to, by: leave.by, waits: leave.after === 'the next frame' },
  )
}

const topOf = (scroller: Locator) => () => scroller.evaluate((element) => element.scrollTop)

for (const after of ['scrolling', 'the next frame'] as const) {
  test(`the overview and a session return to the place where they were left right after ${after}`, async ({
    folder,
    launch,
  }) => {
    const { page } = await launch({ args: [`--open-log=${writeLog(folder)}`] })
    await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '60')
    const overview = page.locator('[data-testid=page-overview] .scroll')
    expect(await scrollAndLeave(overview, 250, { by: 'nav-sessions', after })).toMatchObject({ top: 250 })
    await expect(page.getByTestId('session-row').first()).toBeVisible()
    await page.goBack()
    await expect.poll(topOf(overview)).toBe(250)

    // Left by going back, the page is found by going forward.
    await page.getByTestId('nav-sources').click()
    await page.getByTestId('nav-overview').click()
    await expect(page.getByTestId('card-rounds')).toBeVisible()
    await expect.poll(topOf(overview)).toBe(0)
    expect(await scrollAndLeave(overview, 150, { by: 'back', after })).toMatchObject({ top: 150 })
    await expect(page.getByTestId('page-sources')).toBeVisible()
    await page.goForward()
    await expect.poll(topOf(overview)).toBe(150)

    await page.getByTestId('nav-sessions').click()
    await page.locator('[data-session-id="agent:long"]').click()
    // The first page of rounds is put up a few at a time.
    await expect(page.locator('[data-round="10"]')).toBeAttached()
    const left = await scrollAndLeave(page.locator('[data-testid=page-session] .scroll'), 900, {
      by: 'nav-sources',
      after,
    })
    expect(Number(left.round)).toBeGreaterThan(1)
    await expect(page.getByTestId('page-sources')).toBeVisible()
    await page.goBack()
    await expect(page.getByTestId('reader-position')).toHaveText(new RegExp(`\\b${left.round}\\b.*40`))
    await expect(page.locator(`[data-round="${left.round}"]`)).toBeInViewport()
  })
}
