import type { App } from 'electron'

/** How many paths are remembered. */
const most = 10

/** With `paths` in front, each once. */
export function withRecent(recent: readonly string[], paths: readonly string[]): readonly string[] {
  return [...new Set([...paths, ...recent])].slice(0, most)
}

/** Shows the same paths, the latest first, where the desktop lists them: the Dock and the jump list. Linux lists none. */
export function showRecentDocuments(
  app: Pick<App, 'addRecentDocument' | 'clearRecentDocuments'>,
  recent: readonly string[],
): void {
  app.clearRecentDocuments()
  // The one added last comes first.
  for (const path of recent.toReversed()) app.addRecentDocument(path)
}
