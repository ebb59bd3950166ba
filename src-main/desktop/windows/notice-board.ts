import type { Notice } from '../../contract/index'

/** Carries notices to the page, and keeps those that come while there is none. */
export interface NoticeBoard {
  readonly raise: (notice: Notice) => void
  /** The page is there and listens: what was kept for it, once. From now on notices are pushed. */
  readonly take: () => readonly Notice[]
  /** The page went away (closed, crashed, reloading). */
  readonly pageLeft: () => void
}

const maxKept = 100

export function createNoticeBoard(push: (notice: Notice) => void): NoticeBoard {
  let kept: Notice[] = []
  let listening = false
  return {
    raise(notice) {
      if (listening) push(notice)
      else if (kept.length < maxKept) kept.push(notice)
    },
    take() {
      const notices = kept
      kept = []
      listening = true
      return notices
    },
    pageLeft() {
      listening = false
    },
  }
}
