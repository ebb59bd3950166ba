import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/*
 * Where the user was on a page is kept with its entry in the history: back and forward find it again, and a new visit,
 * whose entry is new, begins at the top. A window that is there again after a restart is where it was left.
 */

const NAMES = ['scrolled', 'round', 'list'] as const
/** How far the page is scrolled, the round that is read, how far its list is scrolled. */
type PlaceName = (typeof NAMES)[number]

/** ms. Written when it rests: browsers count how often an entry is changed. */
const REST = 120
/** ms. What the page shows may still be on its way. */
const WAIT = 1500

const entryState = (): Readonly<Record<string, unknown>> =>
  (history.state as Readonly<Record<string, unknown>> | null) ?? {}

/** What was kept under this name in the present entry; null where nothing was. */
export function keptPlace(name: PlaceName): number | null {
  const value = entryState()[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Gives a function that keeps a number under this name, in the entry that is present now and in no other. */
export function usePlaceKeeper(name: PlaceName): (value: number) => void {
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

const KEY = 'places'
/** Windows closed with the program whose places are kept. */
const MOST_WINDOWS = 8

type Places = readonly (readonly [address: string, places: Readonly<Record<string, number>>])[]

function storedPlaces(): Places {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? (stored as Places) : []
  } catch {
    return []
  }
}

/** To be called before the first page is shown: what was kept when this page was last closed is its entry's again. */
export function keepPlacesOverRestart(): void {
  const others = (): Places => storedPlaces().filter((one) => one[0] !== location.hash)
  const here = storedPlaces().find((one) => one[0] === location.hash)
  if (here !== undefined) {
    history.replaceState({ ...here[1], ...entryState() }, '')
    localStorage.setItem(KEY, JSON.stringify(others()))
  }
  window.addEventListener('pagehide', () => {
    const kept = NAMES.flatMap((name) => {
      const place = keptPlace(name)
      return place === null ? [] : [[name, place] as const]
    })
    const places: Places = [[location.hash, Object.fromEntries(kept)], ...others()]
    localStorage.setItem(KEY, JSON.stringify(places.slice(0, MOST_WINDOWS)))
  })
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
