/** The IANA name of the zone a setting means: `system` is that of this computer now. */
export function zoneOf(setting: string): string {
  return setting === 'system' ? Intl.DateTimeFormat().resolvedOptions().timeZone : setting
}

/** Whether `name` is a zone that this program's calendar knows. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The calendar day of an instant (ms since the epoch) in a zone: YYYY-MM-DD. */
export function dayIn(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(time)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

const HOUR_MS = 3_600_000

/** When the day of an instant began in a zone, ms since the epoch. */
export function dayStartIn(time: number, timeZone: string): number {
  const day = dayIn(time, timeZone)
  // Zones change and differ by whole quarters of an hour.
  let start = Math.floor(time / (HOUR_MS / 4)) * (HOUR_MS / 4)
  while (dayIn(start - HOUR_MS, timeZone) === day) start -= HOUR_MS
  while (dayIn(start - HOUR_MS / 4, timeZone) === day) start -= HOUR_MS / 4
  return start
}
