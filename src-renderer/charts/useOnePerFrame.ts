import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** Updates that wait for a frame of their own. */
const waiting = new Set<() => void>()
let asked = false

function next(): void {
  asked = false
  const [update] = waiting
  if (update === undefined) return
  waiting.delete(update)
  update()
  ask()
}

function ask(): void {
  if (asked || waiting.size === 0) return
  asked = true
  requestAnimationFrame(next)
}

/**
 * Follows `source`, with at most one update per frame over all callers. Charts that change with the same answer are drawn
 * in different frames, so no frame gets long.
 */
export function useOnePerFrame<T>(source: () => T): Readonly<ShallowRef<T>> {
  const followed = shallowRef(source()) as ShallowRef<T>
  const update = (): void => {
    followed.value = source()
  }
  watch(source, () => {
    waiting.add(update)
    ask()
  })
  onScopeDispose(() => waiting.delete(update))
  return followed
}
