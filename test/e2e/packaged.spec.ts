import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { packagedExecutable } from '../../scripts/lib/package.mjs'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { expect, test } from './app'

// `npm test` packages the app before these tests (scripts/test.mjs).
test('the packaged app opens the sample log and shows the overview', async ({ launch }) => {
  const { app, page } = await launch({ packaged: packagedExecutable() })
  expect(await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true)

  await page.getByTestId('welcome-sample').click()

  await expect(page.getByTestId('page-overview')).toBeVisible()
  for (const card of ['sessions', 'rounds', 'input', 'output', 'cost']) {
    await expect(page.getByTestId(`card-${card}`)).toContainText(/[1-9]/)
  }
  await expect(page.getByTestId('model-table').locator('tbody tr').first()).toBeVisible()
})

test('the packaged launcher runs the command line on the app’s own runtime', async ({ folder }) => {
  const contents = dirname(packagedExecutable())
  const resources = process.platform === 'darwin' ? join(contents, '..', 'Resources') : join(contents, 'resources')
  const windows = process.platform === 'win32'
  const launcher = join(resources, 'bin', windows ? 'agent-session-monitor.cmd' : 'agent-session-monitor')
  const run = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(launcher, [...args, '--data-dir', folder, '--json'], {
      shell: windows,
    })
    return JSON.parse(stdout)
  }
  const log = inRoot('resources', 'samples', 'access.log')
  expect(await run('monitor', '--log-path', log, '--once')).toMatchObject({ sessions: 7, rounds: 41 })
  expect(await run('list', '--limit', '0')).toHaveLength(7)
})
