/** What fits a line of this length stays on it: small objects read better beside each other than as a ladder. */
const LINE = 76

/**
 * JSON text laid out for reading, or null when it is no JSON object or array. Numbers are copied as they were written:
 * parsing them would silently change long ids. Strings lose their \u escapes.
 */
export function prettyJson(text: string): string | null {
  const tree = readJsonTree(text)
  return tree === null ? null : layOut(tree, '')
}

/** JSON text as a tree of its own spellings: a leaf is its text, a container its items in their order. */
export type JsonNode =
  string | { readonly open: '{' | '['; readonly items: readonly (readonly [key: string | null, value: JsonNode])[] }
type Node = JsonNode

/** Nested deeper than this, JSON is shown as text: each level costs the stack. */
const MOST_LEVELS = 200

/** The tree of an object's or an array's JSON text; null for anything else. */
export function readJsonTree(text: string): JsonNode | null {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return null
  try {
    JSON.parse(trimmed)
    const tree = read(trimmed)
    return nestsDeeper(tree, MOST_LEVELS) ? null : tree
  } catch {
    // No JSON, or nested deeper than the stack.
    return null
  }
}

function nestsDeeper(node: Node, levels: number): boolean {
  if (typeof node === 'string') return false
  return levels === 0 || node.items.some(([, value]) => nestsDeeper(value, levels - 1))
}

/** The node on one line if it has room there, else null. */
export const shortJson = (node: JsonNode): string | null => onOneLine(node, LINE)

/** Text that is known to be JSON as a tree of its own spellings. */
function read(text: string): Node {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs) ?? []
  let at = 0

  function value(): Node {
    const token = tokens[at++] ?? ''
    if (token === '[' || token === '{') return container(token)
    return token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token
  }

  function container(open: '{' | '['): Node {
    const close = open === '{' ? '}' : ']'
    const items: [string | null, Node][] = []
    while (tokens[at] !== close) {
      if (tokens[at] === ',') at++
      let key: string | null = null
      if (open === '{') {
        key = value() as string
        at++
      }
      items.push([key, value()])
    }
    at++
    return { open, items }
  }

  return value()
}

function layOut(node: Node, indent: string): string {
  if (typeof node === 'string') return node
  const short = onOneLine(node, LINE - indent.length)
  if (short !== null) return short
  const deeper = `${indent}  `
  const lines = node.items.map(([key, value]) => deeper + (key === null ? '' : `${key}: `) + layOut(value, deeper))
  return `${node.open}\n${lines.join(',\n')}\n${indent}${node.open === '{' ? '}' : ']'}`
}

function onOneLine(node: Node, room: number): string | null {
  if (typeof node === 'string') return node.length <= room ? node : null
  let inside = ''
  for (const [key, value] of node.items) {
    const shown = onOneLine(value, room - inside.length)
    if (shown === null) return null
    inside += (inside === '' ? '' : ', ') + (key === null ? '' : `${key}: `) + shown
    if (inside.length > room) return null
  }
  if (node.open === '[') return `[${inside}]`
  return inside === '' ? '{}' : `{ ${inside} }`
}
