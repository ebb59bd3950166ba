import { useEventListener, useThrottleFn } from '@vueuse/core'
import { computed, nextTick, onBeforeUnmount, ref, watch, type ComputedRef, type Ref } from 'vue'

export interface ReaderPosition {
  /** The round being read: the one jumped to, until the reader scrolls on; then the one across the upper third. */
  readonly position: ComputedRef<number>
  readonly target: Ref<number | null>
  readonly atEnd: Ref<boolean>
  /** New rounds scroll into view as they come. Ends when the reader scrolls up, begins at the very end. */
  readonly follow: Ref<boolean>
  /** Rounds that came since the end was last seen. */
  readonly unseen: ComputedRef<number>
}

/** Where in the session the reader is, and whether what is new should come into view by itself. */
export function useReaderPosition(
  scroller: Ref<HTMLElement | null>,
  content: Ref<HTMLElement | null>,
  total: Ref<number>,
): ReaderPosition {
  const current = ref(1)
  const target = ref<number | null>(null)
  const atEnd = ref(true)
  const follow = ref(false)
  const seenTotal = ref(0)
  let lastTop = 0

  const left = (element: HTMLElement): number => element.scrollHeight - element.scrollTop - element.clientHeight

  const look = (): void => {
    const element = scroller.value
    if (element === null) return
    // At the very end it is the last round, however short.
    const line = element.getBoundingClientRect().top + element.clientHeight / 3
    const rest = left(element)
    let reading = 1
    for (const round of element.querySelectorAll<HTMLElement>('[data-round]')) {
      if (rest > 2 && round.getBoundingClientRect().top > line) break
      reading = Number(round.dataset['round'])
    }
    current.value = reading
    atEnd.value = rest < 120
    if (atEnd.value) seenTotal.value = total.value
  }
  const lookSoon = useThrottleFn(look, 100, true)
  // The page may be left before the look that the last scroll asked for.
  onBeforeUnmount(look)

  /** A jump into rounds that are still coming up may touch the end of what is there: that is not the session's end. */
  const mayFollow = (): boolean => target.value === null || target.value === total.value

  useEventListener(
    scroller,
    'scroll',
    () => {
      const element = scroller.value
      if (element === null) return
      const top = element.scrollTop
      if (top < lastTop - 2 && left(element) > 40) follow.value = false
      else if (top > lastTop && left(element) < 4 && mayFollow()) follow.value = true
      lastTop = top
      void lookSoon()
    },
    { passive: true },
  )
  // A jump says exactly where the reader is; what they do by hand after it does.
  for (const event of ['wheel', 'pointerdown', 'touchmove'] as const) {
    useEventListener(scroller, event, () => (target.value = null), { passive: true })
  }

  const toEnd = (): void => {
    const element = scroller.value
    if (element !== null && follow.value) element.scrollTop = element.scrollHeight
  }
  const sizes = new ResizeObserver(toEnd)
  watch(content, (now, before) => {
    if (before) sizes.unobserve(before)
    if (now) sizes.observe(now)
  })
  onBeforeUnmount(() => sizes.disconnect())
  watch(follow, (on) => {
    if (!on) return
    target.value = null
    toEnd()
  })

  watch(total, (now, before) => {
    if (before === 0) seenTotal.value = now
    void nextTick(() => void lookSoon())
  })

  return {
    position: computed(() => target.value ?? current.value),
    target,
    atEnd,
    follow,
    unseen: computed(() => Math.max(0, total.value - seenTotal.value)),
  }
}
