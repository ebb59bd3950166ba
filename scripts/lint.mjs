/** npm run lint: every check of the code that runs no code of it, the next ones also when one fails. */
import { start } from './lib/child.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { Interrupted, run } from './lib/say.mjs'

const checks = [
  [
    inRoot('node_modules', 'eslint', 'bin', 'eslint.js'),
    ...['--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  ],
  [inRoot('scripts', 'lint', 'check-imports.mjs')],
  [inRoot('node_modules', 'knip', 'bin', 'knip.js'), '--no-progress', '--exclude', 'exports,types'],
]

await run(async () => {
  let failed = 0
  for (const args of checks) {
    const { code, interrupted } = await start(process.execPath, args, { cwd: root })
    if (interrupted) throw new Interrupted('linting')
    if (code !== 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
