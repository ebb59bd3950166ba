import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine, type LineFields } from '../fixtures/log-line'
import { expect, test, type RunningApp } from './app'

const message = (role: string, content: string) => ({ role, content })
const line = (time: number, ai: LineFields, outer: LineFields = {}) =>
  `${logLine(
    { model: 'gpt-4o', consumer: 'red', ...ai },
    { start_time: new Date(time).toISOString(), request_id: String(time), ...outer },
  )}\n`

const HOUR = 3_600_000

test('insights show cache breaks, failures and latency, and lead to the session', async ({ folder, launch }) => {
  const start = Date.now() - 2 * HOUR
  const opening = [message('system', 'Be brief.'), message('user', 'Hello?')]
  const grown = [...opening, message('assistant', 'Hi.'), message('user', 'And now?')]
  const changed = [message('system', 'Be brief. It is noon.'), ...grown.slice(1), message('user', 'Go on.')]
  const log = join(folder, 'access.log')
  writeFileSync(
    log,
    [
      line(start, { session_id: 'talk', messages: opening, input_token: 1000, cached_tokens: 0, output_token: 100 }),
      line(start + 1000, {
        session_id: 'talk',
        messages: grown,
        input_token: 2000,
        cached_tokens: 900,
        output_token: 50,
      }),
      line(start + 2000, {
        session_id: 'talk',
        messages: changed,
        input_token: 2500,
        cached_tokens: 0,
        output_token: 10,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Linz"}' } }],
      }),
      line(start + 3000, { session_id: 'talk', input_token: 10, output_token: 0 }, { response_code: '503' }),
      // Without a session id. The second request continues the first.
      line(start + 4000, { messages: [message('user', 'Ping?')], answer: 'Pong, as you wish.', input_token: 5 }),
      line(start + 5000, {
        messages: [message('user', 'Ping?'), message('assistant', 'Pong, as you wish.'), message('user', 'Again!')],
        input_token: 15,
      }),
    ].join(''),
  )
  const { page } = await launch({ args: [`--open-log=${log}`] })
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '2')

  await page.getByTestId('nav-insights').click()
  const insights = page.getByTestId('page-insights')
  const worst = insights.getByTestId('insight-worst')
  await expect(worst.locator('tbody tr')).toHaveCount(1)
  await expect(worst).toContainText('message 1 changed')
  await expect(worst).toContainText('900')

  const section = (name: string) => insights.getByRole('radio', { name })
  await section('Failures').check()
  await expect(insights.getByTestId('insight-models')).toContainText('gpt-4o')
  await section('Latency').check()
  await expect(insights.getByTestId('insight-consumers')).toContainText('≈')
  // The arrow keys move to the next analysis.
  await section('Latency').press('ArrowRight')
  await expect(insights.getByTestId('insight-tools')).toContainText('get_weather')
  await section('Cache').check()
  await worst.getByRole('link').click()
  await expect(page.getByTestId('page-session')).toBeVisible()

  await page.getByTestId('nav-sessions').click()
  await page.getByText('inferred').first().click()
  const inference = page.getByTestId('session-inference')
  await inference.locator('summary').click()
  await expect(inference).toContainText('99% confidence')
  await expect(inference).toContainText('continues from the answer it received')
})

/** Collects desktop notifications from now on instead of showing them. */
async function catchNotifications({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ Notification }) => {
    const shown: { title: string; click: () => void }[] = []
    Object.assign(globalThis, { shown })
    Notification.isSupported = () => true
    Notification.prototype.show = function show(this: Electron.Notification) {
      shown.push({ title: this.title, click: () => this.emit('click') })
    }
  })
}

const titles = ({ app }: RunningApp): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as { shown: { title: string }[] }).shown.map(({ title }) => title))

test('a budget notifies once when a share of it is used, over a restart too, and the notification leads to it', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  // In a time zone where it is noon, the month cannot end during the test.
  const toNoon = 12 - new Date().getUTCHours()
  const env = { TZ: `Etc/GMT${toNoon > 0 ? '-' : '+'}${String(Math.abs(toNoon))}` }
  // gpt-4o costs 2.5 USD per million input tokens.
  const dollars = (amount: number, at = Date.now()) =>
    line(at, { session_id: 's', input_token: amount * 400_000, output_token: 0 })
  writeFileSync(log, dollars(1))
  let running = await launch({ args: [`--open-log=${log}`], env })
  await catchNotifications(running)
  let { page } = running
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '1')
  await page.getByTestId('nav-insights').click()
  await page.getByRole('radio', { name: 'Budgets' }).check()
  await page.getByTestId('budget-limit').fill('10')
  await page.getByTestId('budget-add').click()
  await expect(page.getByTestId('budget')).toHaveAttribute('data-share', '0')
  await page.getByTestId('nav-overview').click()

  appendFileSync(log, dollars(7.5, Date.now() + 1))
  await expect.poll(() => titles(running)).toEqual(['Budget for everything: 80% used'])
  await expect(page.getByTestId('budget-mark')).toBeVisible()
  await running.app.evaluate(() => {
    ;(globalThis as unknown as { shown: { click: () => void }[] }).shown[0]?.click()
  })
  await expect(page.getByTestId('budget')).toHaveAttribute('data-share', '0.8')

  running = await restart(running, { env })
  await catchNotifications(running)
  page = running.page
  await expect(page.getByTestId('budget-mark')).toBeVisible()
  appendFileSync(log, dollars(0.1, Date.now() + 2))
  await page.getByTestId('nav-sessions').click()
  await expect(page.getByText('$8.60').first()).toBeVisible()
  // A repeated notification would come before this one.
  appendFileSync(log, dollars(2, Date.now() + 3))
  await expect.poll(() => titles(running)).toEqual(['Budget for everything is used up'])
})
