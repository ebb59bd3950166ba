/**
 * Groups of files that import each other, directly or through others (strongly connected components, Tarjan 1972).
 * @param {import('./graph.mjs').ImportGraph} graph
 * @returns {string[][]} each sorted; the largest first
 */
export function circlesOf(graph) {
  /** @type {string[][]} */
  const circles = []
  /** @type {string[]} */
  const stack = []
  const onStack = new Set()
  /** @type {Map<string, number>} */
  const order = new Map()

  /** @param {string} file @returns {number} the earliest file on the stack that `file` leads to */
  const visit = (file) => {
    const own = order.size
    order.set(file, own)
    stack.push(file)
    onStack.add(file)
    let low = own
    for (const next of graph.get(file) ?? []) {
      const seen = order.get(next)
      if (seen === undefined) low = Math.min(low, visit(next))
      else if (onStack.has(next)) low = Math.min(low, seen)
    }
    if (low === own) {
      const members = stack.splice(stack.indexOf(file))
      for (const member of members) onStack.delete(member)
      if (members.length > 1 || graph.get(file)?.includes(file)) circles.push(members.sort())
    }
    return low
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return circles.sort((a, b) => b.length - a.length)
}
