/** How many paths are remembered. */
const most = 10

/** With `paths` in front, each once. */
export function withRecent(recent: readonly string[], paths: readonly string[]): readonly string[] {
  return [...new Set([...paths, ...recent])].slice(0, most)
}
