import { shallowRef } from 'vue'
import { dayIn, dayStart as dayStartIn } from '@shared/zone'

/** The zone whose days and hours are shown; undefined: this computer's. */
const zone = shallowRef<string | undefined>(undefined)

/** `name`: an IANA name, or `system`. What is shown follows by itself. */
export function setTimeZone(name: string): void {
  zone.value = name === 'system' ? undefined : name
}

/** For Intl's options. */
export const shownZone = (): { readonly timeZone?: string } =>
  zone.value === undefined ? {} : { timeZone: zone.value }

/** The calendar day of an instant (ms since the epoch), YYYY-MM-DD. */
export const dayOf = (ms: number): string => dayIn(ms, zone.value)

/** When a calendar day (YYYY-MM-DD) begins, or the day `days` after it, ms since the epoch; NaN when there is no such day. */
export const dayStart = (day: string, days = 0): number => dayStartIn(day, zone.value, days)
