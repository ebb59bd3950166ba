import type { Measure } from './rows'
import { chartBase, dataIndex, type ChartLook } from '../../charts/base'
import type { ChartOption } from '../../charts/echarts'
import { tooltipElement } from '../overview/chart-options'

export interface CompareChartContext extends ChartLook {
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
  readonly measure: Measure
  /** The rounds of a row, as its title. */
  readonly titleOf: (row: number) => string
}

/** One figure of two sessions, a place a row. */
export function compareOption(
  figures: Readonly<Record<'a' | 'b', readonly (number | null)[]>>,
  context: CompareChartContext,
): ChartOption {
  const { t, format, read, measure } = context
  const money = measure === 'cost' || measure === 'costSum'
  const show = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : money ? format.usd(value) : format.integer(value)
  const colors = { a: read('--side-a'), b: read('--side-b') }
  const line = (side: 'a' | 'b') => ({
    type: 'line' as const,
    // A round between two that are not there would not be seen.
    symbol: figures[side].length <= 200 ? 'circle' : 'none',
    symbolSize: 4,
    sampling: 'max' as const,
    step: measure === 'costSum' ? ('end' as const) : ('middle' as const),
    silent: true,
    itemStyle: { color: colors[side] },
    lineStyle: { color: colors[side], width: 1.75, type: side === 'b' ? ('dashed' as const) : ('solid' as const) },
    emphasis: { disabled: true },
    data: [...figures[side]],
  })
  return {
    ...chartBase(context, (params) => {
      const index = dataIndex(params)
      if (index < 0) return ''
      const rows = (['a', 'b'] as const).map((side) => ({
        label: t(`compare.side.${side}`),
        value: show(figures[side][index]),
        color: colors[side],
      }))
      return tooltipElement(context.titleOf(index + 1), rows)
    }),
    grid: { left: 4, right: 8, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: figures.a.map((_, index) => index + 1),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: read('--line-strong') } },
      axisLabel: { color: read('--text-3'), fontSize: 11 },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      splitLine: { lineStyle: { color: read('--line') } },
      axisLabel: {
        color: read('--text-3'),
        fontSize: 11,
        formatter: (value: number) => (money ? format.usdRound(value) : format.compactRound(value)),
      },
    },
    series: [line('a'), line('b')],
  }
}
