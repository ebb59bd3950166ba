import { named } from './cells'
import type { Cell, InsightView, Of, Words } from './view'

/** Where it is known of no round, nothing re-sent is not zero but unknown. */
const resentText = (share: Of<'context'>['totals'], { t, format }: Words): string =>
  share.knownRounds === 0 ? t('app.unknown') : `≈ ${format.compact(share.resentTokens)}`

export function contextView({ totals, byDay, byModel }: Of<'context'>, words: Words): InsightView {
  const { t, format } = words
  const columns = [
    { label: t('insights.rounds'), num: true },
    { label: t('insights.inputTokens'), num: true },
    { label: t('insights.resent'), num: true },
    { label: t('insights.resentShare'), num: true },
    { label: t('insights.compactions'), num: true },
  ]
  const cells = (share: typeof totals): Cell[] => [
    { text: format.integer(share.rounds) },
    share.knownRounds === 0
      ? { text: t('app.unknown') }
      : { text: format.compact(share.promptTokens), title: format.integer(share.promptTokens) },
    { text: resentText(share, words), title: format.integer(share.resentTokens) },
    { text: shareText(share, words) },
    { text: format.integer(share.compactions) },
  ]
  return {
    figures: [
      { label: t('insights.resentShare'), value: shareText(totals, words) },
      { label: t('insights.resent'), value: resentText(totals, words) },
      { label: t('insights.compactions'), value: format.integer(totals.compactions) },
      {
        label: t('insights.knownRounds'),
        value: t('insights.countOf', { count: format.integer(totals.knownRounds), of: format.integer(totals.rounds) }),
      },
    ],
    note: t('insights.contextNote'),
    tables: [
      {
        id: 'models',
        title: t('insights.byModel'),
        columns: [{ label: t('overview.model') }, ...columns],
        rows: byModel.map((row) => ({
          key: row.model ?? '',
          cells: [named(row.model, t('app.noModel')), ...cells(row)],
        })),
      },
      {
        id: 'days',
        title: t('insights.byDay'),
        columns: [{ label: t('insights.day') }, ...columns],
        rows: [...byDay].reverse().map((row) => ({
          key: row.date,
          cells: [{ text: format.dayOf(row.date) }, ...cells(row)],
        })),
      },
    ],
  }
}

function shareText(
  share: { readonly resentTokens: number; readonly promptTokens: number },
  { t, format }: Words,
): string {
  return share.promptTokens === 0 ? t('app.unknown') : `≈ ${format.percent(share.resentTokens / share.promptTokens)}`
}
