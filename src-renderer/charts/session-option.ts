import type { SessionSeries } from '@contract'
import type { Landmarks } from '../features/conversation/landmarks'
import { tooltipElement } from './options'
import { chartBase, dataIndex, type ChartLook } from './base'
import type { ChartOption } from './echarts'

export interface SessionChartContext extends ChartLook {
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
}

/** More marks than this would be a line, and tell nothing. */
const MOST_MARKS = 400

/** Context (input tokens, the cached part of it apart) as areas, cost as bars over it, one place a round. */
export function sessionOption(series: SessionSeries, landmarks: Landmarks, context: SessionChartContext): ChartOption {
  const { t, format, read } = context
  const rounds = series.times.length
  const count = (tokens: number | null | undefined): string =>
    tokens === null || tokens === undefined ? t('app.unknown') : format.integer(tokens)
  const isError = new Set(landmarks.errors)
  const isBreak = new Set(landmarks.breaks)
  const cached = series.inputTokens.map((input, index) =>
    input === null ? null : Math.min(input, series.cachedTokens[index] ?? 0),
  )
  const marksOf = (found: readonly number[], color: string) =>
    found.length > MOST_MARKS ? [] : found.map((round) => ({ round, color }))
  const marks = [...marksOf(landmarks.errors, read('--danger')), ...marksOf(landmarks.breaks, read('--warning'))]
  const look = chartBase(context, (params) => {
    const index = dataIndex(params)
    if (series.times[index] === undefined) return ''
    const cost = series.costUsd[index] ?? null
    const rows = [
      { label: t('session.context'), value: count(series.inputTokens[index]), color: read('--chart-input') },
      { label: t('overview.cachedInput'), value: count(series.cachedTokens[index]), color: read('--chart-cached') },
      { label: t('overview.output'), value: count(series.outputTokens[index]) },
      {
        label: t('overview.cost'),
        value: cost === null ? t('app.unknown') : format.usd(cost),
        color: read('--chart-cost'),
      },
    ]
    if (isError.has(index + 1)) rows.push({ label: t('session.jump.errors'), value: '✕', color: read('--danger') })
    if (isBreak.has(index + 1)) rows.push({ label: t('session.jump.breaks'), value: '✕', color: read('--warning') })
    return tooltipElement(t('round.label', { round: index + 1 }), rows)
  })
  return {
    ...look,
    tooltip: { ...look.tooltip, position: belowChart },
    grid: { left: 0, right: 0, top: 20, bottom: 6 },
    xAxis: {
      type: 'category',
      show: false,
      boundaryGap: true,
      data: Array.from({ length: rounds }, (_, index) => index + 1),
    },
    yAxis: [
      { type: 'value', show: false, min: 0 },
      // Cost stays in the lower part: two curves at one height would be read as one.
      { type: 'value', show: false, min: 0, max: (value: { max: number }) => (value.max > 0 ? value.max * 1.9 : 1) },
    ],
    series: [
      area(series.inputTokens, read('--chart-input'), 0.22),
      area(cached, read('--chart-cached'), 0.75),
      {
        type: 'bar',
        yAxisIndex: 1,
        z: 3,
        barMaxWidth: 10,
        barMinWidth: 1,
        large: rounds > 2000,
        itemStyle: { color: read('--chart-cost'), borderRadius: rounds > 200 ? 0 : [2, 2, 0, 0] },
        emphasis: { disabled: true },
        cursor: 'pointer',
        data: series.costUsd.map((cost) => cost ?? 0),
      },
      {
        type: 'scatter',
        symbol: 'triangle',
        symbolSize: 7,
        symbolOffset: [0, 4],
        silent: true,
        data: marks.map(({ round, color }) => ({ value: [round - 1, 0], itemStyle: { color } })),
      },
    ],
  }
}

/** The chart is low and lies at the window's top: over it there is no room. */
function belowChart(point: number[], _params: unknown, _box: unknown, _rect: unknown, size: TooltipSize): number[] {
  const [width = 0] = size.contentSize
  const [room = 0, height = 0] = size.viewSize
  return [Math.max(0, Math.min((point[0] ?? 0) + 12, room - width)), height + 4]
}

interface TooltipSize {
  readonly contentSize: readonly number[]
  readonly viewSize: readonly number[]
}

function area(data: readonly (number | null)[], color: string, opacity: number) {
  return {
    type: 'line' as const,
    step: 'middle' as const,
    symbol: 'none',
    sampling: 'max' as const,
    silent: true,
    lineStyle: { color, width: 1.25 },
    areaStyle: { color, opacity },
    emphasis: { disabled: true },
    data: [...data],
  }
}
