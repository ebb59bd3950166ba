import { cost, named, type Sum } from './cells'
import type { Cell, InsightView, Of, Words } from './view'

export function consumersView({ byConsumer, byRoute }: Of<'consumers'>, words: Words): InsightView {
  const { t, format } = words
  const columns = [
    { label: t('overview.sessions'), num: true },
    { label: t('insights.rounds'), num: true },
    { label: t('insights.tokens'), num: true },
    { label: t('overview.cost'), num: true },
  ]
  const cells = (sessions: number, rounds: number, tokens: number, sum: Sum): Cell[] => [
    { text: format.integer(sessions) },
    { text: format.integer(rounds) },
    { text: format.compact(tokens), title: format.integer(tokens) },
    cost(sum, words),
  ]
  return {
    figures: [],
    note: '',
    tables: [
      {
        id: 'consumers',
        title: t('insights.byConsumer'),
        columns: [{ label: t('insights.consumer') }, ...columns],
        rows: byConsumer.map((row) => ({
          key: row.consumer ?? '',
          cells: [
            named(row.consumer, t('insights.noConsumer')),
            ...cells(row.sessions, row.rounds, row.inputTokens + row.outputTokens, row),
          ],
        })),
      },
      {
        id: 'routes',
        title: t('insights.byRoute'),
        columns: [{ label: t('insights.route') }, { label: t('insights.authority') }, ...columns],
        rows: byRoute.map((row) => ({
          key: `${row.route ?? ''} ${row.authority ?? ''}`,
          cells: [
            named(row.route, '–'),
            named(row.authority, '–'),
            ...cells(row.sessions, row.rounds, row.tokens, row),
          ],
        })),
      },
    ],
  }
}
