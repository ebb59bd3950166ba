import { watch, type Ref } from 'vue'

/**
 * Returns a function that focuses a part of the page. If the page is still loading, the part may not be there yet; it is
 * focused once the page is loaded.
 */
export function useLateFocus<T>(part: Ref<T | null>, loading: () => boolean, focus: (part: T) => void): () => void {
  let wanted = false
  const run = (): void => {
    if (part.value !== null) focus(part.value)
    else wanted = loading()
  }
  watch(
    loading,
    (still) => {
      if (still || !wanted) return
      wanted = false
      run()
    },
    { flush: 'post' },
  )
  return run
}
