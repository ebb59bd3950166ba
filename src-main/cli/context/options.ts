import { InvalidArgumentError, Option } from 'commander'
import { defaultDataFolder } from './data-folder'
import { DAY_MS, HOUR_MS } from '../../shared/durations'
import { dayStart as startIn } from '../../shared/zone'

/** The data folder, as every command takes it. */
export function dataDirOption(): Option {
  return new Option('--data-dir <folder>', 'where the history is kept').default(
    defaultDataFolder(),
    'the user data folder',
  )
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON (stable fields)')
}

/** For an option that may be given more than once. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** The examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  agent-session-monitor ${line}`).join('\n')}`
}

/** A count of 0 or more. */
export function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.')
  return value
}

/** A count of 1 or more. */
export function countFromOne(text: string): number {
  const value = count(text)
  if (value === 0) throw new InvalidArgumentError('Expected at least 1.')
  return value
}

/** A port, 0 for any that is free. */
export function port(text: string): number {
  const value = count(text)
  if (value > 65_535) throw new InvalidArgumentError('Expected a port, 0 to 65535.')
  return value
}

/** Seconds, more than 0; a fraction is allowed. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 86_400) {
    throw new InvalidArgumentError('Expected seconds, more than 0 and at most 86400.')
  }
  return value
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS }

/** An instant, ms since the epoch, or a day: when that begins depends on the zone whose days count in the store. */
export type Moment = number | { readonly day: string; readonly toItsEnd: boolean }

/** What is meant by a day (2026-02-01, from its midnight), an ISO 8601 time, or how long ago (30m, 24h, 7d, 2w). */
export function moment(text: string, now = Date.now()): Moment {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text)
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0)
  if (dayStart(text, 'UTC') !== null) return { day: text, toItsEnd: false }
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected 2026-02-01, 2026-02-01T10:00:00Z, or 30m, 24h, 7d.')
  return time
}

/** As `moment`, but a day is taken to its end. */
export function momentUntil(text: string): Moment {
  const meant = moment(text)
  return typeof meant === 'number' ? meant : { ...meant, toItsEnd: true }
}

/** The instant that a moment stands for in a zone, ms since the epoch. */
export function instantOf(meant: Moment, timeZone: string): number {
  return typeof meant === 'number' ? meant : startIn(meant.day, timeZone, meant.toItsEnd ? 1 : 0)
}

/** When a day (YYYY-MM-DD) begins in a zone, ms since the epoch; null when there is no such day. */
export function dayStart(text: string, timeZone: string): number | null {
  const start = /^\d{4}-\d\d-\d\d$/.test(text) ? startIn(text, timeZone) : NaN
  return Number.isNaN(start) ? null : start
}

/** Some text. */
export function notEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected some text.')
  return text
}
