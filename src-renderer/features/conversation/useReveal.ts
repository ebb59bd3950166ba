import { nextTick, type Ref } from 'vue'
import { nextFrame } from '../../lib/frames'
import type { RoundTarget } from '../../lib/routes'
import { nearestRange, rangesOf } from './find-marks'
import { roundKey } from './model/round-view'
import type { Folds } from './state/useFolds'
import { pageOf, type Conversation } from './useConversation'
import type { RoundJump } from './useRoundJump'

/** Frames to wait for folded text to be rendered. */
const MOST_FRAMES = 30
/** Frames for which the text is kept in view while the rounds above it are still changing their height. */
const SETTLING_FRAMES = 12
/** px of the view's bottom edge in which a text counts as hidden. */
const EDGE = 40

export interface RevealOptions {
  readonly scroller: Ref<HTMLElement | null>
  readonly pages: Conversation['pages']
  readonly jump: RoundJump
  /** The round that was jumped to last; another value ends a reveal that is under way. */
  readonly target: Ref<number | null>
  readonly folds: Folds
  /** The text to show; empty to show only the round. */
  readonly text: Ref<string>
  /** Highlights the text in the rounds that are rendered. */
  readonly highlight: () => void
}

/**
 * Returns a function that goes to a round and scrolls a text in it into view, unfolding what hides it: the occurrence with
 * the context `near`, or the first one.
 */
export function useReveal(options: RevealOptions): (round: number, near?: RoundTarget['near']) => Promise<void> {
  const { scroller, pages, jump, target, folds, text, highlight } = options

  async function findRange(shown: HTMLElement, near: RoundTarget['near']): Promise<Range | undefined> {
    let ranges = rangesOf(shown, text.value)
    for (let frames = 0; ranges.length === 0 && frames < MOST_FRAMES; frames++) {
      await nextFrame()
      ranges = rangesOf(shown, text.value)
    }
    return near === undefined ? ranges[0] : nearestRange(ranges, near)
  }

  return async (number, near) => {
    await jump.goTo(number)
    const round = pages.get(pageOf(number))?.rounds.find((one) => one.round === number)
    folds.unfolded.value = round === undefined || text.value === '' ? null : roundKey(round)
    await nextTick()
    highlight()
    const shown = jump.elementOf(number)
    const element = scroller.value
    if (shown === null || element === null || text.value === '') return
    const range = await findRange(shown, near)
    if (range === undefined) return
    for (let frames = 0; frames < SETTLING_FRAMES && target.value === number; frames++) {
      const view = element.getBoundingClientRect()
      const found = range.getBoundingClientRect()
      if (found.bottom > view.bottom - EDGE || found.top < view.top) {
        element.scrollTop += found.top - view.top - view.height / 3
      }
      await nextFrame()
    }
  }
}
