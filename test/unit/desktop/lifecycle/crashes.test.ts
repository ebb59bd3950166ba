import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { watchPage } from '../../../../src-main/desktop/lifecycle/crashes'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { Notice } from '../../../../src-main/contract/index'

let contents: EventEmitter & { reload: () => void }
let notices: Notice[]
let clock: number
let quitting: boolean
let loadAgain: boolean
const quit = vi.fn()

const crash = async (reason = 'crashed'): Promise<void> => {
  contents.emit('render-process-gone', {}, { reason, exitCode: 1 })
  await vi.waitFor(() => undefined)
}

beforeEach(() => {
  contents = Object.assign(new EventEmitter(), { reload: vi.fn() })
  notices = []
  clock = 0
  quitting = false
  loadAgain = true
  quit.mockReset()
  watchPage({ webContents: contents, isDestroyed: () => false } as unknown as BrowserWindow, {
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    notify: (notice) => notices.push(notice),
    texts: () => textsFor('en', 'en'),
    isQuitting: () => quitting,
    offerReload: () => Promise.resolve(loadAgain),
    quit,
    now: () => clock,
  })
})

describe('a page that crashes', () => {
  test('is loaded again, and the user is told', async () => {
    await crash()
    expect(contents.reload).toHaveBeenCalledTimes(1)
    expect(notices).toMatchObject([{ level: 'warning' }])
  })

  test('and crashes again at once is not loaded for ever: the user decides', async () => {
    await crash()
    clock += 1000
    loadAgain = false
    await crash()
    expect(contents.reload).toHaveBeenCalledTimes(1)
    expect(quit).toHaveBeenCalledTimes(1)
    clock += 1000
    loadAgain = true
    await crash()
    expect(contents.reload).toHaveBeenCalledTimes(2)
  })

  test('a day later is a first crash again', async () => {
    await crash()
    clock += 86_400_000
    await crash()
    expect(contents.reload).toHaveBeenCalledTimes(2)
    expect(quit).not.toHaveBeenCalled()
  })

  test('or ends while the program quits is left alone', async () => {
    await crash('clean-exit')
    quitting = true
    await crash('killed')
    expect(contents.reload).not.toHaveBeenCalled()
    expect(notices).toEqual([])
  })
})
