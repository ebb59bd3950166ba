import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  // Each test has an Electron of its own, but all share one screen: one keyboard focus, one clipboard.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  // These only bound a hang: a busy machine may take minutes for what a free one does in seconds.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [['list']],
  projects: [
    { name: 'app', testIgnore: '**/packaged.spec.ts', outputDir: 'test-results/app' },
    { name: 'packaged', testMatch: '**/packaged.spec.ts', outputDir: 'test-results/packaged' },
  ],
})
