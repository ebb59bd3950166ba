import type { Format } from '../lib/format'
import type { ReadToken } from '../composables/useTheme'

/** What every chart takes from the interface around it. */
export interface ChartLook {
  readonly format: Format
  readonly read: ReadToken
  readonly reducedMotion: boolean
}

/** Movement, type and tooltip, the same for all charts. */
export function chartBase(context: ChartLook, formatter: (params: unknown) => HTMLElement | string) {
  const { read } = context
  return {
    animation: !context.reducedMotion,
    animationDuration: 250,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: read('--font') },
    tooltip: {
      formatter,
      trigger: 'axis' as const,
      axisPointer: { type: 'shadow' as const, z: 0, shadowStyle: { color: read('--hover'), opacity: 0.6 } },
      appendTo: 'body' as const,
      className: 'chart-tip-box',
      backgroundColor: read('--raised'),
      borderColor: read('--line'),
      padding: [8, 12],
      textStyle: { color: read('--text'), fontSize: 12, fontFamily: read('--font') },
      extraCssText: `box-shadow:${read('--shadow-2')};border-radius:8px`,
    },
  }
}

/** The category a tooltip or a click is about; -1 for none. */
export function dataIndex(params: unknown): number {
  const first: unknown = Array.isArray(params) ? params[0] : params
  const index = typeof first === 'object' && first !== null ? (first as { dataIndex?: unknown }).dataIndex : undefined
  return typeof index === 'number' ? index : -1
}
