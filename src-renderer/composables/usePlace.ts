import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/*
 * The place where the user was on a page belongs to the page's entry in the history: back and forward return to it, and
 * a new visit, which has a new entry, begins at the top. A window restored after a restart is where it was left.
 */

const NAMES = ['scrolled', 'round', 'list'] as const
/** How far the page is scrolled (px), the number of the round being read, how far the page's list is scrolled (px). */
type PlaceName = (typeof NAMES)[number]

/** ms without a change before an entry is written: browsers limit how often a page may do that. */
const REST = 120
/** ms to wait for a page to become as long as it was. */
const WAIT = 1500

const entryState = (): Readonly<Record<string, unknown>> =>
  (history.state as Readonly<Record<string, unknown>> | null) ?? {}

/**
 * The latest places, by the id of the entry. Once another entry is present, an entry can no longer be written, so a page
 * that is left before its place rested is found here.
 */
const places = new Map<string, Partial<Record<PlaceName, number>>>()
/** Chromium keeps 50 entries per window. */
const MOST_ENTRIES = 50

let stamped = 0

/** The id of the present entry, which gets one if it has none. The id stays with the entry over a reload. */
function entryId(): string {
  const state = entryState()
  const { entry } = state
  if (typeof entry === 'string') return entry
  const id = `${performance.timeOrigin}/${++stamped}`
  history.replaceState({ ...state, entry: id }, '')
  return id
}

function remember(id: string, name: PlaceName, value: number): void {
  const known = places.get(id)
  // The entries written last stay.
  places.delete(id)
  places.set(id, { ...known, [name]: value })
  const [oldest] = places.keys()
  if (places.size > MOST_ENTRIES && oldest !== undefined) places.delete(oldest)
}

/** The place kept under this name for the present entry; null if there is none. */
export function keptPlace(name: PlaceName): number | null {
  const state = entryState()
  const { entry } = state
  const value = (typeof entry === 'string' ? places.get(entry)?.[name] : undefined) ?? state[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Returns a function that keeps a number under this name for the entry that is present now, and for no other. */
export function usePlaceKeeper(name: PlaceName): (value: number) => void {
  const id = entryId()
  let timer: ReturnType<typeof setTimeout> | undefined

  const write = (): void => {
    clearTimeout(timer)
    const state = entryState()
    const value = places.get(id)?.[name]
    if (state['entry'] === id && value !== undefined && state[name] !== value) {
      history.replaceState({ ...state, [name]: value }, '')
    }
  }
  onBeforeUnmount(write)
  return (value) => {
    remember(id, name, value)
    clearTimeout(timer)
    timer = setTimeout(write, REST)
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

/** Gives the present entry the places kept when its page was last closed. Call it before the first page is shown. */
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
    const all: Places = [[location.hash, Object.fromEntries(kept)], ...others()]
    localStorage.setItem(KEY, JSON.stringify(all.slice(0, MOST_WINDOWS)))
  })
}

/** Keeps how far an element is scrolled, and scrolls it there again as soon as it is long enough. */
export function useKeptScroll(scroller: Ref<HTMLElement | null>): void {
  const keep = usePlaceKeeper('scrolled')
  /** The place to return to; null once it is reached or the user has scrolled. */
  let wanted = keptPlace('scrolled') || null
  useEventListener(
    scroller,
    'scroll',
    () => {
      wanted = null
      keep(scroller.value?.scrollTop ?? 0)
    },
    { passive: true },
  )

  let frame = 0
  const stop = (): void => cancelAnimationFrame(frame)
  onMounted(() => {
    const until = performance.now() + WAIT
    const look = (): void => {
      const element = scroller.value
      if (element === null || wanted === null || performance.now() > until) return
      if (element.scrollHeight - element.clientHeight >= wanted) {
        element.scrollTop = wanted
        wanted = null
      } else frame = requestAnimationFrame(look)
    }
    look()
  })
  // The user's own input takes precedence over the kept place.
  for (const event of ['wheel', 'pointerdown', 'keydown'] as const)
    useEventListener(scroller, event, stop, { passive: true })
  onBeforeUnmount(() => {
    stop()
    // The event of the last scroll may still be on its way.
    if (wanted === null && scroller.value?.isConnected === true) keep(scroller.value.scrollTop)
  })
}
