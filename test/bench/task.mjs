/** One measured task of bench.mjs, in a process of its own: node task.mjs NAME LOG STORE. Prints its figures as JSON. */
import { appendFileSync, closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const [name = '', log = '', store = ''] = process.argv.slice(2)

const OVERVIEW = { recentLimit: 8, topLimit: 8 }
const APPENDED = 200
const IDLE_MS = 20_000

/** @param {string} folder @param {object} [options] */
const open = (folder, options = {}) => Engine.open({ dataFolder: folder, timeZone: 'UTC', ...options })

/** @param {readonly number[]} figures @param {number} share */
function quantile(figures, share) {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** @param {() => unknown} work @param {number} runs @returns {number[]} ms of each */
function timed(work, runs) {
  return Array.from({ length: runs }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
}

const tasks = {
  async bare() {
    for await (const line of createInterface({ input: createReadStream(log) })) {
      const { ai_log: text } = JSON.parse(line)
      if (text !== '-') JSON.parse(text)
    }
  },

  newlines() {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    const fd = openSync(log, 'r')
    let lines = 0
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
      const chunk = buffer.subarray(0, length)
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
    }
    closeSync(fd)
  },

  async ingest() {
    const engine = await open(store)
    await engine.readOnce([log])
    await engine.close()
  },

  /** From the start of this process until the overview is answered; then the overview alone, and again. */
  async start() {
    const engine = await open(store)
    engine.overview(OVERVIEW)
    const start = performance.now()
    const overview = quantile(
      timed(() => engine.overview(OVERVIEW), 20),
      0.5,
    )
    const filter = { models: ['gpt-4o'], statuses: ['ok'], from: Date.UTC(2026, 9, 1) }
    const filtered = quantile(
      timed(() => engine.overview({ ...OVERVIEW, filter }), 20),
      0.5,
    )
    const memory = process.memoryUsage().rss / 1e6
    await engine.close()
    return { start, overview, filtered, memory }
  },

  /** The first screen of a session nobody looked at before. */
  async session() {
    const engine = await open(store)
    const { rows } = engine.sessions({ sortBy: 'rounds', descending: true, offset: 0, limit: 10 })
    const figures = rows.map(({ sessionId }) => {
      const started = performance.now()
      engine.sessionHeader(sessionId)
      engine.sessionRounds({ sessionId, from: 1, limit: 20 })
      return performance.now() - started
    })
    await engine.close()
    return { rounds: rows.at(-1)?.rounds, median: quantile(figures, 0.5), max: Math.max(...figures) }
  },

  /** From the moment a line is in the log until a query returns its request; while nothing else goes on. */
  async live() {
    const lines = readFileSync(log, 'utf8').split('\n').slice(0, APPENDED)
    const live = `${store}.live.log`
    appendFileSync(live, `${lines[0]}\n`)
    const engine = await open(store)
    engine.watch([live])
    const rounds = () => engine.overview({ recentLimit: 0 }).totals.rounds
    while (rounds() < 1) await pause(5)
    const figures = []
    for (const [at, line] of lines.slice(1).entries()) {
      appendFileSync(live, `${line}\n`)
      const started = performance.now()
      while (rounds() < at + 2) await pause(1)
      figures.push(performance.now() - started)
      await pause(20)
    }
    await engine.close()
    return { median: quantile(figures, 0.5), p95: quantile(figures, 0.95) }
  },

  /** CPU while a log is followed and nothing is written. */
  async idle() {
    const engine = await open(store)
    engine.watch([log])
    while (engine.progress().active || engine.overview({ recentLimit: 0 }).totals.rounds === 0) await pause(50)
    await pause(3000)
    const before = process.cpuUsage()
    await pause(IDLE_MS)
    const { user, system } = process.cpuUsage(before)
    await engine.close()
    return { percent: (100 * (user + system)) / 1000 / IDLE_MS }
  },

  /** How long queries wait over the thread boundary while the engine reads at full speed, and how long the overview takes. */
  async waits() {
    const worker = new Worker(new URL('../../out/main/worker.js', import.meta.url), {
      workerData: { dataFolder: store, timeZone: 'UTC' },
    })
    /** @type {Map<number, (value: any) => void>} */
    const waiting = new Map()
    let opened = () => {}
    worker.on('message', (message) => {
      if (message.kind === 'opened') opened()
      if (message.kind === 'answer') waiting.get(message.id)?.(message.result.value)
      if (message.kind === 'closed') opened()
    })
    const once = () => new Promise((resolve) => (opened = () => resolve(undefined)))
    let id = 0
    /** @param {string} method @param {unknown[]} args @returns {Promise<any>} */
    const call = (method, ...args) =>
      new Promise((resolve) => {
        id += 1
        waiting.set(id, resolve)
        worker.postMessage({ kind: 'request', id, method, args })
      })
    await once()
    await call('watch', [log])
    const figures = []
    const overviews = []
    for (let active = true; active;) {
      // What there is to compute for it is next to nothing, so this is the wait.
      const started = performance.now()
      active = (await call('progress')).active || figures.length < 20
      const asked = performance.now()
      await call('overview', OVERVIEW)
      figures.push(asked - started)
      overviews.push(performance.now() - asked)
      await pause(3)
    }
    worker.postMessage({ kind: 'close' })
    await once()
    return {
      queries: figures.length,
      median: quantile(figures, 0.5),
      max: Math.max(...figures),
      overview: quantile(overviews, 0.95),
    }
  },
}

// Loading the program is not reading the log.
const { Engine } = ['bare', 'newlines', 'waits'].includes(name) ? {} : await import('../../out/main/engine.js')
const started = performance.now()
const figures = await tasks[name]()
const seconds = (performance.now() - started) / 1000
console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024, ...figures }))
