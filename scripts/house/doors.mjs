/**
 * Two-way doors: two neighbours in one folder, at least one of them a folder itself, that import from each other.
 * @typedef {object} Door
 * @property {string} one
 * @property {string} other
 * @property {string[]} imports `from → to` of the direction with fewer imports: the one to cut
 */

/**
 * @param {import('./graph.mjs').ImportGraph} graph
 * @returns {Door[]}
 */
export function twoWayDoors(graph) {
  /** @type {Map<string, string[]>} */
  const ways = new Map()
  for (const [from, imports] of graph) {
    for (const to of imports) {
      const way = neighboursOf(from, to)
      if (way === null) continue
      const key = way.join(' ')
      ways.set(key, [...(ways.get(key) ?? []), `${from} → ${to}`])
    }
  }
  return [...ways].flatMap(([key, imports]) => {
    const [one = '', other = ''] = key.split(' ')
    const back = ways.get(`${other} ${one}`)
    if (back === undefined || one > other) return []
    return [{ one, other, imports: back.length < imports.length ? back : imports }]
  })
}

/**
 * The entries of the folder both files are in, one below the other's; null for two files of one folder.
 * @param {string} from
 * @param {string} to
 * @returns {readonly [string, string] | null}
 */
function neighboursOf(from, to) {
  const [a, b] = [from.split('/'), to.split('/')]
  let shared = 0
  while (a[shared] !== undefined && a[shared] === b[shared]) shared += 1
  if (shared === a.length - 1 && shared === b.length - 1) return null
  return [a.slice(0, shared + 1).join('/'), b.slice(0, shared + 1).join('/')]
}
