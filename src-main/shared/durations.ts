/** Durations in ms. Calendar days may be longer or shorter than DAY_MS, see dayStart() in zone.ts. */
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
