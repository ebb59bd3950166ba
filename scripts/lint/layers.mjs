/**
 * Who may import whom. Imports go one way: renderer → contract ← ipc → engine; engine → contract. What is shared is code
 * without any runtime of its own, used on both sides.
 * Each folder of src-main names the folders and the guarded packages it may use; everything else is an error.
 */

/**
 * @typedef {object} Layer
 * @property {string} files what the layer consists of
 * @property {readonly string[]} may names of src-main's folders (and of src-renderer) it may import from
 * @property {readonly string[]} [packages] the guarded packages it may import
 */

const folders = ['app', 'cli', 'contract', 'engine', 'ipc', 'preload', 'serve', 'shared']

/** Packages that belong to one part of the program only. */
const guardedPackages = ['electron', 'sql.js']

/** @type {readonly Layer[]} A later layer overrides an earlier one for files in both. */
const layers = [
  { files: 'src-main/*.ts', may: folders, packages: ['electron'] },
  { files: 'src-main/app/**', may: ['app', 'contract', 'engine', 'ipc', 'shared'], packages: ['electron'] },
  { files: 'src-main/ipc/**', may: ['app', 'contract', 'engine', 'ipc'], packages: ['electron'] },
  { files: 'src-main/preload/**', may: ['contract', 'preload'], packages: ['electron'] },
  { files: 'src-main/cli/**', may: ['cli', 'contract', 'engine', 'serve'] },
  // The pages' other host: of app and ipc it may use what needs no Electron, and the guard on the package sees to it.
  { files: 'src-main/serve/**', may: ['app', 'contract', 'engine', 'ipc', 'serve'] },
  { files: 'src-main/engine/**', may: ['contract', 'engine'] },
  { files: 'src-main/engine/index/**', may: ['contract', 'engine'], packages: ['sql.js'] },
  { files: 'src-main/contract/**', may: ['contract'] },
  { files: 'src-main/shared/**', may: ['contract', 'shared'] },
  { files: 'src-renderer/**', may: ['contract', 'shared'] },
]

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** @param {Layer} layer */
function forbidden({ files, may, packages = [] }) {
  const closed = folders.filter((folder) => !may.includes(folder))
  const inRenderer = files.startsWith('src-renderer')
  const patterns = guardedPackages
    .filter((name) => !packages.includes(name))
    .map((name) => ({
      regex: `^${escaped(name)}(/|$)`,
      message: `${files} may not use ${name}: see scripts/lint/layers.mjs.`,
    }))
  if (inRenderer) {
    patterns.push(
      {
        regex: 'src-main/(?!(contract|shared)(/|$))',
        message: 'The renderer knows nothing of the main process but its contract and what is shared.',
      },
      { regex: '^node:', message: 'The renderer runs in a sandbox: there is no Node.' },
    )
  } else {
    patterns.push({
      regex: '^@(contract|shared)(/|$)',
      message: 'The alias is for the renderer; here the path is short.',
    })
    patterns.push({ regex: '(^|/)src-renderer(/|$)', message: 'Nothing outside the renderer imports it.' })
    if (closed.length > 0) {
      patterns.push({
        regex: `^\\.{1,2}/(.*/)?(${closed.join('|')})(/|$)`,
        message: `${files} may not import from this folder: see scripts/lint/layers.mjs.`,
      })
    }
    if (!files.endsWith('/*.ts')) {
      patterns.push({
        regex: '^(\\.\\./)+main(\\.js|\\.ts)?$',
        message: 'main.ts composes the others; nothing imports it.',
      })
    }
  }
  if (['src-main/contract/**', 'src-main/preload/**', 'src-main/shared/**'].includes(files)) {
    const allowed = ['\\.', ...packages.map((name) => `${escaped(name)}(/|$)`)]
    patterns.push({
      regex: `^(?!${allowed.join('|')})`,
      message: `${files} imports no package but ${packages.join(', ') || 'none'}.`,
    })
  }
  return patterns
}

/** `import('x')` is not seen by no-restricted-imports, so a guarded package must be named by a plain import. */
const noGuardedDynamicImport = guardedPackages.map((name) => ({
  selector: `ImportExpression[source.value=/^${escaped(name)}(\\u002F|$)/]`,
  message: `Import ${name} statically, so that its use is checked.`,
}))

const bridge = 'window.monitor is used in src-renderer/api only.'

/** @type {import('eslint').Linter.Config[]} */
export const layerConfigs = [
  ...layers.map((layer) => ({
    name: `layers: ${layer.files}`,
    files: [layer.files],
    rules: /** @type {import('eslint').Linter.RulesRecord} */ ({
      'no-restricted-imports': ['error', { patterns: forbidden(layer) }],
      'no-restricted-syntax': ['error', ...noGuardedDynamicImport],
    }),
  })),
  {
    name: 'layers: the bridge',
    files: ['src-renderer/**'],
    ignores: ['src-renderer/api/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'monitor', message: bridge },
        { object: 'globalThis', property: 'monitor', message: bridge },
        { object: 'self', property: 'monitor', message: bridge },
      ],
    },
  },
]
