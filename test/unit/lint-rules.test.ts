import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { circlesOf } from '../../scripts/house/circles.mjs'
import { twoWayDoors } from '../../scripts/house/doors.mjs'
import { readImports } from '../../scripts/house/graph.mjs'
import { bridgeConfig } from '../../scripts/lint/bridge.mjs'
import { importRules } from '../../scripts/lint/imports.mjs'
import { temporaryFolder } from '../fixtures/open-engine'

type Tree = Readonly<Record<string, string>>

const setup: Tree = {
  'package.json': JSON.stringify({ dependencies: { electron: '1', 'sql.js': '1', valibot: '1', vue: '1' } }),
  'tsconfig.web.json': JSON.stringify({
    compilerOptions: {
      moduleResolution: 'bundler',
      module: 'ESNext',
      paths: { '@contract': ['./src-main/contract/index.ts'], '@shared/*': ['./src-main/shared/*.ts'] },
    },
  }),
  'src-main/contract/index.ts': 'export interface Answer { readonly text: string }\n',
  'src-renderer/lib/text.ts': 'export const text = 1\n',
}
for (const name of ['electron', 'sql.js', 'valibot', 'vue']) {
  Object.assign(setup, {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    [`node_modules/${name}/index.js`]: 'module.exports = {}\n',
  })
}

/** Reads a source tree of these files with the project's own rules. */
async function read(files: Tree) {
  const root = temporaryFolder()
  for (const [path, text] of Object.entries({ ...setup, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { graph, violations } = await readImports(root, importRules)
  const rules = [...new Set(violations.map(({ rule }) => rule))].sort()
  return { rules, circles: circlesOf(graph), doors: twoWayDoors(graph) }
}

const uses = (path: string): string => `import { x } from '${path}'\nexport const y = x\n`
const usesType = (path: string): string => `import type { x } from '${path}'\nexport type Y = x\n`
const vue = (script: string): string => `<script setup lang="ts">\n${script}</script>\n<template><p /></template>\n`
const gives = 'export const x = 1\n'

describe('the rule against import circles', () => {
  it('finds two files that import each other', async () => {
    const { rules, circles } = await read({
      'src-main/engine/tail/one.ts': uses('./other'),
      'src-main/engine/tail/other.ts': uses('./one').replace('const y', 'const x'),
    })
    expect(rules).toEqual(['no-circles'])
    expect(circles).toEqual([['src-main/engine/tail/one.ts', 'src-main/engine/tail/other.ts']])
  })

  it('finds a circle of type-only imports through a .vue file', async () => {
    const { rules, circles } = await read({
      'src-renderer/features/sessions/SessionsPage.vue': vue(usesType('./rows')),
      'src-renderer/features/sessions/rows.ts': usesType('./SessionsPage.vue'),
    })
    expect(rules).toEqual(['no-circles'])
    expect(circles).toEqual([
      ['src-renderer/features/sessions/SessionsPage.vue', 'src-renderer/features/sessions/rows.ts'],
    ])
  })

  it('finds a circle that closes through a dynamic import and a type in place', async () => {
    const { circles } = await read({
      'src-renderer/features/sessions/a.ts': "export const load = () => import('./b')\n",
      'src-renderer/features/sessions/b.ts': "export type B = import('./a').A\n",
    })
    expect(circles).toHaveLength(1)
  })
})

describe('the rule against two-way doors', () => {
  it('finds two folders that import from each other though no file does', async () => {
    const { rules, doors } = await read({
      'src-main/desktop/windows/open.ts': uses('../native/menu'),
      'src-main/desktop/native/menu.ts': gives,
      'src-main/desktop/native/tray.ts': uses('../windows/bounds'),
      'src-main/desktop/windows/bounds.ts': gives,
    })
    expect(rules).toEqual([])
    expect(doors.map(({ one, other }) => [one, other])).toEqual([
      ['src-main/desktop/native', 'src-main/desktop/windows'],
    ])
  })

  it('finds a folder and a file next to it that import from each other', async () => {
    const { doors } = await read({
      'src-renderer/features/compare/rows.ts': uses('../routes'),
      'src-renderer/features/routes.ts': uses('./compare/page').replace('const y', 'const x'),
      'src-renderer/features/compare/page.ts': gives,
    })
    expect(doors).toHaveLength(1)
  })

  it('allows one direction', async () => {
    const { doors } = await read({
      'src-main/desktop/windows/open.ts': uses('../native/menu'),
      'src-main/desktop/native/menu.ts': gives,
    })
    expect(doors).toEqual([])
  })
})

describe('the rules about who may import whom', () => {
  it.each([
    ['no-climbing:src-main/engine', 'src-main/engine/tail/follow.ts', '../../desktop/menu'],
    ['no-climbing:src-main/engine', 'src-main/engine/tail/follow.ts', '../../api/handlers'],
    ['no-climbing:src-main/api', 'src-main/api/handlers.ts', '../desktop/menu'],
    ['no-climbing:src-main/api', 'src-main/api/handlers.ts', '../hosting/files'],
    ['no-climbing:src-main/hosting', 'src-main/hosting/files.ts', '../server/server'],
    ['no-climbing:src-main/server', 'src-main/server/server.ts', '../desktop/menu'],
    ['no-climbing:src-main/server', 'src-main/server/server.ts', '../cli/cli'],
    ['no-climbing:src-main/cli', 'src-main/cli/cli.ts', '../desktop/menu'],
    ['no-climbing:src-main/desktop', 'src-main/desktop/menu.ts', '../cli/cli'],
    ['no-climbing:src-main/preload', 'src-main/preload/bridge.ts', '../engine/base/errors'],
    ['no-climbing:src-main/shared', 'src-main/shared/result.ts', '../engine/base/errors'],
    ['no-climbing:src-main/contract', 'src-main/contract/result.ts', '../shared/zone'],
    ['no-climbing:src-main/engine/archive', 'src-main/engine/archive/folder.ts', '../index/open'],
    ['no-climbing:src-main/engine/index', 'src-main/engine/index/open.ts', '../sessions/reader'],
    ['no-climbing:src-main/engine/base', 'src-main/engine/base/errors.ts', '../disk/replace-file'],
    ['no-climbing:src-main/engine/store', 'src-main/engine/store/store.ts', '../jobs/prices'],
    ['no-climbing:src-main/engine/jobs', 'src-main/engine/jobs/prices.ts', '../engine'],
    ['no-climbing:src-renderer/lib', 'src-renderer/lib/format.ts', '../stores/app'],
    ['no-climbing:src-renderer/stores', 'src-renderer/stores/app.ts', '../features/sessions/rows'],
    ['no-climbing:src-renderer/components', 'src-renderer/components/icons.ts', '../features/sessions/rows'],
    ['no-climbing:src-renderer/features', 'src-renderer/features/sessions/page.ts', '../../router'],
    ['no-parsing-in-tail', 'src-main/engine/tail/follow.ts', '../parse/line'],
    ['page-outside-the-wall', 'src-renderer/stores/app.ts', '../../src-main/engine/base/errors'],
    ['page-imported', 'src-main/desktop/menu.ts', '../../src-renderer/lib/format'],
    ['electron-in-the-desktop-only', 'src-main/engine/tail/follow.ts', 'electron'],
    ['electron-in-the-desktop-only', 'src-main/cli/cli.ts', 'electron'],
    ['electron-in-the-desktop-only', 'src-renderer/stores/app.ts', 'electron'],
    ['sqlite-in-the-index-only', 'src-main/engine/store/store.ts', 'sql.js'],
    ['sqlite-in-the-index-only', 'src-main/desktop/menu.ts', 'sql.js'],
    ['no-node-in-the-page', 'src-renderer/lib/format.ts', 'node:fs'],
    ['no-node-between-processes', 'src-main/shared/zone.ts', 'node:fs'],
    ['no-node-between-processes', 'src-main/contract/result.ts', 'node:path'],
    ['no-packages-between-processes', 'src-main/contract/result.ts', 'valibot'],
    ['no-packages-between-processes', 'src-main/shared/zone.ts', 'vue'],
    ['no-packages-between-processes', 'src-main/preload/bridge.ts', 'valibot'],
    ['no-packages-between-processes', 'src-main/preload/bridge.ts', 'a-package-that-is-not-installed'],
    ['no-unresolved', 'src-main/engine/tail/follow.ts', './nowhere'],
  ])('%s: %s may not import %s', async (rule, file, target) => {
    const { rules } = await read({ ...targetOf(file, target), [file]: uses(target) })
    expect(rules).toContain(rule)
    const asType = await read({ ...targetOf(file, target), [file]: usesType(target) })
    expect(asType.rules).toContain(rule)
  })

  it.each([
    ['src-main/desktop/main.ts', '../engine/thread/client'],
    ['src-main/desktop/menu.ts', 'electron'],
    ['src-main/desktop/main.ts', '../api/handlers'],
    ['src-main/preload/preload.ts', 'electron'],
    ['src-main/preload/preload.ts', '../contract/index'],
    ['src-main/engine/tail/follow.ts', 'node:fs'],
    ['src-main/engine/tail/follow.ts', '../base/errors'],
    ['src-main/engine/archive/folder.ts', '../../contract/index'],
    ['src-main/engine/index/open.ts', 'sql.js'],
    ['src-main/cli/cli.ts', '../engine/engine'],
    ['src-main/cli/commands/serve.ts', '../../server/server'],
    ['src-main/shared/zone.ts', '../contract/index'],
    ['src-renderer/main.ts', '@contract'],
    ['src-renderer/stores/app.ts', '@shared/zone'],
    ['src-renderer/features/overview/page.ts', '../../stores/overview'],
    ['src-renderer/lib/format.ts', 'vue'],
  ])('%s may import %s', async (file, target) => {
    const { rules } = await read({ ...targetOf(file, target), [file]: uses(target) })
    expect(rules).toEqual([])
  })

  it.each([
    ['a static import', vue(uses('electron'))],
    ['a type-only import', vue(usesType('electron'))],
    ['a dynamic import', vue("void import('electron')\n")],
    ['a re-export', `<script lang="ts">\nexport * from 'electron'\n</script>\n${vue('const x = 1\n')}`],
  ])('sees %s in a .vue file', async (_what, text) => {
    const { rules } = await read({ 'src-renderer/components/AppIcon.vue': text })
    expect(rules).toEqual(['electron-in-the-desktop-only'])
  })

  it.each([
    ['src-main/helpers/things.ts', 'room-without-a-place:src-main'],
    ['src-main/engine/helpers/things.ts', 'room-without-a-place:src-main/engine'],
    ['src-renderer/helpers/things.ts', 'room-without-a-place:src-renderer'],
  ])('asks for a place in the order for the new room of %s', async (file, rule) => {
    const { rules } = await read({ [file]: uses('valibot') })
    expect(rules).toContain(rule)
  })
})

/** The file that `target` names, seen from `file`; none where it is a package or is meant to be missing. */
function targetOf(file: string, target: string): Tree {
  if (target.endsWith('nowhere') || target === '@contract') return {}
  if (target.startsWith('@shared/')) return { [`src-main/shared/${target.slice(8)}.ts`]: gives }
  return target.startsWith('.') ? { [`${join(dirname(file), target).replaceAll('\\', '/')}.ts`]: gives } : {}
}

describe('the bridge', () => {
  const eslint = new ESLint({
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    overrideConfigFile: true,
    overrideConfig: [bridgeConfig],
  })

  async function errorsIn(filePath: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath })
    return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
  }

  it.each(['window.monitor', 'globalThis.monitor', 'const { monitor } = window; monitor'])(
    'is used in src-renderer/api only: %s',
    async (code) => {
      expect(await errorsIn('src-renderer/stores/overview.js', `${code}\n`)).toEqual(['no-restricted-properties'])
      expect(await errorsIn('src-renderer/api/client.js', `${code}\n`)).toEqual([])
    },
  )
})
