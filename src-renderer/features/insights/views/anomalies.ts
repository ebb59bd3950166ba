import { sessionRoute } from '../../../lib/routes'
import { usd, named, session } from './cells'
import type { Cell, InsightView, Of, Words } from './view'

export function anomaliesView(data: Of<'anomalies'>, words: Words): InsightView {
  const { t, format } = words
  const { forecast } = data
  const columns = [
    { label: t('overview.cost'), num: true },
    { label: t('insights.usually'), num: true },
    { label: t('insights.timesUsual'), num: true },
  ]
  const cells = ({ costUsd, usualUsd }: { readonly costUsd: number; readonly usualUsd: number }): Cell[] => [
    { text: usd(costUsd, words) },
    { text: usd(usualUsd, words) },
    { text: `${format.compact(Math.round(costUsd / usualUsd))} ×` },
  ]
  return {
    figures:
      forecast === null
        ? [{ label: t('insights.forecast'), value: t('app.unknown'), hint: t('insights.forecastUnknown') }]
        : [
            { label: t('insights.spentThisMonth'), value: usd(forecast.spentUsd, words) },
            {
              label: t('insights.forecast'),
              value: `≈ ${usd(forecast.expectedUsd, words)}`,
              hint: t('insights.forecastHint', { days: format.integer(forecast.days) }),
            },
            {
              label: t('insights.forecastRange'),
              value: t('insights.fromTo', { from: usd(forecast.lowUsd, words), to: usd(forecast.highUsd, words) }),
            },
          ],
    note: t('insights.anomaliesNote', { k: String(data.k) }),
    tables: [
      {
        id: 'sessions',
        title: t('insights.dearSessions'),
        columns: [{ label: t('insights.session') }, ...columns],
        rows: data.sessions.map((row) => ({
          key: row.session.sessionId,
          to: sessionRoute(row.session.sessionId),
          cells: [session(row.session), ...cells(row)],
        })),
      },
      {
        id: 'hours',
        title: t('insights.dearHours'),
        columns: [{ label: t('insights.hour') }, ...columns],
        rows: data.hours.map((row) => ({
          key: row.hour,
          cells: [{ text: `${format.dayOf(row.hour.slice(0, 10))}, ${row.hour.slice(11)}:00` }, ...cells(row)],
        })),
      },
      {
        id: 'models',
        title: t('insights.dearModels'),
        columns: [{ label: t('overview.model') }, { label: t('insights.day') }, ...columns],
        rows: data.models.map((row) => ({
          key: `${row.date} ${row.model ?? ''}`,
          cells: [named(row.model, t('app.noModel')), { text: format.dayOf(row.date) }, ...cells(row)],
        })),
      },
    ],
  }
}
