import { describe, expect, test } from 'vitest'
import { createNoticeBoard } from '../../../../src-main/desktop/windows/notice-board'
import type { Notice } from '../../../../src-main/contract/index'

const notice = (message: string): Notice => ({ level: 'info', code: 'internal', message })

describe('notices', () => {
  test('wait for the page, are given once, and are pushed from then on', () => {
    const pushed: Notice[] = []
    const board = createNoticeBoard((raised) => pushed.push(raised))
    board.raise(notice('early'))
    expect(pushed).toEqual([])
    expect(board.take()).toEqual([notice('early')])
    expect(board.take()).toEqual([])
    board.raise(notice('late'))
    expect(pushed).toEqual([notice('late')])
  })

  test('wait again while the page is away', () => {
    const pushed: Notice[] = []
    const board = createNoticeBoard((raised) => pushed.push(raised))
    board.take()
    board.pageLeft()
    board.raise(notice('crashed'))
    expect(pushed).toEqual([])
    expect(board.take()).toEqual([notice('crashed')])
  })

  test('do not pile up without bound', () => {
    const board = createNoticeBoard(() => undefined)
    for (let i = 0; i < 10_000; i += 1) board.raise(notice(String(i)))
    expect(board.take().length).toBeLessThanOrEqual(100)
  })
})
