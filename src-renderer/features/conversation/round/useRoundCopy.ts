import { useTimeoutFn } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import type { Round } from '@contract'
import { api } from '../../../api'
import { useAppStore } from '../../../stores/app'
import { roundMarkdown } from '../model/round-markdown'
import { useSessionId } from '../state/useSessionId'
import { useCopyWords } from './useCopyWords'

export interface RoundCopy {
  /** The format copied within the last 1.5 s. */
  readonly done: Ref<'markdown' | 'json' | null>
  readonly markdown: (round: Round) => Promise<void>
  readonly json: (round: Round) => Promise<void>
}

/** Copies a round: its new messages as Markdown, or all of it as JSON, with the field names of an exported session. */
export function useRoundCopy(): RoundCopy {
  const app = useAppStore()
  const sessionId = useSessionId()
  const words = useCopyWords()
  const done = ref<'markdown' | 'json' | null>(null)
  const reset = useTimeoutFn(() => (done.value = null), 1500, { immediate: false })

  async function copy(kind: 'markdown' | 'json', text: () => Promise<string> | string): Promise<void> {
    try {
      await navigator.clipboard.writeText(await text())
      done.value = kind
      reset.start()
    } catch (thrown) {
      app.notifyError(thrown)
    }
  }

  return {
    done,
    markdown: (round) => copy('markdown', () => roundMarkdown(round, words)),
    json: (round) => copy('json', () => api.call('roundJson', { sessionId, round: round.round })),
  }
}
