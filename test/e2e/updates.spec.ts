import type { Locator } from '@playwright/test'
import {
  endless,
  hanging,
  leadingTo,
  packed,
  releaseFile,
  signInPage,
  startReleaseServer,
} from '../fixtures/release-server'
import type { ReleaseServer } from '../fixtures/release-server'
import { expect, test as base, windowOpenedBy, type RunningApp } from './app'

/** The real app asks a real server with Electron's own client. */
const test = base.extend<{ server: ReleaseServer }>({
  server: async ({}, use) => {
    const server = await startReleaseServer()
    await use(server)
    await server.close()
  },
})

const found = (running: RunningApp): Locator => running.page.getByTestId('updates-found')

async function toUpdates(running: RunningApp, address?: string): Promise<void> {
  await running.clickMenu('go-settings')
  await running.page.getByTestId('settings-about').click()
  if (address !== undefined) await running.page.getByTestId('updates-address').fill(address)
}

/** Stands in for the system's browser and its notifications. */
async function watchDesktop(running: RunningApp): Promise<{
  readonly opened: () => Promise<string[]>
  readonly notified: () => Promise<string[]>
  readonly clickNotification: () => Promise<unknown>
}> {
  await running.app.evaluate(({ shell, Notification }) => {
    const opened: string[] = []
    const notified: Electron.Notification[] = []
    Object.assign(globalThis, { opened, notified })
    shell.openExternal = (url) => Promise.resolve(void opened.push(url))
    Notification.isSupported = () => true
    Notification.prototype.show = function show(this: Electron.Notification) {
      notified.push(this)
    }
  })
  type Watched = { opened: string[]; notified: Electron.Notification[] }
  return {
    opened: () => running.app.evaluate(() => (globalThis as unknown as Watched).opened),
    notified: () => running.app.evaluate(() => (globalThis as unknown as Watched).notified.map(({ title }) => title)),
    clickNotification: () =>
      running.app.evaluate(() => (globalThis as unknown as Watched).notified.at(-1)?.emit('click', {})),
  }
}

test('the app asks for updates only when the user does, and leads to the folder of a newer version', async ({
  launch,
  server,
}) => {
  server.answer(releaseFile('0.2.0'))
  const running = await launch()
  const desktop = await watchDesktop(running)
  const { page } = running
  await toUpdates(running)
  await expect(page.getByTestId('updates-check')).toBeDisabled()
  await expect(page.getByTestId('updates-daily')).not.toBeChecked()

  await page.getByTestId('updates-address').fill('http://example.org/releases')
  await expect(page.getByTestId('updates-address')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByTestId('updates-check')).toBeDisabled()
  await page.getByTestId('updates-address').fill(server.address)
  await page.getByTestId('updates-address').blur()
  expect(server.requests).toEqual([])

  await page.getByTestId('updates-check').click()
  await expect(found(running)).toHaveAttribute('data-kind', 'newer')
  await expect(found(running)).toContainText('Version 0.2.0, released Mar 4, 2026, is available.')
  expect(server.requests).toHaveLength(1)
  const [{ path, headers } = { path: '', headers: {} }] = server.requests
  expect(path).toMatch(/^\/releases\/latest(-linux|-mac)?[\w-]*\.yml$/)
  expect(headers['user-agent']).toBe('agent-session-monitor')
  expect(headers.cookie ?? headers.referer ?? headers.authorization).toBeUndefined()

  await page.getByTestId('updates-open').click()
  await expect.poll(desktop.opened).toEqual([server.address])
  // The page shows the answer; a notification would repeat it.
  expect(await desktop.notified()).toEqual([])
})

test('the same and an older version are distinguished, and the address is kept over a restart', async ({
  launch,
  restart,
  server,
}) => {
  server.answer((_request, response) => {
    response.setHeader('set-cookie', 'visitor=1; Path=/')
    response.end(releaseFile('0.1.0'))
  })
  const running = await launch()
  await toUpdates(running, server.address)
  await running.page.getByTestId('updates-check').click()
  await expect(found(running)).toContainText('Version 0.1.0 is up to date.')

  const again = await restart(running)
  server.answer(releaseFile('0.1.0-rc.1'))
  // From the menu, on any page.
  await again.clickMenu('go-sources')
  await again.clickMenu('check-updates')
  await expect(found(again)).toContainText('newer than the published one (0.1.0-rc.1)')
  await expect(again.page.getByTestId('updates-address')).toHaveValue(server.address)

  // From the palette. The cookie of the first answer is not sent back.
  server.answer(releaseFile('0.1.0'))
  await again.clickMenu('go-sources')
  await again.clickMenu('palette')
  await again.page.getByTestId('palette-text').fill('check for updates')
  await again.page.keyboard.press('Enter')
  await expect(found(again)).toContainText('up to date')
  expect(server.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined, undefined])
})

test('a failed check says why, at which address, and what to do', async ({ launch, server }) => {
  const running = await launch()
  const { page } = running
  await toUpdates(running, server.address)
  const problem = async (code: RegExp): Promise<void> => {
    const asked = server.requests.length
    await page.getByTestId('updates-check').click()
    await expect.poll(() => server.requests.length).toBeGreaterThan(asked)
    await expect(page.getByTestId('updates-check')).toHaveText('Check now')
    await expect(found(running)).toHaveAttribute('data-kind', 'failed')
    await expect(found(running)).toContainText(code)
    await expect(found(running)).toContainText(`${server.address}/latest`)
    await expect(found(running)).toContainText(/Check |sign in|published again/)
  }
  await problem(/no release file at this address/)
  server.answer('not: here')
  await problem(/names no version/)
  server.answer(signInPage)
  await problem(/web page/)
  server.answer(endless)
  await problem(/larger than a release file/)
  server.answer(packed)
  await problem(/larger than a release file/)
  server.answer(leadingTo('file:///etc/hostname'))
  await problem(/redirects to an unencrypted address/)
  server.answer(leadingTo('http://example.org/latest.yml'))
  await problem(/redirects to an unencrypted address/)
  server.answer((_request, response) => void response.writeHead(500).end())
  await problem(/error \(500\)/)
  server.answer((request) => request.socket.destroy())
  await problem(/could not be reached/)
  // Redirects on the same server are followed.
  server.answer((request, response) => {
    if (request.url?.startsWith('/releases/') === true) leadingTo('/elsewhere.yml')(request, response)
    else response.end(releaseFile('0.3.0'))
  })
  await page.getByTestId('updates-check').click()
  await expect(found(running)).toContainText('0.3.0')
  // A server that hangs in the middle of its answer runs into the time limit.
  server.answer(hanging)
  await problem(/did not answer in time/)
})

test('a trusted certificate is enough over https, and an unknown one is reported', async ({ launch, restart }) => {
  const secure = await startReleaseServer({ secure: true })
  try {
    secure.answer(releaseFile('0.2.0'))
    const running = await launch()
    // As on a computer whose system trusts this certificate.
    await running.app.evaluate(({ session }) => {
      session.fromPartition('releases', { cache: false }).setCertificateVerifyProc((_request, verified) => verified(0))
    })
    await toUpdates(running, secure.address)
    await running.page.getByTestId('updates-check').click()
    await expect(found(running)).toContainText('Version 0.2.0')
    expect(secure.requests).toHaveLength(1)

    const again = await restart(running)
    await toUpdates(again)
    await again.page.getByTestId('updates-check').click()
    await expect(found(again)).toContainText('The certificate of the server is not trusted on this computer.')
    await expect(found(again)).toContainText('the certificates your system trusts')
    expect(secure.requests).toHaveLength(1)
  } finally {
    await secure.close()
  }
})

test('the daily check notifies once about a newer version, and leads to its section', async ({
  launch,
  restart,
  server,
}) => {
  server.answer(releaseFile('0.2.0'))
  const running = await launch()
  const desktop = await watchDesktop(running)
  const { page } = running
  await toUpdates(running, server.address)
  await page.getByTestId('updates-daily').check()
  await expect(page.getByTestId('notice')).toContainText('Version 0.2.0 is available')
  expect(await desktop.notified()).toEqual(['Version 0.2.0 is available'])

  await page.getByTestId('nav-sources').click()
  await page.getByTestId('notice-update').click()
  await expect(found(running)).toHaveAttribute('data-kind', 'newer')
  await expect(page.getByTestId('notice')).toHaveCount(0)
  await page.getByTestId('nav-sources').click()
  await desktop.clickNotification()
  await expect(found(running)).toHaveAttribute('data-kind', 'newer')

  // A second start within a day does not ask again.
  const again = await restart(running)
  await toUpdates(again)
  await expect(again.page.getByTestId('updates-daily')).toBeChecked()
  expect(server.requests).toHaveLength(1)
})

test('a notification opens a window at its subject if none is open', async ({ launch, server }) => {
  server.answer(releaseFile('0.2.0'))
  const running = await launch()
  const desktop = await watchDesktop(running)
  await running.answerMessageBox(0)
  await running.clickMenu('go-settings')
  await running.page.getByTestId('keep-running').check()
  await toUpdates(running, server.address)
  await running.page.getByTestId('updates-daily').check()
  await expect.poll(desktop.notified).toHaveLength(1)
  await running.page.close()
  await expect.poll(() => running.app.windows().length).toBe(0)
  const page = await windowOpenedBy(running, desktop.clickNotification)
  await expect(page.getByTestId('updates-found')).toHaveAttribute('data-kind', 'newer')
})

test('the update section is translated to Chinese', async ({ launch, server }) => {
  const running = await launch()
  await running.page.evaluate(() => window.monitor.invoke('settings:set', { language: 'zh' }))
  await toUpdates(running, server.address)
  await running.page.getByTestId('updates-check').click()
  await expect(found(running)).toContainText('该地址没有发布文件。')
  await expect(found(running)).toContainText('请检查地址')
})
