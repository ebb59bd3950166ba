/**
 * npm run house: the figures of the source tree: import circles, two-way doors between folders, long files.
 * `npm run house -- FOLDER` measures another checkout.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { circlesOf } from './house/circles.mjs'
import { twoWayDoors } from './house/doors.mjs'
import { readImports } from './house/graph.mjs'
import { root } from './lib/paths.mjs'
import { say } from './lib/say.mjs'

const MOST_LINES = 400

const folder = resolve(process.argv[2] ?? root)
const { graph } = await readImports(folder)
const circles = circlesOf(graph)
const doors = twoWayDoors(graph)
const long = [...graph.keys()]
  .map((file) => ({ file, lines: readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length }))
  .filter(({ lines }) => lines > MOST_LINES)
  .sort((a, b) => b.lines - a.lines)

say(`Files: ${graph.size}, imports between them: ${[...graph.values()].flat().length}`)
say(`\nImport circles: ${circles.length}`)
for (const files of circles) say(`  ${files.length} files: ${files.join(', ')}`)
say(`\nTwo-way doors: ${doors.length}`)
for (const { one, other, imports } of doors) say(`  ${one} ↔ ${other}: ${imports.join(', ')}`)
say(`\nFiles over ${MOST_LINES} lines: ${long.length}`)
for (const { file, lines } of long) say(`  ${lines} ${file}`)
