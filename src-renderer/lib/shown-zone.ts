import { shallowRef } from 'vue'

/** The zone whose days and hours are shown; undefined: this computer's. */
const zone = shallowRef<string | undefined>(undefined)

/** `name`: an IANA name, or `system`. What is shown follows by itself. */
export function setTimeZone(name: string): void {
  zone.value = name === 'system' ? undefined : name
}

/** For Intl's options. */
export const shownZone = (): { readonly timeZone?: string } =>
  zone.value === undefined ? {} : { timeZone: zone.value }

const formats = new Map<string | undefined, Intl.DateTimeFormat>()

function partsOf(ms: number): Readonly<Record<string, number>> {
  let format = formats.get(zone.value)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      ...shownZone(),
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    })
    formats.set(zone.value, format)
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
}

/** What the clock on the wall shows, as if that were UTC. */
function wall(ms: number): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsOf(ms)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The calendar day of an instant, YYYY-MM-DD. */
export function dayOf(ms: number): string {
  return new Date(wall(ms)).toISOString().slice(0, 10)
}

/**
 * When a calendar day (YYYY-MM-DD) begins, `days` later; NaN for no day. Where the clocks are set forward at midnight,
 * the first instant there is.
 */
export function dayStart(day: string, days = 0): number {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  const wanted = date.getTime()
  if (Number.isNaN(wanted)) return NaN
  // The offset is that at the day's start, which is looked for: a second look finds it after the clocks changed.
  let found = wanted - (wall(wanted) - wanted)
  found = wanted - (wall(found) - found)
  return wall(found) < wanted ? found + 3_600_000 : found
}
