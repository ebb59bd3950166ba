import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** Work waiting for its frame. */
const waiting = new Set<() => void>()
let asked = false

function next(): void {
  asked = false
  const [turn] = waiting
  if (turn === undefined) return
  waiting.delete(turn)
  turn()
  ask()
}

function ask(): void {
  if (asked || waiting.size === 0) return
  asked = true
  requestAnimationFrame(next)
}

/**
 * Follows `source`, but no two of these in the same frame: charts that all change with an answer are each drawn in a
 * frame of their own, so that none of the frames is long.
 */
export function useInTurn<T>(source: () => T): Readonly<ShallowRef<T>> {
  const followed = shallowRef(source()) as ShallowRef<T>
  const turn = (): void => {
    followed.value = source()
  }
  watch(source, () => {
    waiting.add(turn)
    ask()
  })
  onScopeDispose(() => waiting.delete(turn))
  return followed
}
