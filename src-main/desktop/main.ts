import { mkdirSync } from 'node:fs'
import { app, dialog } from 'electron'
import { LINK_SCHEME, sessionOfLink } from '../shared/session-link'
import { createProgram, type Program } from './create'
import { parseCommandLine } from './lifecycle/command-line'
import { createInbox } from './lifecycle/inbox'
import { hiddenSwitch } from './lifecycle/login-start'
import { becomeOnlyInstance } from './lifecycle/single-instance'
import { registerScheme } from './pages/protocol'
import { wire } from './wire'

/** What the command line, a second start or the system asks the program to open. */
interface Asked {
  readonly openLogs: readonly string[]
  readonly openSession: string | null
  /** Whether a window comes to the front when there is nothing to open in it. */
  readonly focus: boolean
}

const commandLine = parseCommandLine(process.argv.slice(1), {
  workingDirectory: process.cwd(),
  packaged: app.isPackaged,
})
if (commandLine.userDataDir !== null) {
  mkdirSync(commandLine.userDataDir, { recursive: true })
  app.setPath('userData', commandLine.userDataDir)
  app.setPath('sessionData', commandLine.userDataDir)
}

// Where Chromium was told to run without its sandbox (root in a container), insisting on it starts nothing at all. Each
// window asks for a sandboxed page in either case.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerScheme()

const asked = createInbox<Asked>()
asked.put({ ...commandLine, focus: false })
const isOnlyInstance = becomeOnlyInstance(app, commandLine, (handedOver) => asked.put({ ...handedOver, focus: true }))
// macOS: a file dropped on the program's icon.
app.on('open-file', (event, path) => {
  event.preventDefault()
  asked.put({ openLogs: [path], openSession: null, focus: false })
})
// macOS: a link to a session. Elsewhere it comes on the command line.
app.on('open-url', (event, url) => {
  event.preventDefault()
  const openSession = sessionOfLink(url)
  if (openSession !== null) asked.put({ openLogs: [], openSession, focus: false })
})

if (isOnlyInstance) {
  app
    .whenReady()
    .then(createProgram)
    .then(async (program) => {
      wire(program)
      await begin(program)
    })
    .catch((error: unknown) => {
      // There is no friendlier way to report it yet, and a program without a window must not linger.
      console.error(error)
      dialog.showErrorBox(app.getName(), String(error))
      app.exit(1)
    })
} else {
  app.quit()
}

/** Opens the windows, then watches the logs. */
async function begin({
  windows,
  background,
  preferences,
  sources,
  updates,
  shutdown,
  log,
  report,
}: Program): Promise<void> {
  background.apply()
  const early = asked.take()
  const openSession = early.findLast((one) => one.openSession !== null)?.openSession ?? null
  // Started with the user's session, the app begins in the tray if it is to run there.
  const hidden = process.argv.includes(hiddenSwitch) && preferences.get().keepRunning && openSession === null
  if (!hidden) windows.restore(openSession)
  asked.deliverTo(({ openLogs, openSession: sessionId, focus }) => {
    if (sessionId !== null) windows.leadToSession(sessionId)
    else if (focus) windows.focus()
    if (openLogs.length > 0) void sources.addUnattended(openLogs)
  })
  // A program started for a folder of its own, as tests do, is not the one that links should open.
  if (app.isPackaged && commandLine.userDataDir === null) app.setAsDefaultProtocolClient(LINK_SCHEME)
  app.on('activate', windows.focus)
  app.on('window-all-closed', () => {
    if (shutdown.isQuitting()) return
    void background.lastClosed().then((keepsRunning) => {
      const staysOpen = process.platform === 'darwin' && !preferences.get().keepRunning
      if (!keepsRunning && !staysOpen && windows.current() === null) app.quit()
    })
  })

  updates.apply()
  log.info('started', { version: app.getVersion(), electron: process.versions.electron })
  await report(sources.watch())
  await report(sources.finishRemoval())
  const logs = early.flatMap((one) => one.openLogs)
  if (logs.length > 0) await sources.addUnattended(logs)
}
