/** Checks the imports of the sources against the rules (imports.mjs). Exits 1 when one is broken. */
import { twoWayDoors } from '../house/doors.mjs'
import { readImports } from '../house/graph.mjs'
import { root } from '../lib/paths.mjs'
import { importRules } from './imports.mjs'
import { knownDoors, knownViolations } from './known-violations.mjs'

const { graph, violations } = await readImports(root, importRules)
const comments = new Map(importRules.map(({ name, comment }) => [name, comment]))
const doors = twoWayDoors(graph)

/** @param {{ from: string, to: string }} violation */
const edge = ({ from, to }) => `${from} → ${to}`
/** @param {{ one: string, other: string }} door */
const door = ({ one, other }) => `${one} ↔ ${other}`

const problems = [
  ...violations
    .filter((violation) => !knownViolations.includes(edge(violation)))
    .map((violation) => `${edge(violation)}\n    ${violation.rule}: ${comments.get(violation.rule) ?? ''}`),
  ...doors
    .filter((found) => !knownDoors.includes(door(found)))
    .map((found) => `${door(found)}\n    no-two-way-doors: cut ${found.imports.join(', ')}`),
]
const today = [...violations.map(edge), ...doors.map(door)]
for (const known of [...knownViolations, ...knownDoors]) {
  if (!today.includes(known)) console.warn(`${known}\n    is gone: remove it from scripts/lint/known-violations.mjs`)
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`\n${problems.length} problems with imports.`)
process.exitCode = problems.length > 0 ? 1 : 0
