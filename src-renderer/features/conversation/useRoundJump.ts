import { nextTick, type Ref } from 'vue'
import { nextFrame } from '../../lib/frames'
import { pageOf, type Conversation } from './useConversation'
import type { ReaderPosition } from './useReaderPosition'

export interface RoundJump {
  /** Scrolls a round to the top of the view, loading it if needed. */
  readonly goTo: (round: number) => Promise<void>
  /** The element of a round; null unless it is rendered. */
  readonly elementOf: (round: number) => HTMLElement | null
}

/** Frames to wait for a round to be rendered. */
const MOST_FRAMES = 30

export function useRoundJump(
  scroller: Ref<HTMLElement | null>,
  load: Conversation['load'],
  { target, follow }: Pick<ReaderPosition, 'target' | 'follow'>,
): RoundJump {
  const elementOf = (round: number): HTMLElement | null =>
    scroller.value?.querySelector<HTMLElement>(`[data-round="${round}"]`) ?? null

  async function goTo(round: number): Promise<void> {
    const page = pageOf(round)
    await load(page)
    await nextTick()
    const element = scroller.value
    const box = element?.querySelector(`[data-page="${page}"]`)
    if (!element || !box) return
    follow.value = false
    target.value = round
    const showTop = (of: Element): void => {
      element.scrollTop += of.getBoundingClientRect().top - element.getBoundingClientRect().top
    }
    // A page renders its rounds once it is near the screen, a few in each frame.
    if (elementOf(round) === null) showTop(box)
    for (let frames = 0; elementOf(round) === null && frames < MOST_FRAMES; frames++) await nextFrame()
    const found = elementOf(round)
    if (found !== null) showTop(found)
  }

  return { goTo, elementOf }
}
