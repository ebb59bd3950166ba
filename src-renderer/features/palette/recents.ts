const KEY = 'palette-recent'
const MOST = 12

/** What was opened lately, the latest first: ids of commands, and of sessions after `session:`. No text of theirs. */
export function recentIds(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

export function rememberRecent(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentIds().filter((other) => other !== id)].slice(0, MOST)))
  } catch {
    // Without a memory the palette begins with its pages.
  }
}

const SESSION = 'session:'
export const sessionRecent = (sessionId: string): string => SESSION + sessionId
export const recentSession = (id: string): string | null => (id.startsWith(SESSION) ? id.slice(SESSION.length) : null)
