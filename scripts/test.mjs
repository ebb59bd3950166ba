/**
 * npm test: every check there is, the next ones also when one fails. The last line counts them all.
 * `npm test -- --only unit,lint` runs some of them.
 */
import './lib/node-version.mjs'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBrowser } from './lib/browser.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { start } from './lib/child.mjs'
import { withDisplay } from './lib/display.mjs'
import { ensurePackagedForTest } from './lib/package.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { prepareElectron } from './lib/prepare.mjs'
import { Interrupted, Stop, run, say, seconds } from './lib/say.mjs'

/** @typedef {{ passed: number, failed: number, skipped?: number }} Count */
/** @typedef {{ name: string, title: string, run: () => Promise<Count> }} Stage */

/** @type {Count} */
const onePassed = { passed: 1, failed: 0 }

/** @param {string} name of a folder or file in node_modules */
const tool = (name) => inRoot('node_modules', ...name.split('/'))

/** @param {string} name */
const reportPath = (name) => inRoot('test-results', `${name}.json`)

/**
 * @typedef {object} Report what is read of the test runners' reports
 * @property {number} [numPassedTests] Vitest
 * @property {number} [numFailedTests]
 * @property {number} [numPendingTests]
 * @property {{ expected: number, flaky: number, unexpected: number, skipped: number }} [stats] Playwright
 */

/** @param {string} name @returns {Report | null} */
function readReport(name) {
  try {
    return /** @type {Report} */ (JSON.parse(readFileSync(reportPath(name), 'utf8')))
  } catch {
    return null
  }
}

/**
 * Runs a tool that passes or fails as a whole.
 * @param {readonly string[]} args of Node
 * @returns {Promise<Count>}
 */
async function check(args) {
  const { code, interrupted } = await start(process.execPath, args, { cwd: root })
  if (interrupted) throw new Interrupted('testing')
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
}

/** A run that failed without a failed test to show for it (a file that does not load) counts as one failure. @param {Count} count @param {number} code */
const withFailedRun = (count, code) => (code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count)

/** @returns {Promise<Count>} */
async function vitest() {
  rmSync(reportPath('vitest'), { force: true })
  const { code, interrupted } = await start(
    process.execPath,
    [
      tool('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportPath('vitest')}`,
    ],
    { cwd: root },
  )
  if (interrupted) throw new Interrupted('testing')
  const report = readReport('vitest')
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = report ?? {}
  return withFailedRun({ passed, failed, skipped }, report === null ? code || 1 : code)
}

/** @param {string} project @returns {Promise<Count>} */
async function playwright(project) {
  const { dist } = await theElectron()
  const name = `playwright-${project}`
  rmSync(reportPath(name), { force: true })
  const args = [tool('@playwright/test/cli.js'), 'test', `--project=${project}`, '--reporter=list,json']
  // Each test asks for Electron: all take the one that was found, whatever the network says by then.
  const more = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(name), ELECTRON_OVERRIDE_DIST_PATH: dist }
  const { code, interrupted } = await withDisplay(
    (env) => start(process.execPath, args, { cwd: root, env: { ...env, ...more } }),
    { own: true },
  )
  if (interrupted) throw new Interrupted('testing')
  const stats = readReport(name)?.stats
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = stats ?? {}
  return withFailedRun(
    { passed: expected + flaky, failed: unexpected, skipped },
    stats === undefined ? code || 1 : code,
  )
}

/** @type {import('./lib/electron.mjs').Electron | null} */
let electron = null

async function theElectron() {
  electron ??= await prepareElectron()
  return electron
}

/** @type {readonly Stage[]} */
const stages = [
  { name: 'types', title: 'Types', run: () => check([inRoot('scripts', 'typecheck.mjs')]) },
  {
    name: 'lint',
    title: 'Lint',
    run: () => check([inRoot('scripts', 'lint.mjs')]),
  },
  {
    name: 'format',
    title: 'Formatting',
    run: () => check([tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '--cache', '.']),
  },
  {
    name: 'build',
    title: 'Build',
    run: async () => {
      await ensureBuilt()
      return onePassed
    },
  },
  { name: 'unit', title: 'Unit and component tests', run: vitest },
  {
    name: 'e2e',
    title: 'End-to-end tests',
    run: async () => {
      await theElectron()
      await ensureBrowser()
      await ensureBuilt()
      return playwright('app')
    },
  },
  {
    name: 'package',
    title: 'Packaged app',
    run: async () => {
      const found = await theElectron()
      await ensureBuilt()
      say((await ensurePackagedForTest(found)) ? 'Packaged dist/test.' : 'dist/test is up to date.')
      const count = await playwright('packaged')
      return { ...count, passed: count.passed + 1 }
    },
  },
]

/** @param {Stage} stage @returns {Promise<Count>} */
async function attempt({ run: body }) {
  try {
    return await body()
  } catch (error) {
    if (error instanceof Interrupted) throw error
    console.error(error instanceof Stop ? error.message : error)
    return { passed: 0, failed: 1 }
  }
}

function wantedStages() {
  const [flag, names = ''] = process.argv.slice(2)
  if (flag === undefined) return stages
  const wanted = names.split(',')
  const known = stages.map(({ name }) => name)
  if (flag !== '--only' || wanted.some((name) => !known.includes(name))) {
    throw new Stop(`Say npm test, or npm test -- --only with some of ${known.join(',')}.`)
  }
  return stages.filter(({ name }) => wanted.includes(name))
}

await run(async () => {
  const wanted = wantedStages()
  await theElectron()
  mkdirSync(inRoot('test-results'), { recursive: true })

  /** @type {string[]} */
  const summary = []
  const total = { passed: 0, failed: 0 }
  for (const stage of wanted) {
    const began = performance.now()
    say(`\n── ${stage.title} ──`)
    const { passed, failed, skipped = 0 } = await attempt(stage)
    total.passed += passed
    total.failed += failed
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    summary.push(`${failed > 0 ? '✗' : '✓'} ${stage.title}: ${counts} (${seconds(began)})`)
    say(String(summary.at(-1)))
  }

  say(`\n── Summary ──\n${summary.join('\n')}\n`)
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
})
