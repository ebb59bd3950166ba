import type { Rectangle, WindowPlacement } from '../settings/stored-settings'

export const minimumSize = { width: 800, height: 600 }
const preferredSize = { width: 1280, height: 840 }

/** How much of the window's upper edge must be on a display for a hand to get hold of it. */
const graspable = { width: 120, height: 24 }

export interface Display {
  /** The display without task bars and docks. */
  readonly workArea: Rectangle
}

/** How far below and right of another window a new one opens, so that both are seen. */
const step = 28

/**
 * Where to put another window beside those that are open: as large as the one it was opened from, a step below and
 * right of it, and of any other that is exactly there. At the display's end it begins again at its corner.
 */
export function cascade(
  from: Rectangle,
  taken: readonly Rectangle[],
  displays: readonly Display[],
): { readonly width: number; readonly height: number; readonly x: number; readonly y: number } | null {
  const home = displays.find(({ workArea }) => isGraspable(from, workArea))?.workArea
  if (home === undefined) return null
  const size = fit(from, home)
  const fits = (x: number, y: number): boolean =>
    x + size.width <= home.x + home.width && y + size.height <= home.y + home.height
  let [x, y] = [from.x + step, from.y + step]
  for (let tries = 0; tries <= taken.length; tries += 1) {
    if (!fits(x, y)) [x, y] = [home.x, home.y + ((tries * step) % (2 * step))]
    if (!taken.some((other) => other.x === x && other.y === y)) break
    ;[x, y] = [x + step, y + step]
  }
  return { x, y, ...size }
}

/**
 * Where to put the window: where it was, when that place still exists. A display may have been unplugged or have
 * become smaller since. Without x and y the system centres the window.
 */
export function placeWindow(
  remembered: WindowPlacement | null,
  displays: readonly Display[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  if (remembered !== null) {
    const { bounds } = remembered
    const home = displays.find(({ workArea }) => isGraspable(bounds, workArea))
    if (home !== undefined) {
      const size = fit(bounds, home.workArea)
      return { x: bounds.x, y: bounds.y, ...size }
    }
  }
  const primary = displays[0]
  return primary === undefined ? preferredSize : fit(preferredSize, primary.workArea)
}

function isGraspable(bounds: Rectangle, area: Rectangle): boolean {
  const seen = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  const below = area.y + area.height - bounds.y
  return seen >= Math.min(graspable.width, bounds.width) && bounds.y >= area.y && below >= graspable.height
}

function fit(
  wanted: { readonly width: number; readonly height: number },
  area: Rectangle,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(minimumSize.width, Math.min(wanted.width, area.width)),
    height: Math.max(minimumSize.height, Math.min(wanted.height, area.height)),
  }
}
