import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type UserConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// Releases run Electron 45, the development fallback runs 33 (Chromium 130, Node 20): build for the older one.
const nodeTarget = 'node20'
const pageTarget = 'chrome130'

/** The engine looks for the wasm beside its own bundle. */
function sqlWasmBesideBundle(): Plugin {
  return {
    name: 'sql-wasm-beside-bundle',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) return
      const source = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
      const target = join(dir, 'sql-wasm.wasm')
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(source, target)
    },
  }
}

const parts: Required<UserConfig> = {
  main: {
    plugins: [sqlWasmBesideBundle()],
    build: {
      target: nodeTarget,
      outDir: fromRoot('out/main'),
      // Everything but Electron and Node's own modules is bundled, so the packaged app carries no node_modules.
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: fromRoot('src-main/desktop/main.ts'),
          worker: fromRoot('src-main/engine/thread/worker.ts'),
          cli: fromRoot('src-main/cli/cli.ts'),
          // The engine by itself, for plain Node: the benchmarks run it.
          engine: fromRoot('src-main/engine/engine.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      outDir: fromRoot('out/preload'),
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: { preload: fromRoot('src-main/preload/preload.ts') },
        output: {
          // A sandboxed preload is loaded as CommonJS, and can require nothing beside itself.
          format: 'cjs',
          entryFileNames: '[name].cjs',
          codeSplitting: false,
        },
      },
    },
  },
  renderer: {
    root: fromRoot('src-renderer'),
    plugins: [vue()],
    resolve: {
      alias: { '@contract': fromRoot('src-main/contract/index.ts'), '@shared': fromRoot('src-main/shared') },
    },
    build: {
      target: pageTarget,
      outDir: fromRoot('out/renderer'),
      minify: 'oxc',
      // Pages come from disk: one larger chunk is not slower than many, and a chart library is large.
      chunkSizeWarningLimit: 3000,
      rolldownOptions: {
        input: fromRoot('src-renderer/index.html'),
      },
    },
  },
}

/** scripts/lib/build.mjs names the parts that changed; without it everything is built. */
const wanted = process.env['BUILD_PARTS']?.split(',')

export default defineConfig(
  Object.fromEntries(Object.entries(parts).filter(([name]) => wanted?.includes(name) ?? true)) as UserConfig,
)
