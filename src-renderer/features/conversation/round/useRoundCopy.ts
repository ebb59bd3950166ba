import { useTimeoutFn } from '@vueuse/core'
import { inject, provide, ref, type InjectionKey, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Round } from '@contract'
import { api } from '../../../api'
import { useFormat } from '../../../stores/useFormat'
import { useAppStore } from '../../../stores/app'
import { roundMarkdown, type CopyWords } from '../model/round-markdown'

export interface RoundCopy {
  /** What was copied a moment ago. */
  readonly done: Ref<'markdown' | 'json' | null>
  readonly markdown: (round: Round) => Promise<void>
  readonly json: (round: Round) => Promise<void>
}

const SESSION: InjectionKey<string> = Symbol('session id')
export const provideSessionId = (sessionId: string): void => {
  provide(SESSION, sessionId)
}

export function useCopyWords(): CopyWords {
  const i18n = useI18n()
  const { t } = i18n
  const format = useFormat()
  return {
    round: (round) => t('round.label', { round }),
    role: (role) => (i18n.te(`round.role.${role}`) ? t(`round.role.${role}`) : role),
    time: (ms) => format.value.dateTimeExact(ms),
    figures: ({ usage, cost }) => {
      const count = (tokens: number | null): string => (tokens === null ? '–' : format.value.integer(tokens))
      const tokens = `${count(usage.inputTokens)} ${t('round.input')} / ${count(usage.outputTokens)} ${t('round.output')}`
      return cost === null ? tokens : `${tokens} · ${format.value.usdExact(cost.usd)}`
    },
    reasoning: t('round.reasoning'),
    toolCall: t('round.toolCall'),
    toolResult: t('round.toolResult'),
    image: t('round.image'),
  }
}

/** Rounds asked for at a time, and the characters after which a copy ends: a clipboard is no file. */
const STEP = 200
const LONGEST = 20_000_000

/** Copies a whole session as Markdown, what is new in each round; returns whether it was all of it. */
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

/** Copies a round: what is new in it as Markdown, or all of it as JSON in the field names of the session's file. */
export function useRoundCopy(): RoundCopy {
  const app = useAppStore()
  const sessionId = inject(SESSION, '')
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
