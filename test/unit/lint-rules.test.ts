import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { layerConfigs } from '../../scripts/lint/layers.mjs'

/** Only the layer rules, on text: what they report must not depend on what files there are. */
const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  overrideConfigFile: true,
  overrideConfig: [...layerConfigs],
})

async function errorsIn(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

const imported = (what: string): string => `import { x } from '${what}'\nx()\n`

describe('the import directions', () => {
  it.each([
    ['src-main/engine/tail/follow.js', 'electron'],
    ['src-main/engine/engine.js', '../ipc/handle'],
    ['src-main/engine/tail/follow.js', '../../app/menu'],
    ['src-main/engine/engine.js', '../cli/cli'],
    ['src-main/engine/engine.js', '../preload/preload'],
    ['src-main/engine/engine.js', '../main'],
    ['src-main/engine/index/open.js', '../../ipc/handle'],
    ['src-main/engine/index/open.js', 'electron'],
    ['src-main/engine/engine.js', '../../src-renderer/main'],
    ['src-main/engine/sessions/group.js', 'sql.js'],
    ['src-main/engine/sessions/group.js', 'sql.js/dist/sql-wasm.js'],
    ['src-main/cli/cli.js', 'electron'],
    ['src-main/cli/cli.js', '../app/window'],
    ['src-main/app/window.js', 'sql.js'],
    ['src-main/app/window.js', '../../src-renderer/main'],
    ['src-main/ipc/handle.js', '../preload/preload'],
    ['src-main/contract/index.js', 'valibot'],
    ['src-main/contract/index.js', 'node:fs'],
    ['src-main/contract/index.js', '../engine/methods'],
    ['src-main/preload/preload.js', '../engine/methods'],
    ['src-main/preload/preload.js', 'valibot'],
    ['src-main/shared/program-texts.js', 'node:fs'],
    ['src-main/shared/program-texts.js', '../app/texts'],
    ['src-main/engine/engine.js', '../shared/program-texts'],
    ['src-renderer/main.js', 'electron'],
    ['src-renderer/main.js', 'node:fs'],
    ['src-renderer/stores/sessions.js', '../../src-main/engine/engine'],
    ['src-renderer/stores/sessions.js', '../../src-main/ipc/handle'],
  ])('%s may not import %s', async (file, what) => {
    expect(await errorsIn(file, imported(what))).toEqual(['no-restricted-imports'])
  })

  it.each([
    ['src-main/main.js', './engine/client'],
    ['src-main/main.js', 'electron'],
    ['src-main/app/window.js', 'electron'],
    ['src-main/app/exports.js', '../engine/client'],
    ['src-main/ipc/handle.js', '../engine/client'],
    ['src-main/preload/preload.js', 'electron'],
    ['src-main/preload/preload.js', '../contract/index'],
    ['src-main/engine/engine.js', '../contract/index'],
    ['src-main/engine/tail/follow.js', 'node:fs'],
    ['src-main/engine/index/open.js', 'sql.js'],
    ['src-main/cli/cli.js', '../engine/engine'],
    ['src-main/contract/index.js', './channels'],
    ['src-main/app/texts.js', '../shared/program-texts'],
    ['src-renderer/main.js', '@contract'],
    ['src-renderer/main.js', '@shared/program-texts'],
    ['src-renderer/main.js', 'vue'],
    ['src-renderer/features/overview/page.js', '../../stores/overview'],
  ])('%s may import %s', async (file, what) => {
    expect(await errorsIn(file, imported(what))).toEqual([])
  })

  it('sees through re-exports and dynamic imports', async () => {
    expect(await errorsIn('src-main/engine/engine.js', "export * from 'electron'\n")).toEqual(['no-restricted-imports'])
    expect(await errorsIn('src-main/engine/engine.js', "void import('electron')\n")).toEqual(['no-restricted-syntax'])
  })
})

describe('the bridge', () => {
  it.each(['window.monitor', 'globalThis.monitor', 'const { monitor } = window; monitor'])(
    'is used in src-renderer/api only: %s',
    async (code) => {
      expect(await errorsIn('src-renderer/stores/overview.js', `${code}\n`)).toEqual(['no-restricted-properties'])
      expect(await errorsIn('src-renderer/api/client.js', `${code}\n`)).toEqual([])
    },
  )
})
