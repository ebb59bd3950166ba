import { useI18n } from 'vue-i18n'
import { useFormat } from '../../../stores/useFormat'
import type { CopyWords } from '../model/round-markdown'

/** The words of a copied round, in the user's language. */
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
