import { useElementSize, useEventListener } from '@vueuse/core'
import { computed, shallowRef, type ComputedRef, type Ref } from 'vue'

export interface RowWindow {
  /** First and one past the last row to render. */
  readonly first: number
  readonly end: number
}

/** Which of `count` rows of equal height are on screen, with `overscan` more on both sides. Pure arithmetic. */
export function visibleRows(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewport: number,
  overscan: number,
): RowWindow {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - overscan))
  const end = Math.min(count, Math.ceil((scrollTop + viewport) / rowHeight) + overscan)
  return { first, end: Math.max(first, end) }
}

/**
 * A window over rows of equal height. It costs the same for twenty rows and for a million: nothing is built per row
 * that is not on screen.
 */
export function useVirtualRows(
  scroller: Ref<HTMLElement | null>,
  count: Ref<number>,
  rowHeight: number,
  overscan = 8,
): ComputedRef<RowWindow> {
  const { height } = useElementSize(scroller)
  const y = shallowRef(0)
  useEventListener(scroller, 'scroll', () => (y.value = scroller.value?.scrollTop ?? 0), { passive: true })
  return computed(() => visibleRows(count.value, rowHeight, y.value, height.value, overscan))
}
