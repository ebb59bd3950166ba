import type { Bucket, ConsumerUsage, DateModelUsage, DateUsage, ModelUsage, SessionUsage, UsageTotals } from '@contract'
import { oneLine } from '../../lib/text'
import type { Measure } from '../../stores/overview'
import { chartBase, dataIndex, type ChartLook } from '../../charts/base'
import type { ChartOption } from '../../charts/echarts'

export interface ChartContext extends ChartLook {
  readonly measure: Measure
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
}

/** The longest run of periods drawn one bar each with their gaps; beyond it only those with rounds are drawn. */
const MOST_FILLED = 400
const MOST_MOVED = 60
const HOUR_MS = 3_600_000
const STEPS: Readonly<Record<Bucket, number>> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS }

export interface Period {
  /** As in DateUsage. */
  readonly date: string
  readonly usage: DateUsage | null
}

/** A period's name as a moment. It has no zone: it is put in UTC and read back in UTC. */
const startOf = (date: string): number => Date.parse(date.length > 10 ? `${date}:00:00Z` : `${date}T00:00:00Z`)

/** `byDate` with the periods in between that had no round, so that the axis tells time truly. */
export function fillDays(byDate: readonly DateUsage[], bucket: Bucket = 'day'): readonly Period[] {
  const first = byDate[0]
  const last = byDate.at(-1)
  if (first === undefined || last === undefined) return []
  const step = STEPS[bucket]
  const start = startOf(first.date)
  const count = Math.round((startOf(last.date) - start) / step) + 1
  if (!(count > 0 && count <= MOST_FILLED)) return byDate.map((usage) => ({ date: usage.date, usage }))
  const known = new Map(byDate.map((usage) => [usage.date, usage]))
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(start + index * step).toISOString().slice(0, bucket === 'hour' ? 13 : 10)
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

/** What bars of tokens stand for, whatever they are cut by. */
const allTokens = (usage: UsageTotals): number => usage.promptTokens + usage.completionTokens

/** Usage of a day or a model as tooltip rows: always the whole truth, whichever measure is drawn. */
function usageRows(usage: SessionUsage, context: ChartContext) {
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

/** How the bars by date are cut. */
export interface DateChart {
  readonly bucket: Bucket
  /** Needed where the parts of a bar are models. */
  readonly byDateAndModel?: readonly DateModelUsage[]
}

interface Part {
  readonly name: string
  readonly color: string
  readonly of: (period: Period) => number
}

/** Models told apart by colour; the others share one. */
const MOST_COLORS = 7

export function dateOption(
  byDate: readonly DateUsage[],
  context: ChartContext,
  chart: DateChart = { bucket: 'day' },
): ChartOption {
  const { format, read, t } = context
  const periods = fillDays(byDate, chart.bucket)
  const parts = chart.byDateAndModel === undefined ? kindParts(context) : modelParts(chart.byDateAndModel, context)
  const name = (date: string, exact: boolean): string => {
    if (chart.bucket === 'hour') return exact ? format.hourExact(date) : format.hour(date)
    if (!exact) return format.day(date)
    return chart.bucket === 'week' ? t('overview.weekOf', { day: format.dayExact(date) }) : format.dayExact(date)
  }
  return {
    ...chartBase(context, (params) => {
      const period = periods[dataIndex(params)]
      if (period === undefined) return ''
      const rows =
        period.usage === null
          ? [{ label: t('overview.rounds'), value: '0' }]
          : chart.byDateAndModel === undefined
            ? usageRows(period.usage, context)
            : [...partRows(parts, period, context), ...usageRows(period.usage, context).map(withoutColor)]
      return tooltipElement(name(period.date, true), rows)
    }),
    // Many bars on their way are many drawings of the whole.
    ...(periods.length > MOST_MOVED ? { animation: false } : {}),
    // Room at the right: the last date's name is wider than its bar.
    grid: { left: 4, right: 22, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: periods.map((period) => period.date),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: read('--line-strong') } },
      axisLabel: {
        color: read('--text-3'),
        fontSize: 11,
        hideOverlap: true,
        formatter: (date: string) => name(date, false),
      },
    },
    yAxis: valueAxis(context),
    series: parts.map((part, index) => ({
      type: 'bar' as const,
      name: part.name,
      stack: 'all',
      barMaxWidth: 36,
      barCategoryGap: periods.length > 60 ? '12%' : '38%',
      cursor: 'pointer',
      itemStyle: { color: part.color, borderRadius: index === parts.length - 1 ? [3, 3, 0, 0] : 0 },
      emphasis: { disabled: true },
      data: periods.map((period) => (period.usage === null ? 0 : part.of(period))),
    })),
  }
}

/** Money is one part; tokens are what they were counted as. */
function kindParts({ measure, t, read }: ChartContext): Part[] {
  const of = (count: (usage: DateUsage) => number) => (period: Period) =>
    period.usage === null ? 0 : count(period.usage)
  if (measure === 'cost') {
    return [{ name: t('overview.cost'), color: read('--chart-cost'), of: of((usage) => usage.costUsd ?? 0) }]
  }
  return [
    { name: t('overview.cachedInput'), color: read('--chart-cached'), of: of((usage) => usage.cachedTokens) },
    {
      name: t('overview.uncachedInput'),
      color: read('--chart-input'),
      of: of((usage) => usage.promptTokens - usage.cachedTokens),
    },
    { name: t('overview.output'), color: read('--chart-output'), of: of((usage) => usage.completionTokens) },
  ]
}

/** The greatest models by the measure, each its colour, and one part for the rest. */
export function modelParts(usages: readonly DateModelUsage[], context: Omit<ChartContext, 'reducedMotion'>): Part[] {
  const { measure, t, format, read } = context
  const valueOf = (usage: DateModelUsage): number => (measure === 'cost' ? (usage.costUsd ?? 0) : allTokens(usage))
  const sums = new Map<string | null, number>()
  const values = new Map<string | null, Map<string, number>>()
  for (const usage of usages) {
    sums.set(usage.model, (sums.get(usage.model) ?? 0) + valueOf(usage))
    const byDate = values.get(usage.model) ?? new Map<string, number>()
    values.set(usage.model, byDate.set(usage.date, valueOf(usage)))
  }
  const models = [...sums].sort((a, b) => b[1] - a[1]).map(([model]) => model)
  const shown = models.length > MOST_COLORS ? models.slice(0, MOST_COLORS - 1) : models
  const rest = models.slice(shown.length)
  const parts: Part[] = shown.map((model, index) => ({
    name: model === null ? t('app.noModel') : oneLine(model),
    color: read(`--series-${index + 1}`),
    of: ({ date }) => values.get(model)?.get(date) ?? 0,
  }))
  if (rest.length > 0) {
    parts.push({
      name: t('overview.otherModels', { count: format.integer(rest.length) }, rest.length),
      color: read('--series-rest'),
      of: ({ date }) => rest.reduce((sum, model) => sum + (values.get(model)?.get(date) ?? 0), 0),
    })
  }
  return parts
}

function partRows(parts: readonly Part[], period: Period, { measure, format }: ChartContext) {
  return parts.flatMap((part) => {
    const value = part.of(period)
    if (value === 0) return []
    return [
      { label: part.name, value: measure === 'cost' ? format.usd(value) : format.integer(value), color: part.color },
    ]
  })
}

const withoutColor = ({ label, value }: { readonly label: string; readonly value: string }) => ({ label, value })

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

export interface UsageBar {
  readonly name: string
  /** Null where the cost is not known: drawn as a word, not as a zero. */
  readonly value: number | null
  /** Null for the bar of all that have none of their own. */
  readonly usage: SessionUsage | null
  /** What is counted: a model's or a consumer's name; null where none was logged. */
  readonly key: string | null
  readonly share: number
}

interface NamedUsage extends SessionUsage {
  readonly name: string | null
}

const MOST_BARS = 8

type BarContext = Pick<ChartContext, 'measure' | 't' | 'format'>

export const modelBars = (byModel: readonly ModelUsage[], context: BarContext): UsageBar[] =>
  usageBars(
    byModel.map((usage) => ({ ...usage, name: usage.model })),
    context,
    { none: 'app.noModel', others: 'overview.otherModels' },
  )

export const consumerBars = (byConsumer: readonly ConsumerUsage[], context: BarContext): UsageBar[] =>
  usageBars(
    byConsumer.map((usage) => ({ ...usage, name: usage.consumer })),
    context,
    { none: 'filter.noConsumer', others: 'overview.otherConsumers' },
  )

/** The greatest by the measure; what is beyond eight is gathered in one bar. */
function usageBars(
  usages: readonly NamedUsage[],
  { measure, t, format }: BarContext,
  texts: { readonly none: string; readonly others: string },
): UsageBar[] {
  const valueOf = (usage: NamedUsage): number | null => (measure === 'cost' ? usage.costUsd : allTokens(usage))
  const sorted = [...usages].sort((a, b) => (valueOf(b) ?? -1) - (valueOf(a) ?? -1))
  const shown = sorted.length > MOST_BARS ? sorted.slice(0, MOST_BARS - 1) : sorted
  const rest = sorted.slice(shown.length)
  const sum = sorted.reduce((total, usage) => total + (valueOf(usage) ?? 0), 0)
  const bars: UsageBar[] = shown.map((usage) => {
    const value = valueOf(usage)
    const name = usage.name === null ? t(texts.none) : oneLine(usage.name)
    return { name, value, usage, key: usage.name, share: sum > 0 ? (value ?? 0) / sum : 0 }
  })
  if (rest.length > 0) {
    const known = rest.map(valueOf).filter((value) => value !== null)
    const value = known.length === 0 ? null : known.reduce((total, part) => total + part, 0)
    const name = t(texts.others, { count: format.integer(rest.length) }, rest.length)
    bars.push({ name, value, usage: null, key: null, share: sum > 0 ? (value ?? 0) / sum : 0 })
  }
  return bars
}

export const modelOption = (byModel: readonly ModelUsage[], context: ChartContext): ChartOption =>
  barOption(modelBars(byModel, context), context)

export function barOption(bars: readonly UsageBar[], context: ChartContext): ChartOption {
  const { measure, format, read, t } = context
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
        cursor: 'pointer',
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
