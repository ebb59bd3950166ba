import { describe, expect, it } from 'vitest'
import { createInbox } from '../../../../src-main/desktop/lifecycle/inbox'

describe('an inbox', () => {
  it('delivers what arrived before anyone took it, in order, then each item as it arrives', () => {
    const inbox = createInbox<number>()
    inbox.put(1)
    inbox.put(2)
    const received: number[] = []
    inbox.deliverTo((item) => received.push(item))
    inbox.put(3)
    expect(received).toEqual([1, 2, 3])
  })

  it('does not deliver again what was taken', () => {
    const inbox = createInbox<string>()
    inbox.put('a')
    expect(inbox.take()).toEqual(['a'])
    const received: string[] = []
    inbox.deliverTo((item) => received.push(item))
    expect(received).toEqual([])
  })
})
