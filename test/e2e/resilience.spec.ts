import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ask, expect, test } from './app'

/** A second start, a damaged settings file, a page that crashes. */

async function sources(page: Page) {
  const status = await ask(page, 'sourcesStatus')
  return status.ok ? status.value.sources.map(({ path }) => path) : status.error
}

const line = JSON.stringify({
  start_time: '2026-02-05T10:00:00Z',
  ai_log: JSON.stringify({ session_id: 's1', model: 'm', input_token: 3, output_token: 2 }),
})

test('a second start passes its log to the running app and ends', async ({ folder, launch }) => {
  await mkdir(join(folder, 'logs'))
  await writeFile(join(folder, 'logs', 'access.log'), `${line}\n`)
  const { app, page } = await launch()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())

  const { spawnfile, spawnargs } = app.process()
  // The command line of the first start, without the switches of the test driver.
  const args = spawnargs.slice(1).filter((argument) => !/^--(inspect|remote-debugging)/.test(argument))
  const second = spawn(spawnfile, [...args, '--open-log=logs'], { cwd: folder, stdio: 'ignore' })
  expect((await once(second, 'exit'))[0]).toBe(0)

  await expect.poll(() => sources(page)).toEqual([join(folder, 'logs')])
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
    .toBe(false)
})

test('a damaged settings file is set aside and reported, and its readable settings still apply', async ({
  folder,
  launch,
}) => {
  const dataFolder = join(folder, 'app-data')
  const logs = join(folder, 'logs')
  await mkdir(dataFolder)
  await mkdir(logs)
  const damaged = JSON.stringify({ sources: [logs], settings: { theme: 'neon', language: 'zh' } })
  await writeFile(join(dataFolder, 'settings.json'), damaged)

  const { page } = await launch({ dataFolder })
  const aside = (await readdir(dataFolder)).filter((name) => name.startsWith('settings.corrupt-'))
  expect(aside).toHaveLength(1)
  expect(await readFile(join(dataFolder, aside[0]!), 'utf8')).toBe(damaged)
  await expect(page.getByText(aside[0]!)).toBeVisible()
  expect(await sources(page)).toEqual([logs])
  expect(await ask(page, 'settings:get')).toMatchObject({
    value: { theme: 'system', language: 'zh' },
  })
})

test('a page that crashes is loaded again and says so', async ({ launch }) => {
  const { app } = await launch()
  // Waits until the page is gone: a crashing page never answers.
  await app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]!.webContents
        contents.once('render-process-gone', () => resolve())
        contents.forcefullyCrashRenderer()
      }),
  )
  const shown = () =>
    app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return ''
      return (await contents.executeJavaScript('document.body.innerText')) as string
    })
  await expect.poll(shown).toContain('stopped working and was loaded again')
})
