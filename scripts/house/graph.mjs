/** The import graph of the sources, as dependency-cruiser reads it: `.vue` files and type-only imports included. */
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

/** @typedef {ReadonlyMap<string, readonly string[]>} ImportGraph file → the files it imports; paths with `/`, from the root */
/** @typedef {{ readonly rule: string, readonly from: string, readonly to: string }} Violation */

const folders = ['src-main', 'src-renderer']

/**
 * @param {string} root of the repository
 * @param {readonly import('dependency-cruiser').IForbiddenRuleType[]} [rules]
 * @returns {Promise<{ readonly graph: ImportGraph, readonly violations: readonly Violation[] }>}
 */
export async function readImports(root, rules = []) {
  // The page's, because it has the aliases.
  const tsConfig = join(root, 'tsconfig.web.json')
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: 'node_modules',
      validate: true,
      ruleSet: { forbidden: [...rules] },
      tsConfig: { fileName: tsConfig },
    },
    { extensions: ['.ts', '.vue', '.mjs', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import'] },
    { tsConfig: extractTsConfig(tsConfig) },
  )
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave text where a result was expected.')
  const own = output.modules.filter(({ source }) => isSource(source))
  const graph = new Map(
    own.map(({ source, dependencies }) => [
      source,
      [...new Set(dependencies.map(({ resolved }) => resolved).filter(isSource))],
    ]),
  )
  const violations = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
  return { graph, violations }
}

/** @param {string} path */
const isSource = (path) => folders.some((folder) => path.startsWith(`${folder}/`))
