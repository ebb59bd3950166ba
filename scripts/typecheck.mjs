/** Checks the types of every project. Prints what the compilers print; exits 1 if one of them found something. */
import { spawn } from 'node:child_process'
import { root } from './lib/paths.mjs'

const projects = [
  { compiler: 'typescript/bin/tsc', project: 'tsconfig.contract.json' },
  { compiler: 'typescript/bin/tsc', project: 'tsconfig.node.json' },
  { compiler: 'vue-tsc/bin/vue-tsc.js', project: 'tsconfig.web.json' },
  { compiler: 'typescript/bin/tsc', project: 'tsconfig.tools.json' },
]

/** @param {{ compiler: string, project: string }} options */
function check({ compiler, project }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`node_modules/${compiler}`, '-p', project, '--pretty', 'false'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', () => resolve(false))
    child.on('close', (code) => resolve(code === 0))
  })
}

const passed = await Promise.all(projects.map(check))
process.exitCode = passed.every(Boolean) ? 0 : 1
