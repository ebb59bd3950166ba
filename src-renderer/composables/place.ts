import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/*
 * Where the user was on a page is kept with its entry in the history: back and forward find it again, and a new visit,
 * whose entry is new, begins at the top.
 */

/** ms. Written when it rests: browsers count how often an entry is changed. */
const REST = 120
/** ms. What the page shows may still be on its way. */
const WAIT = 1500

const entryState = (): Readonly<Record<string, unknown>> =>
  (history.state as Readonly<Record<string, unknown>> | null) ?? {}

/** What was kept under this name in the present entry; null where nothing was. */
export function keptPlace(name: string): number | null {
  const value = entryState()[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Gives a function that keeps a number under this name, in the entry that is present now and in no other. */
export function usePlaceKeeper(name: string): (value: number) => void {
  const { position } = entryState()
  let timer: ReturnType<typeof setTimeout> | undefined
  onBeforeUnmount(() => clearTimeout(timer))
  return (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const state = entryState()
      if (state['position'] === position && state[name] !== value) history.replaceState({ ...state, [name]: value }, '')
    }, REST)
  }
}

/** Keeps how far an element is scrolled, and scrolls it there again as soon as it is long enough. */
export function useKeptScroll(scroller: Ref<HTMLElement | null>): void {
  const keep = usePlaceKeeper('scrolled')
  useEventListener(scroller, 'scroll', () => keep(scroller.value?.scrollTop ?? 0), { passive: true })

  let frame = 0
  const stop = (): void => cancelAnimationFrame(frame)
  onMounted(() => {
    const wanted = keptPlace('scrolled')
    if (wanted === null || wanted === 0) return
    const until = performance.now() + WAIT
    const look = (): void => {
      const element = scroller.value
      if (element === null || performance.now() > until) return
      if (element.scrollHeight - element.clientHeight >= wanted) element.scrollTop = wanted
      else frame = requestAnimationFrame(look)
    }
    look()
  })
  // What the user does meanwhile is what they want.
  for (const event of ['wheel', 'pointerdown', 'keydown'] as const)
    useEventListener(scroller, event, stop, { passive: true })
  onBeforeUnmount(stop)
}
