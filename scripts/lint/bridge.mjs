/** The page reaches the main process through one module, which every window and test can replace. */
const message = 'window.monitor is used in src-renderer/api only.'

/** @type {import('eslint').Linter.Config} */
export const bridgeConfig = {
  name: 'the bridge',
  files: ['src-renderer/**'],
  ignores: ['src-renderer/api/**'],
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'window', property: 'monitor', message },
      { object: 'globalThis', property: 'monitor', message },
      { object: 'self', property: 'monitor', message },
    ],
  },
}
