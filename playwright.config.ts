import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  // Each test starts an Electron of its own; more than two at once starve each other on a small machine.
  workers: process.env['CI'] === undefined ? 2 : 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  projects: [
    { name: 'app', testIgnore: '**/packaged.spec.ts', outputDir: 'test-results/app' },
    { name: 'packaged', testMatch: '**/packaged.spec.ts', outputDir: 'test-results/packaged' },
  ],
})
