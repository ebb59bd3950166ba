import type { LatencyRow, Quantiles } from '@contract'
import { named } from './cells'
import type { Cell, InsightView, Of, TableView, Words } from './view'

export function latencyView(data: Of<'latency'>, words: Words): InsightView {
  const { t, format } = words
  const groups = ['firstToken', 'duration', 'rate'] as const
  const table = (id: string, title: string, label: string, none: string, rows: readonly LatencyRow[]): TableView => ({
    id,
    title,
    columns: [
      { label },
      ...groups.flatMap((group) =>
        ['p50', 'p95', 'p99'].map((rank) => ({ label: rank, num: true, group: t(`insights.${group}`) })),
      ),
    ],
    rows: rows.map((row) => ({
      key: row.name ?? '',
      cells: [
        named(row.name, none),
        ...quantiles(row.firstTokenMs, (ms) => format.duration(ms), words),
        ...quantiles(row.durationMs, (ms) => format.duration(ms), words),
        ...quantiles(row.tokensPerSecond, (rate) => format.integer(rate), words),
      ],
    })),
  })
  return {
    figures: [],
    note: t('insights.latencyNote', { error: format.percent(data.relativeError) }),
    tables: [
      table('models', t('insights.byModel'), t('overview.model'), t('app.noModel'), data.byModel),
      table('consumers', t('insights.byConsumer'), t('insights.consumer'), t('insights.noConsumer'), data.byConsumer),
    ],
  }
}

function quantiles(values: Quantiles | null, show: (value: number) => string, { t, format }: Words): Cell[] {
  if (values === null) return ['–', '–', '–'].map((text) => ({ text, title: t('app.unknown') }))
  const title = t('insights.ofRounds', { count: format.integer(values.count) }, values.count)
  return [values.p50, values.p95, values.p99].map((value) => ({ text: `≈ ${show(value)}`, title }))
}
