/** npm run cli: the command line, built first if it is not. Stdout is the command's alone. */
import './lib/node-version.mjs'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './lib/build.mjs'
import { inRoot } from './lib/paths.mjs'
import { run, sayOnStderr } from './lib/say.mjs'

const command = inRoot('out', 'main', 'cli.js')

sayOnStderr()
await run(() => ensureBuilt(['main']))

if (process.exitCode === 0) {
  // In this process, not a child of it: it starts twice as fast, and signals and exit code are its own.
  process.argv[1] = command
  // npm runs scripts in the repository; a path is meant from where the user is.
  process.chdir(process.env['INIT_CWD'] ?? process.cwd())
  await import(pathToFileURL(command).href)
}
