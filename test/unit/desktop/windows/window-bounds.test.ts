import { describe, expect, test } from 'vitest'
import { cascade, placeWindow } from '../../../../src-main/desktop/windows/window-bounds'
import type { Rectangle } from '../../../../src-main/desktop/settings/stored-settings'

const display = (x: number, y: number, width: number, height: number) => ({ workArea: { x, y, width, height } })
const laptop = display(0, 25, 1440, 875)
const leftOfIt = display(-1920, 0, 1920, 1080)
const at = (bounds: Rectangle) => ({ bounds, maximized: false })

describe('where the window opens', () => {
  test('where it was, on any display', () => {
    const bounds = { x: -1800, y: 40, width: 1000, height: 700 }
    expect(placeWindow(at(bounds), [laptop, leftOfIt])).toEqual(bounds)
  })

  test('centred by the system when nothing is remembered', () => {
    expect(placeWindow(null, [laptop])).toEqual({ width: 1280, height: 840 })
  })

  test('not where an unplugged display was', () => {
    expect(placeWindow(at({ x: -1800, y: 40, width: 1000, height: 700 }), [laptop])).toEqual({
      width: 1280,
      height: 840,
    })
  })

  test.each([
    ['its upper edge above the display', { x: 100, y: -400, width: 900, height: 700 }],
    ['only a sliver left at the right', { x: 1400, y: 100, width: 900, height: 700 }],
    ['only a sliver left at the bottom', { x: 100, y: 895, width: 900, height: 700 }],
  ])('not with %s, where no hand can reach it', (_what, bounds) => {
    expect(placeWindow(at(bounds), [laptop])).not.toHaveProperty('x')
  })

  test('no larger than the display has become, and never smaller than is usable', () => {
    expect(placeWindow(at({ x: 0, y: 25, width: 3000, height: 2000 }), [laptop])).toEqual({
      x: 0,
      y: 25,
      width: 1440,
      height: 875,
    })
    expect(placeWindow(at({ x: 0, y: 25, width: 1, height: 1 }), [laptop])).toMatchObject({ width: 800, height: 600 })
    expect(placeWindow(null, [display(0, 0, 640, 480)])).toEqual({ width: 800, height: 600 })
  })

  test('somewhere, even when the system names no display', () => {
    expect(placeWindow(at({ x: 0, y: 0, width: 900, height: 700 }), [])).toEqual({ width: 1280, height: 840 })
  })
})

describe('where another window opens', () => {
  const from = { x: 100, y: 100, width: 900, height: 600 }

  test('a step below and right of the one it was opened from, as large as that', () => {
    expect(cascade(from, [from], [laptop])).toEqual({ x: 128, y: 128, width: 900, height: 600 })
  })

  test('not exactly over a third one', () => {
    const third = { ...from, x: 128, y: 128 }
    expect(cascade(from, [from, third], [laptop])).toEqual({ x: 156, y: 156, width: 900, height: 600 })
  })

  test('at the display’s corner when the next step would leave it', () => {
    const last = { ...from, x: 530, y: 290 }
    expect(cascade(last, [last], [laptop])).toEqual({ x: 0, y: 25, width: 900, height: 600 })
  })

  test('anywhere, when many are open already', () => {
    const taken = Array.from({ length: 40 }, (_, at) => ({ ...from, x: 100 + 28 * at, y: 100 + 28 * at }))
    expect(cascade(from, taken, [laptop])).not.toBeNull()
  })

  test('where the system puts it, when the display of the other is gone', () => {
    expect(cascade({ ...from, x: -5000 }, [], [laptop])).toBeNull()
  })
})
