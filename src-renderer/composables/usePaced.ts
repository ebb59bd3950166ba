import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/**
 * Follows `source` at most once in `pause` ms: of what changes faster the latest is taken. When what `atOnce` gives is
 * another than before, the next change is taken without waiting: it answers the user.
 */
export function usePaced<T>(source: () => T, pause: number, atOnce: () => unknown): Readonly<ShallowRef<T>> {
  const followed = shallowRef(source()) as ShallowRef<T>
  let last = Date.now()
  let known = atOnce()
  let timer: ReturnType<typeof setTimeout> | undefined
  const take = (): void => {
    clearTimeout(timer)
    timer = undefined
    last = Date.now()
    followed.value = source()
  }
  watch(source, () => {
    const now = atOnce()
    if (now !== known || Date.now() - last >= pause) take()
    else timer ??= setTimeout(take, pause - (Date.now() - last))
    known = now
  })
  onScopeDispose(() => clearTimeout(timer))
  return followed
}
