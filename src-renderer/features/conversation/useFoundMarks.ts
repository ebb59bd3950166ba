import { useThrottleFn } from '@vueuse/core'
import { onBeforeUnmount, watch, type Ref } from 'vue'
import { markFound, rangesOf } from './find-marks'
import type { Find } from './useFind'

/** ms between two searches of the rendered rounds. */
const INTERVAL = 200

/** Highlights the text being found in all rounds that are rendered. Returns a function that does so at once. */
export function useFoundMarks(timeline: Ref<HTMLElement | null>, { text, matches }: Find): () => void {
  const mark = useThrottleFn(
    () => markFound(timeline.value === null ? [] : rangesOf(timeline.value, text.value)),
    INTERVAL,
    true,
  )
  watch([text, matches], () => void mark())

  const rendered = new MutationObserver(() => {
    if (text.value !== '') void mark()
  })
  watch(timeline, (element) => {
    rendered.disconnect()
    if (element) rendered.observe(element, { childList: true, subtree: true })
  })
  onBeforeUnmount(() => {
    rendered.disconnect()
    markFound([])
  })
  return () => void mark()
}
