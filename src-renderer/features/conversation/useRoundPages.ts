import {
  computed,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import { BLOCK, PAGE, type Conversation } from './useConversation'

export interface RoundPages {
  /** Watches blocks (`data-block`) and pages (`data-page`) for coming near the screen. */
  readonly observer: ShallowRef<IntersectionObserver | null>
  readonly blockCount: ComputedRef<number>
  /** px per round that is reserved for pages that are not loaded. */
  readonly roundHeight: Ref<number>
  /** Takes `roundHeight` from the first full page that was measured; `height` in px. */
  readonly learnHeight: (page: number, height: number) => void
}

/** How far beyond the screen rounds are rendered. */
const MARGIN = '1200px 0px'

/** Renders and loads the pages of a session that are on or near the screen. */
export function useRoundPages(
  { total, pages, pageErrors, near, opened, load }: Conversation,
  scroller: Ref<HTMLElement | null>,
): RoundPages {
  const observer = shallowRef<IntersectionObserver | null>(null)
  const blockCount = computed(() => Math.ceil(total.value / (PAGE * BLOCK)))
  const roundHeight = ref(280)
  let heightKnown = false

  function onEntry(entry: IntersectionObserverEntry): void {
    const { page: number, block } = (entry.target as HTMLElement).dataset
    if (block !== undefined) {
      if (entry.isIntersecting) opened.add(Number(block))
      return
    }
    const page = Number(number)
    if (entry.isIntersecting) near.add(page)
    else near.delete(page)
  }
  onMounted(() => {
    observer.value = new IntersectionObserver((entries) => entries.forEach(onEntry), {
      root: scroller.value,
      rootMargin: MARGIN,
    })
  })
  onBeforeUnmount(() => observer.value?.disconnect())

  watch(
    () => [...near].filter((page) => !pages.has(page) && !pageErrors.has(page)),
    (wanted) => {
      for (const page of wanted) void load(page)
    },
  )

  function learnHeight(page: number, height: number): void {
    const rounds = Math.min(PAGE, total.value - page * PAGE)
    if (heightKnown || rounds < PAGE || height <= 0) return
    heightKnown = true
    roundHeight.value = Math.round(height / rounds)
  }

  return { observer, blockCount, roundHeight, learnHeight }
}
