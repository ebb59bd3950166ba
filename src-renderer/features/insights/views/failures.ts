import { cost, leftOut, usd, named } from './cells'
import type { InsightView, Of, TableView, Words } from './view'

export function failuresView(data: Of<'failures'>, words: Words): InsightView {
  const { t, format } = words
  const table = (id: string, title: string, label: string, none: string, rows: typeof data.byModel): TableView => ({
    id,
    title,
    columns: [
      { label },
      { label: t('insights.failedRounds'), num: true },
      { label: t('insights.failedShare'), num: true },
      { label: t('overview.cost'), num: true },
    ],
    rows: rows.map((row) => ({
      key: row.name ?? '',
      cells: [
        named(row.name, none),
        { text: format.integer(row.rounds) },
        { text: format.percent(row.of === 0 ? 0 : row.rounds / row.of) },
        cost(row, words),
      ],
    })),
  })
  const figure = (label: string, rounds: number, costUsd: number | null, unpriced: number) => ({
    label,
    value: t(
      'insights.roundsAndCost',
      { rounds: format.integer(rounds), cost: costUsd === null ? t('insights.costUnknown') : usd(costUsd, words) },
      rounds,
    ),
    hint: leftOut({ costUsd, unpricedRounds: unpriced }, words),
  })
  return {
    figures: [
      ...data.byStatus.map((row) =>
        figure(
          row.status === 'error' ? t('insights.errors') : t('insights.cutOff'),
          row.rounds,
          row.costUsd,
          row.unpricedRounds,
        ),
      ),
      figure(t('insights.retries'), data.retries.rounds, data.retries.costUsd, data.retries.unpricedRounds),
      {
        label: t('insights.failedShare'),
        value: data.all.rounds === 0 ? t('app.unknown') : format.percent(data.all.failedRounds / data.all.rounds),
      },
    ],
    note: t('insights.failuresNote'),
    tables: [
      table('models', t('insights.byModel'), t('overview.model'), t('app.noModel'), data.byModel),
      table('consumers', t('insights.byConsumer'), t('insights.consumer'), t('insights.noConsumer'), data.byConsumer),
    ],
  }
}
