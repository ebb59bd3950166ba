import type { ElectronApplication, Page } from '@playwright/test'
import type { InvokeChannel } from '../../src-main/contract/index'
import { ask, expect, test } from './app'

/**
 * The limits of a page, tried from inside a real one. Conversations are text from strangers, so these tests assume that
 * a page runs hostile code.
 */

const unknownSender = { ok: false, error: { code: 'refused' } }

/** Runs code in a later task: Playwright's own evaluation is exempt from the content security policy. */
const runLater = (page: Page, how: 'eval' | 'Function' | 'timer') =>
  page.evaluate(
    (way) =>
      new Promise<string>((resolve) => {
        const self = globalThis as unknown as {
          eval: (code: string) => unknown
          Function: (code: string) => () => unknown
          setTimeout: (code: unknown) => void
          ran?: boolean
        }
        setTimeout(() => {
          try {
            if (way === 'eval') self.eval('globalThis.ran = true')
            if (way === 'Function') self.Function('globalThis.ran = true')()
            if (way === 'timer') self.setTimeout('globalThis.ran = true')
          } catch (error) {
            if (!(error instanceof EvalError)) resolve(String(error))
          }
          setTimeout(() => resolve(self.ran === true ? 'ran' : 'blocked'), 50)
        })
      }),
    how,
  )

/** Records which addresses the browser would open and what the user is asked, and answers "Cancel". */
async function recordQuestions(
  app: ElectronApplication,
): Promise<() => Promise<{ asked: string[]; opened: string[] }>> {
  await app.evaluate(({ dialog, shell }) => {
    const record = { asked: [] as string[], opened: [] as string[] }
    Object.assign(globalThis, { record })
    dialog.showMessageBox = (...args: unknown[]) => {
      const { detail } = args.at(-1) as { detail?: string }
      record.asked.push(detail ?? '')
      return Promise.resolve({ response: 0, checkboxChecked: false })
    }
    shell.openExternal = (url) => {
      record.opened.push(url)
      return Promise.resolve()
    }
  })
  return () => app.evaluate(() => (globalThis as unknown as { record: { asked: string[]; opened: string[] } }).record)
}

test('the app starts without an error in its page and with every protection on', async ({ launch }) => {
  const { app, page } = await launch()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.reload()
  await expect(page.getByRole('button').first()).toBeVisible()
  expect(errors).toEqual([])

  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
  const toolsOpened = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    contents?.openDevTools()
    return contents?.isDevToolsOpened()
  })
  expect(toolsOpened).toBe(false)
})

test('a page gets the frozen bridge and nothing else of Node or Electron', async ({ launch }) => {
  const { page } = await launch()
  const seen = await page.evaluate(() => {
    const names = [
      'require',
      'module',
      'exports',
      'process',
      'Buffer',
      'global',
      '__dirname',
      'electron',
      'ipcRenderer',
    ]
    const bridge = window.monitor as unknown as Record<string, unknown>
    try {
      bridge['invoke'] = () => 'replaced'
    } catch {
      // The bridge is frozen.
    }
    return {
      globals: names.filter((name) => name in window),
      bridge: Object.entries(bridge).map(([name, value]) => `${name}: ${typeof value}`),
      replaced: String(bridge['invoke']).includes('replaced'),
      frozen: Object.isFrozen(bridge),
    }
  })
  expect(seen).toEqual({
    globals: [],
    bridge: ['invoke: function', 'on: function', 'addDropped: function'],
    replaced: false,
    frozen: true,
  })
})

test('code in text, attributes and links does not run', async ({ launch }) => {
  const { page } = await launch()
  expect(await runLater(page, 'eval')).toBe('blocked')
  expect(await runLater(page, 'Function')).toBe('blocked')
  expect(await runLater(page, 'timer')).toBe('blocked')

  const inline = await page.evaluate(async () => {
    const marked = window as unknown as Record<string, unknown>
    const violations = new Set<string>()
    document.addEventListener('securitypolicyviolation', (event) => violations.add(event.effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    const remote = document.createElement('script')
    remote.src = 'https://example.org/a.js'
    const fromData = document.createElement('script')
    fromData.src = 'data:text/javascript,window.dataRan = true'
    const holder = document.createElement('div')
    holder.innerHTML =
      '<img src="data:image/png;base64,x" onerror="window.handlerRan = true"><iframe src="/"></iframe><p style="opacity: 0"></p>'
    const style = document.createElement('style')
    style.textContent = 'body { opacity: 0 }'
    document.body.append(script, remote, fromData, holder, style)
    const link = document.createElement('a')
    link.href = 'javascript:window.linkRan = true'
    document.body.append(link)
    link.click()
    // Counted in turns of the page, not in time: by then each of them was refused, or it ran.
    for (let turn = 0; turn < 100 || (violations.size < 5 && turn < 10_000); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    return {
      ran: ['inlineRan', 'dataRan', 'handlerRan', 'linkRan'].filter((name) => name in marked),
      styled: [document.body, ...holder.querySelectorAll('p')].map((element) => getComputedStyle(element).opacity),
      violations: [...violations].sort(),
    }
  })
  expect(inline.ran).toEqual([])
  expect(inline.styled).toEqual(['1', '1'])
  const refused = ['frame-src', 'script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem']
  expect(inline.violations).toEqual(refused)
})

/** The component library adds style elements at run time; the app adopts them as style sheets instead. */
test('the app does not violate its own content security policy, and its styles apply', async ({ launch }) => {
  const { page } = await launch()
  await page.getByTestId('welcome-sample').click()
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '7')
  await page.addInitScript(() => {
    const broken: string[] = []
    Object.assign(window, { broken })
    document.addEventListener('securitypolicyviolation', (event) =>
      broken.push(`${event.effectiveDirective} ${event.sourceFile}:${event.lineNumber} ${event.sample}`),
    )
  })
  await page.reload()
  await page.getByTestId('overview-export').click()
  const menu = page.getByRole('menu')
  await expect(menu).toBeVisible()
  const [button, opened] = await Promise.all([page.getByTestId('overview-export').boundingBox(), menu.boundingBox()])
  expect(opened?.y, 'it is under its button').toBeGreaterThan(button?.y ?? Infinity)
  expect(opened?.width).toBeLessThan(400)
  await page.keyboard.press('Escape')
  await page.getByTestId('chart-date').hover()
  await page.getByTestId('nav-sources').click()
  await page.getByTestId('source-remove').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Stop watching' })).not.toHaveCSS(
    'background-color',
    'rgba(0, 0, 0, 0)',
  )
  await page.keyboard.press('Escape')
  await page.getByTestId('nav-sessions').click()
  await page.getByTestId('session-row').first().click()
  await page.getByTestId('show-context').first().click()
  await expect(page.getByTestId('inspector')).toBeVisible()
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => (window as unknown as { broken: string[] }).broken)).toEqual([])
})

test('a page cannot navigate or open windows, and the user is asked about links to the web', async ({ launch }) => {
  const { app, page } = await launch()
  const questions = await recordQuestions(app)
  const home = new URL(page.url())
  const contents = await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)

  for (const url of ['file:///etc/passwd', 'app://other/index.html', 'data:text/html,x', 'https://example.org/go']) {
    await page.evaluate((target) => {
      const link = document.createElement('a')
      link.href = target
      document.body.append(link)
      link.click()
    }, url)
  }
  await expect.poll(async () => (await questions()).asked).toEqual(['https://example.org/go'])
  expect(await page.evaluate(() => window.open('https://example.org/open', '_blank'))).toBeNull()
  expect(await page.evaluate(() => window.open('file:///etc/passwd'))).toBeNull()
  expect(await page.evaluate(() => window.open('about:blank'))).toBeNull()

  await expect
    .poll(async () => (await questions()).asked)
    .toEqual(['https://example.org/go', 'https://example.org/open'])
  expect((await questions()).opened).toEqual([])
  expect(new URL(page.url()).host).toBe(home.host)
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(contents)
  expect(await page.evaluate(() => typeof window.monitor)).toBe('object')
})

test('a page can fetch only the app’s own files, and no request leaves the computer', async ({ launch }) => {
  const { app, page } = await launch()
  const fetched = (url: string) =>
    page.evaluate(async (target) => {
      try {
        const { status, headers } = await fetch(target)
        return { status, policy: headers.get('content-security-policy') }
      } catch {
        return 'refused'
      }
    }, url)

  const own = await fetched('app://monitor/index.html')
  expect(own).toMatchObject({ status: 200, policy: expect.stringContaining("default-src 'none'") })
  for (const path of [
    '..%2f..%2fpackage.json',
    '%2e%2e%2fmain%2fmain.js',
    '..%5cmain%5cmain.js',
    'missing.js',
    'assets',
  ]) {
    expect(await fetched(`app://monitor/${path}`), path).toMatchObject({ status: 404 })
  }
  for (const url of ['file:///etc/passwd', 'app://other/index.html', 'https://example.org/', 'http://127.0.0.1:1/']) {
    expect(await fetched(url), url).toBe('refused')
  }
  // A second protection, if a page got around its policy: the session blocks requests itself.
  const outside = await app.evaluate(async ({ session }) => {
    try {
      return String((await session.defaultSession.fetch('http://127.0.0.1:1/')).status)
    } catch (error) {
      return String(error)
    }
  })
  expect(outside).toContain('ERR_BLOCKED_BY_CLIENT')
})

test('a page has no permission except to write to the clipboard, and cannot download', async ({ launch }) => {
  const { app, page } = await launch()
  await app.evaluate(({ session }) => {
    session.defaultSession.on('will-download', (event) => {
      Object.assign(globalThis, { downloadPrevented: event.defaultPrevented })
    })
  })
  const granted = await page.evaluate(async () => {
    const attempts: Record<string, () => Promise<unknown>> = {
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      location: () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
      notifications: async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied')
      },
      midi: () => navigator.requestMIDIAccess(),
      readClipboard: () => navigator.clipboard.readText(),
      screen: () => navigator.mediaDevices.getDisplayMedia(),
    }
    const results = await Promise.all(
      Object.entries(attempts).map(([name, attempt]) =>
        attempt().then(
          () => name,
          () => null,
        ),
      ),
    )
    const download = document.createElement('a')
    download.href = 'data:application/octet-stream,x'
    download.download = 'x.bin'
    document.body.append(download)
    download.click()
    return results.filter((name) => name !== null)
  })
  expect(granted).toEqual([])

  // The exception. Writing needs the focus, which a click gives.
  await page.mouse.click(600, 20)
  await page.evaluate(() => navigator.clipboard.writeText('copied'))
  // The display server passes it on a moment later.
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('copied')
  expect(await page.evaluate(() => navigator.clipboard.readText().catch(() => 'refused'))).toBe('refused')

  await expect
    .poll(() => app.evaluate(() => (globalThis as { downloadPrevented?: boolean }).downloadPrevented))
    .toBe(true)
})

test('a malformed message from a page is refused and has no effect', async ({ launch }) => {
  const { app, page } = await launch()
  const questions = await recordQuestions(app)
  const messages: [string, ...unknown[]][] = [
    ['overview'],
    ['overview', { recentLimit: 1e9 }],
    ['overview', { recentLimit: 5 }, 'one more'],
    ['sessions', { sortBy: '__proto__', descending: true, offset: 0, limit: 0 }],
    ['sessionRounds', { sessionId: 'a', from: -1, limit: 500 }],
    ['sessionHeader', { toString: 'a' }],
    ['sources:remove', 'relative'],
    ['sources:choose', 'everything'],
    ['settings:set', { sources: ['/etc'] }],
    ['settings:set', { theme: '<script>' }],
    ['settings:set', { updates: { address: 'file:///etc/', daily: true } }],
    ['settings:set', { updates: { address: 'http://example.org/', daily: true } }],
    ['updates:open', 'https://example.org/'],
    ['updates:check', 'https://example.org/'],
    // Channels that a page may not use.
    ['sources:add-dropped', ['/etc']],
    ['constructor'],
    ['ELECTRON_BROWSER_REQUIRE', 'fs'],
    [''],
  ]
  for (const [channel, ...args] of messages) {
    const answer = await ask(page, channel as InvokeChannel, ...(args as []))
    expect(answer, `${channel} ${JSON.stringify(args)}`).toMatchObject({ ok: false, error: { code: 'refused' } })
  }
  const uncopyable = await page.evaluate(() =>
    window.monitor.invoke('sessionHeader', (() => undefined) as unknown as string),
  )
  expect(JSON.parse(uncopyable)).toMatchObject({ ok: false, error: { code: 'refused' } })
  expect(await page.evaluate(() => window.monitor.addDropped([new File(['x'], '/etc/passwd')]))).toMatchObject({
    ok: false,
    error: { code: 'refused' },
  })
  expect(await ask(page, 'sourcesStatus')).toMatchObject({ value: { sources: [] } })
  expect(await questions()).toEqual({ asked: [], opened: [] })
})

test('messages from a foreign window are refused, even if it shows the app’s page with its preload', async ({
  launch,
}) => {
  const { app, page } = await launch()
  const answers = await app.evaluate(async ({ BrowserWindow, app: electron }) => {
    const stranger = new BrowserWindow({
      show: false,
      webPreferences: { preload: `${electron.getAppPath()}/out/preload/preload.cjs`, sandbox: true },
    })
    try {
      await stranger.loadURL('app://monitor/index.html')
      return (await stranger.webContents.executeJavaScript(`Promise.all([
        window.monitor.invoke('settings:get'),
        window.monitor.invoke('overview', { recentLimit: 1 }),
        window.monitor.invoke('app:ready'),
      ])`)) as string[]
    } finally {
      stranger.destroy()
    }
  })
  expect(answers.map((answer) => JSON.parse(answer) as unknown)).toMatchObject([
    unknownSender,
    unknownSender,
    unknownSender,
  ])
  expect(await ask(page, 'settings:get')).toMatchObject({ ok: true })
})

test('messages from a foreign page in the app’s window are refused', async ({ launch }) => {
  const { app } = await launch()
  // No page can do this, so the test does it from the main process: it shows a foreign page in the trusted window.
  const answer = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents
    // The promise of loadURL() takes the end of any loading for its own, so it rejects if the first page is still
    // loading, or its router changes the address meanwhile. The document of the new page is what to wait for.
    await new Promise<void>((resolve) => {
      contents.on('did-navigate', (_event, url) => {
        if (url.startsWith('data:')) contents.once('dom-ready', () => resolve())
      })
      contents.loadURL('data:text/html,<title>foreign</title>').catch(() => undefined)
    })
    const refusal = (await contents.executeJavaScript(`window.monitor.invoke('settings:get')`)) as string
    return { url: contents.getURL(), refusal: JSON.parse(refusal) as unknown }
  })
  expect(answer.url).toContain('data:')
  expect(answer.refusal).toMatchObject(unknownSender)
})
