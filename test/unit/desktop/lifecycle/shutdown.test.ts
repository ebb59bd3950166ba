import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { closeBeforeQuit } from '../../../../src-main/desktop/lifecycle/shutdown'

/** As much of Electron's app as quitting takes: quit() asks, and ends unless a listener objects. */
class FakeApp extends EventEmitter {
  ended = false

  quit(): void {
    let prevented = false
    this.emit('before-quit')
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    this.ended = !prevented
  }
}

describe('quitting', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('waits until the store is saved', async () => {
    const app = new FakeApp()
    let save = (): void => undefined
    closeBeforeQuit(app as unknown as App, () => new Promise<void>((resolve) => (save = resolve)))
    app.quit()
    await vi.advanceTimersByTimeAsync(1000)
    expect(app.ended).toBe(false)
    save()
    await vi.advanceTimersByTimeAsync(0)
    expect(app.ended).toBe(true)
  })

  test('saves once, however often it is asked to quit', async () => {
    const app = new FakeApp()
    const close = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)))
    closeBeforeQuit(app as unknown as App, close)
    app.quit()
    app.quit()
    await vi.advanceTimersByTimeAsync(200)
    expect(close).toHaveBeenCalledTimes(1)
    expect(app.ended).toBe(true)
  })

  test.each([
    ['hangs', () => new Promise<void>(() => undefined)],
    ['fails', () => Promise.reject(new Error('no'))],
  ])('ends in bounded time when saving %s', async (_what, close) => {
    const app = new FakeApp()
    const { isQuitting } = closeBeforeQuit(app as unknown as App, close, 5000)
    expect(isQuitting()).toBe(false)
    app.quit()
    expect(isQuitting()).toBe(true)
    await vi.advanceTimersByTimeAsync(5001)
    expect(app.ended).toBe(true)
  })
})
