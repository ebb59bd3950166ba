import { useEventListener } from '@vueuse/core'
import { useCommand } from '../../composables/useCommand'
import type { LandmarkKind } from './model/landmarks'

export interface ReaderActions {
  /** Whether keys are meant for the reader, not for something in front of it. */
  readonly active: () => boolean
  readonly focusFind: () => void
  /** Goes to the next or previous match; without a text, focuses the search field. */
  readonly findStep: (direction: 1 | -1) => void
  readonly goBy: (rounds: 1 | -1) => void
  readonly jump: (kind: LandmarkKind, direction: 1 | -1) => void
}

const JUMP_KEYS: Readonly<Record<string, LandmarkKind>> = { t: 'calls', e: 'errors', c: 'costly', b: 'breaks' }

/** The reader's keys, and the menu commands that find a text. */
export function useReaderKeys({ active, focusFind, findStep, goBy, jump }: ReaderActions): void {
  useCommand('find', focusFind)
  useCommand('find-next', () => findStep(1))
  useCommand('find-previous', () => findStep(-1))

  useEventListener(window, 'keydown', (event) => {
    if (!active()) return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      focusFind()
      return
    }
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    const kind = JUMP_KEYS[event.key.toLowerCase()]
    if (event.key === '/') focusFind()
    else if (event.key === 'j') goBy(1)
    else if (event.key === 'k') goBy(-1)
    else if (kind !== undefined) jump(kind, event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
  })
}
