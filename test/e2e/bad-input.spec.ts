import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { ask, expect, test } from './app'

const good = (id: string) =>
  logLine({ session_id: 's', model: 'gpt-4o', input_token: 10, output_token: 1 }, { request_id: id })

test('malformed lines are counted in the ledger and do not stop reading', async ({ folder, launch }) => {
  const log = join(folder, 'access.log')
  const lines: (string | Buffer)[] = [
    `\ufeff${good('1')}\r`,
    'upstream connect error or disconnect/reset before headers',
    '[]',
    '{"no":"ai_log"}',
    logLine(undefined),
    '{"ai_log":"{\\"model\\":"}',
    Buffer.alloc(5000),
    Buffer.concat([Buffer.alloc(300), Buffer.from(good('2'))]),
    logLine({ session_id: 's', model: 'gpt-4o', input_token: -7, output_token: '1e400' }, { request_id: '3' }),
    logLine({ model: 'gpt-4o', input_token: '5', output_token: '5' }, { request_id: '4' }),
    Buffer.from(good('5').replace('gpt-4o', 'gpt-\u00e94o'), 'latin1'),
    logLine(
      { session_id: 'big', model: 'gpt-4o', input_token: 1, output_token: 1, question: 'x'.repeat(20 << 20) },
      { request_id: '6' },
    ),
    '',
    good('7'),
  ]
  writeFileSync(log, Buffer.concat(lines.flatMap((text) => [Buffer.from(text), Buffer.from('\n')])))

  const { page } = await launch({ args: [`--open-log=${log}`] })
  // Requests 1 to 7. The token counts -7 and 1e400 are ignored.
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '7')
  await expect(page.getByTestId('card-input')).toHaveAttribute('data-value', '46')
  await page.getByTestId('nav-sources').click()
  await expect(page.getByTestId('ledger-total')).toHaveAttribute('data-value', '14')
  await page.getByTestId('nav-sessions').click()
  await expect(page.getByTestId('session-row')).toHaveCount(3)
  await page.locator('[data-testid=session-row][data-session-id="big"]').click()
  await expect(page.getByTestId('round')).toHaveCount(1)
})

test('a folder without logs is explained and not added', async ({ folder, launch }) => {
  const running = await launch()
  await running.answerOpenDialog(folder)
  // The explanations so far. The answer to each of them is not to add the folder.
  await running.app.evaluate(({ dialog }) => {
    const explained: string[] = []
    Object.assign(globalThis, { explained })
    dialog.showMessageBox = (...args: unknown[]) => {
      explained.push((args.at(-1) as Electron.MessageBoxOptions).message)
      return Promise.resolve({ response: 0, checkboxChecked: false })
    }
  })
  const explained = (): Promise<string[]> =>
    running.app.evaluate(() => (globalThis as unknown as { explained: string[] }).explained)
  await running.page.getByTestId('welcome-choose').click()
  await expect.poll(explained).toHaveLength(1)
  await running.clickMenu('open-folder')
  await expect.poll(explained).toHaveLength(2)
  expect(await ask(running.page, 'sourcesStatus')).toMatchObject({ value: { sources: [] } })
  await expect(running.page.getByTestId('page-welcome')).toBeVisible()
})

test('a folder that disappears shows an error, keeps its history, and is read again when it is back', async ({
  folder,
  launch,
}) => {
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  writeFileSync(join(logs, 'access.log'), `${good('1')}\n`)
  const { page } = await launch({ args: [`--open-log=${logs}`] })
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')

  renameSync(logs, `${logs}-away`)
  await page.getByTestId('nav-sources').click()
  await expect(page.getByTestId('source-row')).toHaveAttribute('data-state', 'error')
  renameSync(`${logs}-away`, logs)
  appendFileSync(join(logs, 'access.log'), `${good('2')}\n`)
  await expect(page.getByTestId('source-row')).toHaveAttribute('data-state', 'following')
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '2')
})

test('corrupt settings and a corrupt index are set aside and reported, and no history is lost', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${good('1')}\n`)
  const running = await launch({ args: [`--open-log=${log}`] })
  await expect(running.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')
  await running.quit()
  rmSync(log)
  writeFileSync(join(running.dataFolder, 'settings.json'), '{"theme":')
  writeFileSync(join(running.dataFolder, 'store', 'index.snapshot'), 'garbage')

  const { page } = await restart(running)
  const notices = page.getByTestId('notice')
  await expect(notices).toHaveCount(2)
  await expect(notices.filter({ hasText: 'settings.corrupt-' })).toBeVisible()
  await expect(notices.filter({ hasText: 'index.snapshot.corrupt-' })).toBeVisible()
  expect(readdirSync(running.dataFolder).filter((name) => name.startsWith('settings.corrupt-'))).toHaveLength(1)
  await page.evaluate(() => (location.hash = '#/overview'))
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')
})
