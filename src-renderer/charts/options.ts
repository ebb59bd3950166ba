import type { DateUsage, ModelUsage } from '@contract'
import type { Measure } from '../stores/overview'
import { chartBase, dataIndex, type ChartLook } from './base'
import type { ChartOption } from './echarts'

export interface ChartContext extends ChartLook {
  readonly measure: Measure
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
}

/** The longest run of days drawn one bar a day with its gaps; beyond it only days with rounds are drawn. */
const MOST_FILLED_DAYS = 400
const DAY_MS = 86_400_000

/** `byDate` with the days in between that had no round, so that the axis tells time truly. */
export function fillDays(byDate: readonly DateUsage[]): readonly { date: string; usage: DateUsage | null }[] {
  const first = byDate[0]
  const last = byDate.at(-1)
  if (first === undefined || last === undefined) return []
  const start = Date.parse(`${first.date}T00:00:00Z`)
  const end = Date.parse(`${last.date}T00:00:00Z`)
  const days = Math.round((end - start) / DAY_MS) + 1
  if (!(days > 0 && days <= MOST_FILLED_DAYS)) return byDate.map((usage) => ({ date: usage.date, usage }))
  const known = new Map(byDate.map((usage) => [usage.date, usage]))
  return Array.from({ length: days }, (_, step) => {
    const date = new Date(start + step * DAY_MS).toISOString().slice(0, 10)
    return { date, usage: known.get(date) ?? null }
  })
}

/** Tooltips are drawn as text nodes: names out of a log never become markup. */
export function tooltipElement(
  title: string,
  rows: readonly { readonly label: string; readonly value: string; readonly color?: string }[],
): HTMLElement {
  const root = document.createElement('div')
  root.className = 'chart-tip'
  const head = document.createElement('div')
  head.className = 'chart-tip-title untrusted'
  head.textContent = title
  root.append(head)
  for (const row of rows) {
    const line = document.createElement('div')
    line.className = 'chart-tip-row'
    const label = document.createElement('span')
    label.className = 'untrusted'
    if (row.color !== undefined) {
      const dot = document.createElement('i')
      dot.style.background = row.color
      label.append(dot)
    }
    label.append(row.label)
    const value = document.createElement('b')
    value.textContent = row.value
    line.append(label, value)
    root.append(line)
  }
  return root
}

const uncached = (usage: { inputTokens: number; cachedTokens: number }): number =>
  Math.max(0, usage.inputTokens - usage.cachedTokens)

/** Usage of a day or a model as tooltip rows: always the whole truth, whichever measure is drawn. */
function usageRows(usage: DateUsage | ModelUsage, context: ChartContext) {
  const { t, format, read } = context
  const cost =
    usage.costUsd === null
      ? t('app.unknown')
      : format.usd(usage.costUsd) +
        (usage.unpricedRounds > 0
          ? ` + ${t('overview.unpriced', { count: format.integer(usage.unpricedRounds) }, usage.unpricedRounds)}`
          : '')
  return [
    { label: t('overview.cost'), value: cost },
    { label: t('overview.input'), value: format.integer(usage.inputTokens), color: read('--chart-input') },
    { label: t('overview.cached'), value: format.integer(usage.cachedTokens), color: read('--chart-cached') },
    { label: t('overview.output'), value: format.integer(usage.outputTokens), color: read('--chart-output') },
    { label: t('overview.rounds'), value: format.integer(usage.rounds) },
  ]
}

export function dateOption(byDate: readonly DateUsage[], context: ChartContext): ChartOption {
  const { measure, format, read, t } = context
  const days = fillDays(byDate)
  const series =
    measure === 'cost'
      ? [{ name: t('overview.cost'), color: read('--chart-cost'), of: (usage: DateUsage) => usage.costUsd ?? 0 }]
      : [
          { name: t('overview.cachedInput'), color: read('--chart-cached'), of: cachedPart },
          { name: t('overview.uncachedInput'), color: read('--chart-input'), of: uncached },
          { name: t('overview.output'), color: read('--chart-output'), of: (usage: DateUsage) => usage.outputTokens },
        ]
  return {
    ...chartBase(context, (params) => {
      const day = days[dataIndex(params)]
      if (day === undefined) return ''
      return tooltipElement(
        format.dayExact(day.date),
        day.usage === null ? [{ label: t('overview.rounds'), value: '0' }] : usageRows(day.usage, context),
      )
    }),
    grid: { left: 4, right: 8, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: days.map((day) => day.date),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: read('--line-strong') } },
      axisLabel: {
        color: read('--text-3'),
        fontSize: 11,
        hideOverlap: true,
        formatter: (date: string) => format.day(date),
      },
    },
    yAxis: valueAxis(context),
    series: series.map((one, index) => ({
      type: 'bar' as const,
      name: one.name,
      stack: 'all',
      barMaxWidth: 36,
      barCategoryGap: '38%',
      cursor: 'default',
      itemStyle: { color: one.color, borderRadius: index === series.length - 1 ? [3, 3, 0, 0] : 0 },
      emphasis: { disabled: true },
      data: days.map((day) => (day.usage === null ? 0 : one.of(day.usage))),
    })),
  }
}

const cachedPart = (usage: { inputTokens: number; cachedTokens: number }): number =>
  Math.min(usage.cachedTokens, usage.inputTokens)

function valueAxis(context: ChartContext) {
  const { measure, format, read } = context
  return {
    type: 'value' as const,
    splitNumber: 4,
    axisLabel: {
      color: read('--text-3'),
      fontSize: 11,
      formatter: (value: number) => (measure === 'cost' ? format.usdRound(value) : format.compactRound(value)),
    },
    splitLine: { lineStyle: { color: read('--line') } },
  }
}

export interface ModelBar {
  readonly name: string
  /** Null where the cost is not known: drawn as a word, not as a zero. */
  readonly value: number | null
  readonly usage: ModelUsage | null
  readonly share: number
}

const MOST_MODELS = 8

/** The greatest models by the measure; what is beyond eight is gathered in one bar. */
export function modelBars(
  byModel: readonly ModelUsage[],
  context: Pick<ChartContext, 'measure' | 't' | 'format'>,
): ModelBar[] {
  const { measure, t, format } = context
  const valueOf = (usage: ModelUsage): number | null =>
    measure === 'cost' ? usage.costUsd : usage.inputTokens + usage.outputTokens
  const sorted = [...byModel].sort((a, b) => (valueOf(b) ?? -1) - (valueOf(a) ?? -1))
  const shown = sorted.length > MOST_MODELS ? sorted.slice(0, MOST_MODELS - 1) : sorted
  const rest = sorted.slice(shown.length)
  const sum = sorted.reduce((total, usage) => total + (valueOf(usage) ?? 0), 0)
  const bars: ModelBar[] = shown.map((usage) => {
    const value = valueOf(usage)
    return { name: usage.model ?? t('app.noModel'), value, usage, share: sum > 0 ? (value ?? 0) / sum : 0 }
  })
  if (rest.length > 0) {
    const known = rest.map(valueOf).filter((value) => value !== null)
    const value = known.length === 0 ? null : known.reduce((total, part) => total + part, 0)
    const name = t('overview.otherModels', { count: format.integer(rest.length) }, rest.length)
    bars.push({ name, value, usage: null, share: sum > 0 ? (value ?? 0) / sum : 0 })
  }
  return bars
}

export function modelOption(byModel: readonly ModelUsage[], context: ChartContext): ChartOption {
  const { measure, format, read, t } = context
  const bars = modelBars(byModel, context)
  const shown = (value: number | null): string =>
    value === null ? t('app.unknown') : measure === 'cost' ? format.usd(value) : format.compact(value)
  return {
    ...chartBase(context, (params) => {
      const bar = bars[dataIndex(params)]
      if (bar === undefined) return ''
      return tooltipElement(
        bar.name,
        bar.usage === null
          ? [{ label: t(measure === 'cost' ? 'overview.cost' : 'overview.byTokens'), value: shown(bar.value) }]
          : usageRows(bar.usage, context),
      )
    }),
    // Room at the left: a label may be drawn a little wider than it was measured.
    grid: { left: 10, right: 64, top: 4, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'value', show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: read('--text-2'), fontSize: 12, width: 132, overflow: 'truncate', align: 'right' },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 14,
        cursor: 'default',
        itemStyle: { color: read(measure === 'cost' ? '--chart-cost' : '--chart-input'), borderRadius: 3 },
        emphasis: { disabled: true },
        label: {
          show: true,
          position: 'right',
          color: read('--text-2'),
          fontSize: 12,
          formatter: (item) => shown(bars[item.dataIndex]?.value ?? null),
        },
        data: bars.map((bar) => bar.value ?? 0),
      },
    ],
  }
}
