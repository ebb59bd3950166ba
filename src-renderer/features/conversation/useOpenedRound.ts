import { watch } from 'vue'
import { useRoute } from 'vue-router'
import { keptPlace } from '../../composables/usePlace'
import { roundTargetOf, type RoundTarget } from '../../lib/routes'
import { pageOf, type Conversation } from './useConversation'

/** The round to show first, and the text to find. `atTop`: the page stays at its top, above the first round. */
export type OpenedRound = RoundTarget & { readonly atTop: boolean }

/**
 * The round at which the session is opened: the one that was being read when the page was left, or the one in the address.
 * Its page is loaded at once, along with the header, to show it one answer and two frames sooner.
 *
 * Returns a function that registers what to do with it once the header is there, and again for each later address.
 */
export function useOpenedRound({ header, near, load }: Conversation): (show: (opened: OpenedRound) => void) => void {
  const route = useRoute()
  let left = keptPlace('round')
  const addressed = (): RoundTarget | null => roundTargetOf(route.query, history.state)
  for (const page of new Set([pageOf(left ?? addressed()?.round ?? 1), 0])) {
    near.add(page)
    void load(page)
  }

  function opened(): OpenedRound | null {
    const target = addressed()
    if (left === null) return target === null ? null : { ...target, atTop: false }
    const round = left
    left = null
    // The session's summary is above the first round.
    return { round, ...(target?.find === undefined ? {} : { find: target.find }), atTop: round === 1 }
  }

  return (show) => {
    watch(
      () => (header.value !== null && route.name === 'session' ? route.fullPath : null),
      (ready) => {
        const found = ready === null ? null : opened()
        if (found !== null) show(found)
      },
      { flush: 'post' },
    )
  }
}
