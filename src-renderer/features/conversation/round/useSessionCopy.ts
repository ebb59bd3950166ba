import { api } from '../../../api'
import { useAppStore } from '../../../stores/app'
import { roundMarkdown } from '../model/round-markdown'
import { useCopyWords } from './useCopyWords'

/** Rounds per request. */
const STEP = 200
/** Characters after which the copy ends; a clipboard is not meant for more. */
const LONGEST = 20_000_000

/**
 * Returns a function that copies the new messages of every round as Markdown. It resolves to true if all of them were
 * copied.
 */
export function useSessionCopy(sessionId: string): () => Promise<boolean> {
  const app = useAppStore()
  const words = useCopyWords()
  return async () => {
    const pieces: string[] = []
    let length = 0
    try {
      for (let from = 1, total = 1; from <= total && length <= LONGEST; from += STEP) {
        const page = await api.call('sessionRounds', { sessionId, from, limit: STEP })
        total = page.total
        for (const round of page.rounds) {
          const text = roundMarkdown(round, words)
          length += text.length
          pieces.push(text)
        }
      }
      await navigator.clipboard.writeText(pieces.join('\n'))
      return length <= LONGEST
    } catch (thrown) {
      app.notifyError(thrown)
      return false
    }
  }
}
