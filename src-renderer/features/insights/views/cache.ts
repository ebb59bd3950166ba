import { sessionRoute } from '../../../lib/routes'
import { leftOut, estimate, named, session } from './cells'
import type { InsightView, Of, Words } from './view'

export function cacheView(data: Of<'cache'>, words: Words): InsightView {
  const { t, format } = words
  const tokens = (count: number, estimated: boolean) =>
    estimated ? `≈ ${format.compact(count)}` : format.compact(count)
  const unpriced = data.byModel.reduce((sum, row) => sum + (row.costUsd === null ? row.breaks : 0), 0)
  return {
    figures: [
      { label: t('insights.breaks'), value: format.integer(data.breaks) },
      { label: t('insights.rebilled'), value: tokens(data.tokens, data.estimatedTokens > 0) },
      {
        label: t('insights.rebilledCost'),
        value: data.breaks === 0 ? format.usd(0) : estimate(data.costUsd, words),
        hint: leftOut({ costUsd: data.costUsd, unpricedRounds: unpriced }, words),
      },
    ],
    note: t('insights.cacheNote'),
    tables: [
      {
        id: 'models',
        title: t('insights.byModel'),
        columns: [
          { label: t('overview.model') },
          { label: t('insights.breaks'), num: true },
          { label: t('insights.rebilled'), num: true },
          { label: t('overview.cost'), num: true },
        ],
        rows: data.byModel.map((row) => ({
          key: row.model ?? '',
          cells: [
            named(row.model, t('app.noModel')),
            { text: format.integer(row.breaks) },
            { text: tokens(row.tokens, row.estimatedTokens > 0), title: format.integer(row.tokens) },
            { text: estimate(row.costUsd, words) },
          ],
        })),
      },
      {
        id: 'worst',
        title: t('insights.worstBreaks'),
        columns: [
          { label: t('insights.session') },
          { label: t('insights.round'), num: true },
          { label: t('insights.when') },
          { label: t('insights.brokenBy') },
          { label: t('insights.rebilled'), num: true },
          { label: t('overview.cost'), num: true },
        ],
        rows: data.worst.map((row) => ({
          key: `${row.session.sessionId} ${String(row.round)}`,
          to: sessionRoute(row.session.sessionId),
          cells: [
            session(row.session),
            { text: format.integer(row.round) },
            { text: format.dateTime(row.time), title: format.dateTimeExact(row.time) },
            {
              text:
                row.message === null
                  ? t('insights.cacheLost')
                  : t('insights.messageChanged', { number: format.integer(row.message) }),
            },
            { text: tokens(row.tokens, row.estimated), title: format.integer(row.tokens) },
            { text: estimate(row.costUsd, words) },
          ],
        })),
      },
    ],
  }
}
