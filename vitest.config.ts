import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@contract': fromRoot('src-main/contract/index.ts'), '@shared': fromRoot('src-main/shared') }

/**
 * Tests of real files, processes and much data may share their machine with others, who take their time: these only bound
 * a hang. At most four at a time, as some hold hundreds of megabytes: a container may show more cores than it has memory
 * for.
 */
const patient = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  maxWorkers: Math.max(1, Math.min(4, availableParallelism() - 1)),
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          environment: 'node',
          ...patient,
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
          ...patient,
          include: ['test/component/**/*.test.ts'],
        },
      },
    ],
  },
})
