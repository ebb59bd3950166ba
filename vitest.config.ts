import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@contract': fromRoot('src-main/contract/index.ts'), '@shared': fromRoot('src-main/shared') }

/**
 * How busy a machine is decides nothing: the limits of time only bound a hang. At most four files are tested at a time, as
 * some hold hundreds of megabytes: a container may show more cores than it has memory for.
 */
const everywhere = {
  // Neither do the machine's time zone and language, nor chance (fixtures/setup.ts).
  env: { TZ: 'UTC', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
  setupFiles: ['test/fixtures/setup.ts'],
  testTimeout: 300_000,
  hookTimeout: 300_000,
  maxWorkers: Math.max(1, Math.min(4, availableParallelism() - 1)),
}

export default defineConfig({
  test: {
    // npm run coverage. What runs in a process of its own (the command line, the app) is not counted.
    coverage: {
      provider: 'v8',
      include: ['src-main/**/*.ts', 'src-renderer/**/*.{ts,vue}'],
      reporter: ['html', 'json-summary', 'text-summary', ['text-summary', { file: 'summary.txt' }]],
      reportsDirectory: 'test-results/coverage',
    },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          environment: 'node',
          ...everywhere,
          include: [
            'test/unit/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/conformance/**/*.test.ts',
            'test/cli/**/*.test.ts',
          ],
        },
      },
      {
        resolve: { alias },
        plugins: [vue()],
        test: {
          name: 'component',
          environment: 'happy-dom',
          ...everywhere,
          include: ['test/component/**/*.test.ts'],
        },
      },
    ],
  },
})
