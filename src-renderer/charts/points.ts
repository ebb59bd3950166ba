import type { ChartOption } from './echarts'

/*
 * A chart's points, as its option has them: the categories along its axis. What is said of one is what its tooltip says,
 * so that the keyboard tells no more and no less than the pointer does.
 */

const first = <T>(value: T | T[] | undefined): T | undefined => (Array.isArray(value) ? value[0] : value)

function categories(option: ChartOption): readonly unknown[] {
  for (const axis of [first(option.xAxis), first(option.yAxis)]) {
    if (axis?.type === 'category' && axis.data !== undefined) return axis.data
  }
  return []
}

export const pointCount = (option: ChartOption): number => categories(option).length

/** The series whose points are all drawn, so that a tooltip finds its place: bars have no gaps, lines may. */
export function seriesToPoint(option: ChartOption): number {
  const series = Array.isArray(option.series) ? option.series : []
  return Math.max(
    0,
    series.findIndex((one) => one.type === 'bar'),
  )
}

/** A point in words: its name, then each line of its tooltip. */
export function pointText(option: ChartOption, index: number): string {
  const formatter: unknown = first(option.tooltip)?.formatter
  const tip: unknown = typeof formatter === 'function' ? formatter([{ dataIndex: index }]) : undefined
  if (!(tip instanceof HTMLElement)) return ''
  const [title, ...rows] = [...tip.children]
  const lines = rows.map((row) => [...row.children].map((part) => part.textContent).join(' '))
  return [title?.textContent ?? '', ...lines].join(', ')
}
