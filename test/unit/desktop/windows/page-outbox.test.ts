import { describe, expect, it } from 'vitest'
import { createPageOutbox, MOST_KEPT } from '../../../../src-main/desktop/windows/page-outbox'
import type { OnceEvent } from '../../../../src-main/desktop/windows/page-outbox'

const notice = (message: string): OnceEvent => ['app:notice', { level: 'info', code: 'internal', message }]
const settings: OnceEvent = ['app:navigate', { to: 'settings' }]
const palette: OnceEvent = ['app:command', 'palette']

function outbox() {
  const pushed: OnceEvent[] = []
  return { pushed, ...createPageOutbox((event) => pushed.push(event)) }
}

describe('the outbox of a window', () => {
  it('keeps events in order until the page listens, and sends each of them once', () => {
    const box = outbox()
    box.send(notice('early'))
    box.send(settings)
    box.send(palette)
    expect(box.pushed).toEqual([])
    box.ready()
    expect(box.pushed).toEqual([notice('early'), settings, palette])
    box.ready()
    expect(box.pushed).toHaveLength(3)
  })

  it('sends at once to a page that listens', () => {
    const box = outbox()
    box.ready()
    box.send(settings)
    expect(box.pushed).toEqual([settings])
  })

  it('keeps events for the next page after a crash', () => {
    const box = outbox()
    box.ready()
    box.gone()
    box.send(notice('crashed'))
    // Loading the page again stops before the new page listens.
    box.leaving()
    box.gone()
    box.settled()
    expect(box.pushed).toEqual([])
    box.ready()
    expect(box.pushed).toEqual([notice('crashed')])
  })

  it('sends nothing to a page that is about to be replaced, even if that page reports itself ready', () => {
    const box = outbox()
    box.leaving()
    box.ready()
    box.send(settings)
    box.gone()
    expect(box.pushed).toEqual([])
    box.ready()
    expect(box.pushed).toEqual([settings])
  })

  it('sends to the page that stayed after a navigation was refused', () => {
    const box = outbox()
    box.ready()
    box.leaving()
    box.send(settings)
    expect(box.pushed).toEqual([])
    box.settled()
    expect(box.pushed).toEqual([settings])
  })

  it('keeps a bounded number of events', () => {
    const box = outbox()
    for (let i = 0; i < 10 * MOST_KEPT; i += 1) box.send(notice(String(i)))
    box.ready()
    expect(box.pushed).toHaveLength(MOST_KEPT)
  })
})
