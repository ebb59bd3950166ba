import type { Bucket } from '../../../contract/index'
import { DAY_MS } from '../../../shared/durations'

/** Zones differ from UTC, and change, by multiples of this, ms. */
const SLOT_MS = 15 * 60 * 1000
/** The range of four-digit years: every log is within it, and numbers made of them sort by time. */
const EARLIEST = Date.UTC(1000, 0, 2)
const LATEST = Date.UTC(9999, 11, 30)
const REMEMBERED_SLOTS = 20_000

/**
 * Calendar hours in a time zone. The hour is looked up once per quarter of an hour, because zones differ from UTC and
 * change by multiples of that. When clocks are set back, the repeated hour counts as one.
 */
export class Hours {
  readonly #format: Intl.DateTimeFormat
  readonly #bySlot = new Map<number, number>()
  #lastSlot = NaN
  #lastHour = 0

  /** `timeZone`: IANA name. Throws RangeError when the system does not know it. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      hourCycle: 'h23',
    })
  }

  /**
   * The hour of an instant (ms since the epoch) as the number YYYYMMDDHH. Instants outside the years 1000 to 9999 are
   * moved to the ends of that range.
   */
  of(time: number): number {
    const slot = Math.floor(Math.min(Math.max(time, EARLIEST), LATEST) / SLOT_MS)
    if (slot === this.#lastSlot) return this.#lastHour
    let hour = this.#bySlot.get(slot)
    if (hour === undefined) {
      const parts = new Map(this.#format.formatToParts(slot * SLOT_MS).map((part) => [part.type, Number(part.value)]))
      const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
      hour = part('year') * 1_000_000 + part('month') * 10_000 + part('day') * 100 + part('hour')
      if (this.#bySlot.size >= REMEMBERED_SLOTS) this.#bySlot.clear()
      this.#bySlot.set(slot, hour)
    }
    this.#lastSlot = slot
    this.#lastHour = hour
    return hour
  }
}

/**
 * The period of an hour (YYYYMMDDHH) as a number that sorts: YYYYMMDDHH, YYYYMMDD, or the YYYYMMDD of the week's
 * Monday.
 */
export function bucketOf(hour: number, bucket: Bucket): number {
  switch (bucket) {
    case 'hour':
      return hour
    case 'day':
      return Math.floor(hour / 100)
    case 'week':
      return mondayOf(Math.floor(hour / 100))
  }
}

/** A period as text: YYYY-MM-DDTHH for an hour, otherwise YYYY-MM-DD. */
export function bucketText(period: number, bucket: Bucket): string {
  if (bucket === 'hour') return `${dayText(Math.floor(period / 100))}T${String(period % 100).padStart(2, '0')}`
  return dayText(period)
}

/** YYYYMMDD as "YYYY-MM-DD". */
export function dayText(day: number): string {
  const digits = String(day)
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}

function mondayOf(day: number): number {
  const date = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100)
  const monday = new Date(date - ((new Date(date).getUTCDay() + 6) % 7) * DAY_MS)
  return monday.getUTCFullYear() * 10_000 + (monday.getUTCMonth() + 1) * 100 + monday.getUTCDate()
}
