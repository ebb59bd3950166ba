import { DAY_MS, HOUR_MS } from './durations'

/** The IANA name of the zone that a setting stands for; `system` is this computer's zone. */
export function zoneOf(setting: string): string {
  return setting === 'system' ? Intl.DateTimeFormat().resolvedOptions().timeZone : setting
}

/** Whether this system knows a zone of that name. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const formats = new Map<string | undefined, Intl.DateTimeFormat>()

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(timeZone, format)
  }
  return format
}

/** The calendar day of an instant (ms since the epoch) in a zone, YYYY-MM-DD. `timeZone` undefined: this computer's. */
export function dayIn(time: number, timeZone: string | undefined): string {
  const parts = formatOf(timeZone).formatToParts(time)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** Zones differ from UTC, and change, by multiples of this. */
const QUARTER_MS = HOUR_MS / 4

/**
 * When a calendar day (YYYY-MM-DD) begins in a zone, ms since the epoch, or the day `days` after it; NaN when there is no
 * such day. Where clocks are set forward at midnight, the day begins later.
 */
export function dayStart(day: string, timeZone: string | undefined, days = 0): number {
  const named = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(named) || !new Date(named).toISOString().startsWith(`${day}T`)) return NaN
  const midnight = named + days * DAY_MS
  const wanted = new Date(midnight).toISOString().slice(0, 10)
  // No zone is ahead of UTC by 15 hours or behind it by 13. In quarters of an hour from there:
  const earliest = midnight - 15 * HOUR_MS
  let [before, after] = [0, 28 * 4]
  while (before < after) {
    const middle = (before + after) >> 1
    if (dayIn(earliest + middle * QUARTER_MS, timeZone) < wanted) before = middle + 1
    else after = middle
  }
  return earliest + before * QUARTER_MS
}
