import type { SessionSeries } from '@contract'
import type { Landmarks } from './model/landmarks'
import { tooltipElement } from '../overview/chart-options'
import { chartBase, dataIndex, type ChartLook } from '../../charts/base'
import type { ChartOption } from '../../charts/echarts'
import { highestOf, binSize, type ChartBin } from './model/chart-bins'

export interface SessionChartContext extends ChartLook {
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
}

/** More marks than this would run together into a line. */
const MOST_MARKS = 400
/** Rounds with a landmark that are listed in a tooltip. */
const MOST_NAMED = 3
/** Charts with more bins than this are not animated: it would only drop frames. */
const MOST_ANIMATED = 120

/**
 * Context (all prompt tokens, and their cached part) as areas, cost as bars in front. A bin shows the highest figures of its
 * rounds, so an expensive round is visible in a session of any length.
 */
export function sessionOption(
  series: SessionSeries,
  landmarks: Landmarks,
  bins: readonly ChartBin[],
  context: SessionChartContext,
): ChartOption {
  const { t, format, read } = context
  const each = binSize(bins)
  const binOf = (round: number): number => Math.floor((round - 1) / each)
  const input = highestOf(series.promptTokens, bins)
  const cached = highestOf(series.cachedTokens, bins)
  const cachedPart = series.promptTokens.map((tokens, index) =>
    tokens === null ? null : (series.cachedTokens[index] ?? 0),
  )
  const output = highestOf(series.outputTokens, bins)
  const cost = highestOf(series.costUsd, bins)
  const marksOf = (rounds: readonly number[], color: string) => {
    const found = [...new Set(rounds.map(binOf))]
    return found.length > MOST_MARKS ? [] : found.map((bin) => ({ value: [bin, 0], itemStyle: { color } }))
  }
  const look = chartBase(context, (params) => {
    const index = dataIndex(params)
    const bin = bins[index]
    if (bin === undefined) return ''
    const several = bin.last > bin.first
    const known = (value: string): string => (several ? t('session.upTo', { value }) : value)
    const count = (tokens: number | null | undefined): string =>
      tokens === null || tokens === undefined ? t('app.unknown') : known(format.integer(tokens))
    const usd = cost[index] ?? null
    const rows = [
      { label: t('session.context'), value: count(input[index]), color: read('--chart-input') },
      { label: t('overview.cachedInput'), value: count(cached[index]), color: read('--chart-cached') },
      { label: t('overview.output'), value: count(output[index]) },
      {
        label: t('overview.cost'),
        value: usd === null ? t('app.unknown') : known(format.usd(usd)),
        color: read('--chart-cost'),
      },
    ]
    if (several && usd !== null) {
      rows.push({ label: t('session.dearest'), value: t('round.label', { round: format.integer(bin.peak) }) })
    }
    const note = (kind: 'errors' | 'breaks', color: string): void => {
      const rounds = landmarks[kind].filter((round) => round >= bin.first && round <= bin.last)
      if (rounds.length === 0) return
      const named = rounds.slice(0, MOST_NAMED).map((round) => format.integer(round))
      const value = several ? named.join(', ') + (rounds.length > MOST_NAMED ? ', …' : '') : '✕'
      rows.push({ label: t(`session.jump.${kind}`), value, color })
    }
    note('errors', read('--danger'))
    note('breaks', read('--warning'))
    const title = several
      ? t('session.roundsFromTo', { from: format.integer(bin.first), to: format.integer(bin.last) })
      : t('round.label', { round: bin.first })
    return tooltipElement(title, rows)
  })
  return {
    ...look,
    animation: look.animation && bins.length <= MOST_ANIMATED,
    tooltip: { ...look.tooltip, position: belowChart },
    grid: { left: 0, right: 0, top: 20, bottom: 6 },
    xAxis: { type: 'category', show: false, boundaryGap: true, data: bins.map((_, index) => index) },
    yAxis: [
      { type: 'value', show: false, min: 0 },
      // Keeps the cost bars in the lower half: curves at the same height would be read as one.
      { type: 'value', show: false, min: 0, max: (value: { max: number }) => (value.max > 0 ? value.max * 1.9 : 1) },
    ],
    series: [
      area(input, read('--chart-input'), 0.22),
      area(highestOf(cachedPart, bins), read('--chart-cached'), 0.75),
      {
        type: 'bar',
        yAxisIndex: 1,
        z: 3,
        barMaxWidth: 10,
        barMinWidth: 1,
        itemStyle: { color: read('--chart-cost'), borderRadius: bins.length > 200 ? 0 : [2, 2, 0, 0] },
        emphasis: { disabled: true },
        cursor: 'pointer',
        data: cost.map((usd) => usd ?? 0),
      },
      {
        type: 'scatter',
        symbol: 'triangle',
        symbolSize: 7,
        symbolOffset: [0, 4],
        silent: true,
        data: [...marksOf(landmarks.errors, read('--danger')), ...marksOf(landmarks.breaks, read('--warning'))],
      },
    ],
  }
}

/** The chart is low and at the top of the window, so the tooltip has no room above it. */
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
    silent: true,
    lineStyle: { color, width: 1.25 },
    areaStyle: { color, opacity },
    emphasis: { disabled: true },
    data: [...data],
  }
}
