const SLOT_MS = 15 * 60 * 1000
const REMEMBERED_SLOTS = 20_000

/**
 * Calendar days in one time zone. Zones differ from UTC by whole quarters of an hour and change there, so the day is
 * looked up once a quarter of an hour.
 */
export class Days {
  readonly #format: Intl.DateTimeFormat
  readonly #bySlot = new Map<number, number>()

  /** `timeZone`: IANA name. Throws RangeError when the system does not know it. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
  }

  /** The day of an instant (ms since the epoch) as the number YYYYMMDD. */
  of(time: number): number {
    const slot = Math.floor(time / SLOT_MS)
    let day = this.#bySlot.get(slot)
    if (day === undefined) {
      const parts = new Map(this.#format.formatToParts(slot * SLOT_MS).map((part) => [part.type, Number(part.value)]))
      day = (parts.get('year') ?? 0) * 10_000 + (parts.get('month') ?? 0) * 100 + (parts.get('day') ?? 0)
      if (this.#bySlot.size >= REMEMBERED_SLOTS) this.#bySlot.clear()
      this.#bySlot.set(slot, day)
    }
    return day
  }
}

/** YYYYMMDD as "YYYY-MM-DD". */
export function dayText(day: number): string {
  const digits = String(day)
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}
