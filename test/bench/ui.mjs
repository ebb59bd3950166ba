/**
 * How the real app feels on a large store: page switches, typing into a filter, frames while scrolling, memory, live
 * updates. Drives it as a user would and prints what was measured.
 *
 *   node test/bench/ui.mjs [--store FOLDER] [--hours-of-use 0.2] [--only-use] [--json]
 *
 * --hours-of-use: how much use is simulated to see what memory does. An hour is taken as 360 actions, one every ten
 * seconds for an hour without a pause: a page opened, scrolled through, filtered or searched; and 7,200 requests written to
 * the log meanwhile, 20 with each action. They are driven one after the other without the pauses between them. What is
 * measured ten times on the way: the page's process (working set), and, after a garbage collection, its JavaScript heap,
 * DOM nodes and listeners. --only-use measures nothing else.
 *
 * Without --store one of a million requests is made first (test/bench/million.mjs); a store named is copied, not
 * changed. Run it on a screen: without one (xvfb-run) Chromium draws in software, on the processor that the app needs.
 */
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closeApp, launchApp } from '../../scripts/lib/driven-app.mjs'
import { findElectron } from '../../scripts/lib/electron.mjs'
import { makeStore } from './million.mjs'

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    'hours-of-use': { type: 'string', default: '0.2' },
    'only-use': { type: 'boolean' },
    json: { type: 'boolean' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'asm-bench-ui-'))
const results = {}
const note = (name, value) => {
  results[name] = value
  if (!values.json) console.log(name.padEnd(44), typeof value === 'object' ? JSON.stringify(value) : value)
}

/** ms; of a list of numbers. */
const summary = (list) => {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (share) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { n: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) }
}

async function frames(page, act) {
  await page.evaluate(() => {
    globalThis.benchFrames = []
    globalThis.benchTasks = []
    globalThis.benchWatch ??= new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.benchTasks.push(duration)
    })
    globalThis.benchWatch.observe({ type: 'longtask' })
    let last = performance.now()
    const tick = (now) => {
      if (globalThis.benchFrames === null) return
      globalThis.benchFrames.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await act()
  const [list, tasks] = await page.evaluate(() => {
    const found = globalThis.benchFrames
    globalThis.benchFrames = null
    return [found.slice(2), globalThis.benchTasks]
  })
  // A frame may come late because the machine is busy; a task of more than 50 ms is the page's own.
  return { ...summary(list), over50: list.filter((ms) => ms > 50).length, ownTasksOver50: tasks.length }
}

/** ms from a click to the content it asks for being painted, told by the page's own clock. */
const switchTo = (page, click, ready) =>
  page.evaluate(
    ([click, ready]) =>
      new Promise((resolve) => {
        const start = performance.now()
        const look = () => {
          if (document.querySelector(ready) === null) requestAnimationFrame(look)
          else requestAnimationFrame(() => resolve(performance.now() - start))
        }
        if (click.startsWith('#')) location.hash = click
        else document.querySelector(click).click()
        look()
      }),
    [click, ready],
  )

async function wheel(page, selector, ticks, delta) {
  const box = await page.locator(selector).first().boundingBox()
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height, 500) / 2)
  for (let tick = 0; tick < ticks; tick += 1) {
    await page.mouse.wheel(0, delta)
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
}

const requestLine = (index) => {
  const ai = {
    session_id: `live-${index % 40}`,
    model: 'gpt-4o',
    input_token: 900,
    output_token: 40,
    question: `Live ${index}`,
  }
  return `${JSON.stringify({ ai_log: JSON.stringify(ai), start_time: new Date().toISOString(), request_id: `live${index}`, response_code: '200' })}\n`
}

async function memory(app) {
  const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics())
  const tab = metrics.find(({ type }) => type === 'Tab')
  return Math.round((tab?.memory.workingSetSize ?? 0) / 1024)
}

/** Actions in an hour of use, and requests that come with each. */
const ACTIONS_AN_HOUR = 360
const REQUESTS_AN_ACTION = 20
const MEASUREMENTS = 10

let sent = 1

/** Page switches, typing, scrolling, live updates. */
async function measurePages(page, log) {
  const times = { overview: [], sessions: [], session: [], search: [], compare: [], settings: [] }
  for (let run = 0; run < 8; run += 1) {
    times.sessions.push(await switchTo(page, '[data-testid=nav-sessions]', '[data-testid=session-row]'))
    await page.waitForTimeout(400)
    times.session.push(await switchTo(page, `[data-testid=session-row]:nth-child(${run + 1})`, '[data-testid=round]'))
    await page.waitForTimeout(400)
    for (const [name, content] of Object.entries({
      search: 'search-text',
      compare: 'page-compare',
      settings: 'page-settings',
      overview: 'card-cost',
    })) {
      times[name].push(await switchTo(page, `[data-testid=nav-${name}]`, `[data-testid=${content}]`))
      await page.waitForTimeout(400)
    }
  }
  for (const [name, list] of Object.entries(times)) note(`switch to ${name}, ms (aim 100)`, summary(list))

  await switchTo(page, '[data-testid=nav-sessions]', '[data-testid=session-row]')
  await page.waitForTimeout(500)
  const typed = []
  for (const text of ['gp', 'gpt', 'gpt-', 'gpt', 'gp', 'g', '', 'claude', 'a1', '']) {
    typed.push(
      await page.evaluate(
        (value) =>
          new Promise((resolve) => {
            const input = document.querySelector('[data-testid=sessions-filter]')
            const before = document.querySelector('[data-total]')?.getAttribute('data-total')
            const start = performance.now()
            // Every question gives another number of sessions, or gives up.
            const look = () => {
              const now = document.querySelector('[data-total]')?.getAttribute('data-total')
              if (now !== before || performance.now() - start > 500)
                requestAnimationFrame(() => resolve(performance.now() - start))
              else requestAnimationFrame(look)
            }
            input.value = value
            input.dispatchEvent(new Event('input', { bubbles: true }))
            look()
          }),
        text,
      ),
    )
    await page.waitForTimeout(150)
  }
  note('typing to the updated list, ms (aim 50)', summary(typed.filter((ms) => ms < 500)))

  note(
    'scroll sessions, frame ms (aim 17, max 50)',
    await frames(page, () => wheel(page, '[data-testid=sessions-table]', 240, 240)),
  )
  await switchTo(page, '[data-testid=session-row]', '[data-testid=round]')
  await page.waitForTimeout(1500)
  note('scroll a session, frame ms (aim 17, max 50)', await frames(page, () => wheel(page, '.timeline', 240, 160)))

  await switchTo(page, '[data-testid=nav-overview]', '[data-testid=card-cost]')
  await page.waitForTimeout(1000)
  const live = () =>
    new Promise((resolve) => {
      const until = Date.now() + 8000
      const timer = setInterval(() => {
        appendFileSync(log, Array.from({ length: 20 }, () => requestLine(sent++)).join(''))
        if (Date.now() < until) return
        clearInterval(timer)
        resolve(undefined)
      }, 100)
    })
  note('overview at 200 requests/s, frame ms', await frames(page, live))
  await switchTo(page, '[data-testid=nav-sessions]', '[data-testid=session-row]')
  note('sessions at 200 requests/s, frame ms', await frames(page, live))
}

/** What a user does again and again; each part is one action. Not waitForSelector: the handle it returns would keep each page left alive, and be measured as memory. */
function actions(page) {
  const type = (testid, text) =>
    page.evaluate(
      ([testid, text]) => {
        const input = document.querySelector(`[data-testid=${testid}]`)
        input.value = text
        input.dispatchEvent(new Event('input', { bubbles: true }))
      },
      [testid, text],
    )
  const words = ['gpt', 'claude', 'read', 'network', '会话', 'a1']
  return [
    async () => {
      await switchTo(page, '[data-testid=nav-sessions]', '[data-testid=session-row]')
      await wheel(page, '[data-testid=sessions-table]', 20, 900)
    },
    async (turn) => {
      await type('sessions-filter', words[turn % words.length])
      await page.waitForTimeout(200)
      await type('sessions-filter', '')
      await page.getByTestId('session-row').first().waitFor()
    },
    async (turn) => {
      await page.locator('[data-testid=sessions-table]').evaluate((table, top) => (table.scrollTop = top), turn * 2300)
      await page.waitForTimeout(150)
      await page.getByTestId('session-row').first().waitFor()
      await switchTo(page, '[data-testid=session-row]', '[data-testid=round]')
    },
    () => wheel(page, '.timeline', 30, 700),
    async () => {
      await switchTo(page, '[data-testid=nav-overview]', '[data-testid=card-cost]')
      await page.waitForTimeout(300)
    },
    async (turn) => {
      await switchTo(page, '[data-testid=nav-search]', '[data-testid=search-text]')
      await type('search-text', words[turn % words.length])
      await page.waitForTimeout(500)
    },
    async () => {
      await switchTo(page, '[data-testid=nav-insights]', '[data-testid=page-insights]')
      await page.waitForTimeout(300)
    },
    () => switchTo(page, '[data-testid=nav-compare]', '[data-testid=page-compare]'),
    () => switchTo(page, '[data-testid=nav-settings]', '[data-testid=page-settings]'),
    () => switchTo(page, '[data-testid=nav-sources]', '[data-testid=page-sources]'),
  ]
}

/** Memory over an hour of use, or as much of it as was asked for. */
async function measureUse(app, page, log) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return {
      processMb: await memory(app),
      heapMb: Math.round(of('JSHeapUsedSize') / 1e5) / 10,
      nodes: of('Nodes'),
      listeners: of('JSEventListeners'),
    }
  }
  const total = Math.round(Number(values['hours-of-use']) * ACTIONS_AN_HOUR)
  const all = actions(page)
  const measured = [{ actions: 0, ...(await measure()) }]
  for (let done = 1; done <= total; done += 1) {
    appendFileSync(log, Array.from({ length: REQUESTS_AN_ACTION }, () => requestLine(sent++)).join(''))
    await all[(done - 1) % all.length](Math.floor((done - 1) / all.length))
    // On the same page each time: after a whole turn.
    if (done % all.length !== 0 || done < (measured.length * total) / MEASUREMENTS) continue
    measured.push({ actions: done, ...(await measure()) })
    note(`memory after ${done} actions`, measured.at(-1))
  }
  note('use, hours (actions)', `${values['hours-of-use']} (${total})`)
  note('renderer memory at the end, MB (aim 300)', measured.at(-1)?.processMb)
  const later = measured.slice(Math.ceil(measured.length / 2))
  note('JavaScript heap in the latter half, MB', summary(later.map(({ heapMb }) => heapMb)))
}

try {
  const store = join(folder, 'data', 'store')
  if (values.store === undefined) await makeStore(store)
  else cpSync(values.store, store, { recursive: true })
  const log = join(folder, 'live.log')
  writeFileSync(log, requestLine(0))
  const app = await launchApp({
    electron: await findElectron(),
    args: ['--lang=en-US', `--user-data-dir=${join(folder, 'data')}`, `--open-log=${log}`],
    env: { ...process.env, TZ: 'UTC' },
  })
  try {
    const page = await app.firstWindow()
    await page.getByTestId('card-sessions').waitFor({ timeout: 120_000 })
    await page.waitForTimeout(3000)
    note('requests', await page.getByTestId('card-rounds').getAttribute('data-value'))

    if (values['only-use'] !== true) await measurePages(page, log)
    await measureUse(app, page, log)
  } finally {
    await closeApp(app)
  }
  if (values.json) console.log(JSON.stringify(results, null, 2))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
