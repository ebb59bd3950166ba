import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  // Each test starts its own Electron, but all share one screen, with one keyboard focus and one clipboard.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  // These limits only end a hang: a busy machine may need minutes for a few seconds of work.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [['list']],
  projects: [
    { name: 'app', testIgnore: '**/packaged.spec.ts', outputDir: 'test-results/app' },
    { name: 'packaged', testMatch: '**/packaged.spec.ts', outputDir: 'test-results/packaged' },
  ],
})
