/** Keeps what arrives before anyone can take it. */
export interface Inbox<T> {
  readonly put: (item: T) => void
  /** Removes and returns what has arrived so far. */
  readonly take: () => readonly T[]
  /** From now on `receive` gets every item as it arrives, first those that wait. */
  readonly deliverTo: (receive: (item: T) => void) => void
}

export function createInbox<T>(): Inbox<T> {
  let waiting: readonly T[] = []
  let receiver: ((item: T) => void) | null = null
  const take = (): readonly T[] => {
    const items = waiting
    waiting = []
    return items
  }
  return {
    put(item) {
      if (receiver === null) waiting = [...waiting, item]
      else receiver(item)
    },
    take,
    deliverTo(receive) {
      receiver = receive
      take().forEach(receive)
    },
  }
}
