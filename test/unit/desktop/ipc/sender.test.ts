import { describe, expect, test } from 'vitest'
import { isTrustedSender } from '../../../../src-main/desktop/ipc/sender'
import type { SenderEvent } from '../../../../src-main/desktop/ipc/sender'

const trusted = { contentsIds: new Set([1, 3]), origin: 'app://monitor' }
const ours: SenderEvent = { sender: { id: 1 }, senderFrame: { origin: 'app://monitor', parent: null } }

describe('the sender of a message', () => {
  test('is trusted when it is the main frame of a window of ours with our page', () => {
    expect(isTrustedSender(ours, trusted)).toBe(true)
    expect(isTrustedSender({ ...ours, sender: { id: 3 } }, trusted)).toBe(true)
  })

  const disposed = {
    get origin(): string {
      throw new Error('Render frame was disposed')
    },
    parent: null,
  }

  test.each<[string, SenderEvent]>([
    ['a window that is not ours, or was closed', { ...ours, sender: { id: 2 } }],
    ['a frame inside the page', { ...ours, senderFrame: { origin: 'app://monitor', parent: {} } }],
    ['another page in our window', { ...ours, senderFrame: { origin: 'https://example.org', parent: null } }],
    ['another host of our scheme', { ...ours, senderFrame: { origin: 'app://monitor.evil', parent: null } }],
    ['a page without an origin', { ...ours, senderFrame: { origin: 'null', parent: null } }],
    ['a frame that went away', { ...ours, senderFrame: null }],
    ['a frame that goes away meanwhile', { ...ours, senderFrame: disposed }],
  ])('is not trusted when it is %s', (_what, event) => {
    expect(isTrustedSender(event, trusted)).toBe(false)
  })

  test('is never trusted while there is no window', () => {
    expect(isTrustedSender(ours, { ...trusted, contentsIds: new Set() })).toBe(false)
  })
})
