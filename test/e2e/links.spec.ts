import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { expect, test } from './app'

const sessionId = 'agent:kitchen:telegram:8214500391'
const link = `agent-session-monitor://session/${encodeURIComponent(sessionId)}`

test('a link opens its session, in an app that is running and in one that it starts', async ({ launch, folder }) => {
  const log = join(folder, 'access.log')
  await copyFile(inRoot('resources', 'samples', 'access.log'), log)
  const first = await launch({ args: [`--open-log=${log}`] })
  await expect(first.page.getByTestId('page-overview')).toBeVisible()
  await expect(first.page.getByTestId('card-sessions')).toContainText('7')

  // This is how the link of a second start reaches the running app.
  await first.app.evaluate(
    ({ app }, handedOver) => {
      app.emit('second-instance', {}, [], '/', handedOver)
    },
    { openLogs: [], openSession: sessionId },
  )
  await expect(first.page.getByText(sessionId).first()).toBeVisible()
  await first.quit()

  const second = await launch({ args: [link] })
  await expect(second.page.getByText(sessionId).first()).toBeVisible()
  expect(second.page.url()).toContain('#/session/')
})

test('a malformed link opens nothing', async ({ launch }) => {
  const { page } = await launch({ args: ['agent-session-monitor://settings/x', 'agent-session-monitor://session/%ff'] })
  await expect(page.getByTestId('page-welcome')).toBeVisible()
})
