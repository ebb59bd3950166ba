/**
 * npm run bench [-- --large]: how fast the engine reads, as ratios against stated baselines in the same run, because the
 * machines are noisy. Each figure is the median of three runs, each run in a process of its own.
 *
 *   bare loop   Node's readline, JSON.parse of each line and of its ai_log, keeping nothing
 *   newlines    reads the file in chunks and counts its newlines
 *   ingest      the engine: read, parse, archive, index, durable and saved at the end
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { writeAgentLog, writeChatLog } from './generate-log.mjs'
import { makeStore } from './million.mjs'

const RUNS = 3
const large = process.argv.includes('--large')
const folder = mkdtempSync(join(tmpdir(), 'asm-bench-'))
const task = fileURLToPath(new URL('./task.mjs', import.meta.url))

/** @typedef {{ seconds: number, peakMegabytes: number, [name: string]: number }} Figure */

/** @param {string} name @param {string} log @param {string} store @returns {Figure} */
function run(name, log, store) {
  return JSON.parse(execFileSync(process.execPath, [task, name, log, store], { encoding: 'utf8' }))
}

/** @param {string} name @param {string} log @returns {Figure} the median by time */
function measure(name, log) {
  /** @type {Figure[]} */
  const figures = []
  for (let count = 0; count < RUNS; count += 1) {
    rmSync(join(folder, 'store'), { recursive: true, force: true })
    figures.push(run(name, log, join(folder, 'store')))
  }
  figures.sort((a, b) => a.seconds - b.seconds)
  return /** @type {Figure} */ (figures[Math.floor(RUNS / 2)])
}

/** @param {string} path */
function bytesOf(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0) : stat.size
}

/** @param {string} name @param {string} value @param {string} goal */
const row = (name, value, goal) => console.log(`${name.padEnd(66)} ${value.padStart(10)}   ${goal}`)

/** @param {number} value */
const ms = (value) => `${value.toFixed(1)} ms`

/** @param {number} ratio */
const times = (ratio) => `${ratio.toFixed(2)} ×`

try {
  await ensureBuilt(['main'])
  const agent = join(folder, 'agent.log')
  const chat = join(folder, 'chat.log')
  writeAgentLog(agent, { sessions: 200, rounds: 50 })
  writeChatLog(chat, { requests: 50_000 })
  const megabytes = (/** @type {string} */ path) => statSync(path).size / 1e6
  console.log(
    `agent log ${megabytes(agent).toFixed(0)} MB, chat log ${megabytes(chat).toFixed(0)} MB, Node ${process.version}\n`,
  )
  row('figure', 'measured', 'to reach')

  const bare = measure('bare', agent)
  const newlines = measure('newlines', agent)
  const ingest = measure('ingest', agent)
  row('agent log: ingest against the bare loop, as fast', times(bare.seconds / ingest.seconds), '≥ 5 ×')
  row('agent log: time of ingest against counting newlines', times(ingest.seconds / newlines.seconds), '≤ 8 ×')
  row('agent log: bytes a second', `${(megabytes(agent) / ingest.seconds).toFixed(0)} MB/s`, '')
  row('agent log: peak memory of the process', `${ingest.peakMegabytes.toFixed(0)} MB`, '≤ 400 MB')
  const archive = bytesOf(join(folder, 'store', 'archive')) / 1e6 / megabytes(agent)
  row('agent log: archive size against the log', `${(100 * archive).toFixed(2)} %`, '≤ 5 %')
  row(
    'agent log: index bytes a request',
    (bytesOf(join(folder, 'store', 'index.snapshot')) / 10_000).toFixed(0),
    '≤ 300',
  )

  const bareChat = measure('bare', chat)
  const ingestChat = measure('ingest', chat)
  row('chat log: ingest against the bare loop, as fast', times(bareChat.seconds / ingestChat.seconds), '≥ 1 ×')

  const waits = run('waits', agent, join(folder, 'waits'))
  row(`longest wait of a query while reading (${waits.queries} queries)`, ms(waits.max), '≤ 50 ms')
  row('  the median wait', ms(waits.median), '')
  row('  the overview meanwhile, p95 of waiting and answering', ms(waits.overview), '')
  const live = run('live', chat, join(folder, 'live'))
  row('a line appended until it is queryable, p95', ms(live.p95), '≤ 150 ms')
  row('  the median', ms(live.median), '')
  const idle = run('idle', chat, join(folder, 'idle'))
  row('CPU while nothing is written, of a core', `${idle.percent.toFixed(2)} %`, '< 0.5 %')

  const long = join(folder, 'long.log')
  writeAgentLog(long, { sessions: 10, rounds: 2000, seed: 5, chars: 80, compactAt: 60 })
  run('ingest', long, join(folder, 'long'))
  const session = run('session', long, join(folder, 'long'))
  row(`first screen of a session of ${session.rounds} rounds`, ms(session.median), '≤ 50 ms')
  row('  the slowest of 10', ms(session.max), '')

  const million = join(folder, 'million')
  await makeStore(million)
  const start = run('start', '', million)
  row('1,000,000 requests: process start until the overview is answered', ms(start.start), '≤ 1500 ms')
  row('1,000,000 requests: overview', ms(start.overview), '≤ 30 ms')
  row('1,000,000 requests: overview, filtered', ms(start.filtered), '')
  row('1,000,000 requests: memory of the process', `${start.memory.toFixed(0)} MB`, '')

  if (large) {
    const big = join(folder, 'big.log')
    writeAgentLog(big, { sessions: 1000, rounds: 50, seed: 3 })
    const ingestBig = measure('ingest', big)
    const rate = megabytes(big) / ingestBig.seconds / (megabytes(agent) / ingest.seconds)
    row(`${megabytes(big).toFixed(0)} MB agent log: bytes a second against the small one`, times(rate), '≥ 0.9 ×')
    row(
      `${megabytes(big).toFixed(0)} MB agent log: peak memory`,
      `${ingestBig.peakMegabytes.toFixed(0)} MB`,
      '≤ 400 MB',
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
