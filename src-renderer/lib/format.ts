import type { CurrencySettings } from '@contract'

/**
 * Numbers, money, sizes, spans and dates as people read them. Pure: a locale goes in, functions come out; formatters are
 * made once, because making one costs more than a thousand uses of it.
 */
export interface Format {
  /** 1,234,567 */
  integer(value: number): string
  /** 1.23M; whole below 10,000 so that small numbers stay exact. */
  compact(value: number): string
  /** For axes: 5K, 1.2M. */
  compactRound(value: number): string
  /** 62%; "<1%" rather than a false zero, ">99%" rather than a false whole. */
  percent(ratio: number): string
  /**
   * Money, given in USD and shown in the currency of the settings. Cents, and below a dollar three significant digits:
   * $12.34, $0.50, $0.0000123.
   */
  usd(value: number): string
  /** Every digit that means something, for tooltips. */
  usdExact(value: number): string
  /** For axes: $400, $1.50, $0.05, $1.2K. */
  usdRound(value: number): string
  /** A published price: USD, whatever currency money is shown in. */
  price(value: number): string
  bytes(value: number): string
  /** From milliseconds: 320ms, 4.2s, 3m 5s, 2h 4m. */
  duration(ms: number): string
  /** Feb 5, 14:32; the year only when it is not this one. */
  dateTime(ms: number): string
  /** As dateTime, but of another year the day alone: for narrow columns. */
  dateTimeShort(ms: number): string
  /** Feb 5, 2026, 14:32:09 and the zone. */
  dateTimeExact(ms: number): string
  /** 14:32:09 */
  time(ms: number): string
  /** A calendar day given as YYYY-MM-DD: Feb 5. */
  day(date: string): string
  /** Feb 5, 2026 */
  dayOf(date: string): string
  /** An hour given as YYYY-MM-DDTHH: 14:00. */
  hour(date: string): string
  /** Feb 5, 2026, 14:00 */
  hourExact(date: string): string
  /** Thursday, February 5, 2026 */
  dayExact(date: string): string
}

const MOST_DECIMALS = 12
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

const USD: CurrencySettings = { code: 'USD', usdRate: 1 }

/** `zone`: of the instants; `{}`: this computer's. */
export function createFormat(
  locale: string,
  now: () => number = Date.now,
  currency: CurrencySettings = USD,
  zone: { readonly timeZone?: string } = {},
): Format {
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const money = { style: 'currency', currency: currency.code, currencyDisplay: 'narrowSymbol' } as const
  const price = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 })
  const usdExact = new Intl.NumberFormat(locale, { ...money, minimumFractionDigits: 2, maximumFractionDigits: 6 })
  const usdRound = new Intl.NumberFormat(locale, { ...money, notation: 'compact', maximumSignificantDigits: 3 })
  const usdByDecimals: Intl.NumberFormat[] = []
  /** Cents at least, and below a dollar as many decimals as `digits` significant ones take. */
  const usdWith = (value: number, digits: number): string => {
    const size = Math.abs(value)
    const decimals =
      size === 0 || size >= 1 ? 2 : Math.min(MOST_DECIMALS, Math.max(2, digits - 1 - Math.floor(Math.log10(size))))
    usdByDecimals[decimals] ??= new Intl.NumberFormat(locale, {
      ...money,
      minimumFractionDigits: 2,
      maximumFractionDigits: decimals,
    })
    return usdByDecimals[decimals].format(value)
  }
  const bytes = BYTE_UNITS.map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }),
  )
  const unit = (name: string, decimals = 0): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
  const milliseconds = unit('millisecond')
  const fractionOfSeconds = unit('second', 1)
  const wholeSeconds = unit('second')
  const minutes = unit('minute')
  const hours = unit('hour')
  const days = unit('day')

  const shortTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone } as const
  const thisYear = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', ...shortTime })
  const otherYear = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', ...shortTime })
  const otherDay = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', ...zone })
  const year = new Intl.DateTimeFormat('en-US', { year: 'numeric', ...zone })
  const isThisYear = (ms: number): boolean => year.format(ms) === year.format(now())
  const exact = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...shortTime,
    second: '2-digit',
    timeZoneName: 'short',
  })
  const time = new Intl.DateTimeFormat(locale, { ...shortTime, second: '2-digit' })
  // A calendar day has no zone: it is put at midnight UTC and read back in UTC.
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const dayOf = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
  const hour = new Intl.DateTimeFormat(locale, { ...shortTime, timeZone: 'UTC' })
  const hourExact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const dayExact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' })

  return {
    integer: (value) => integer.format(value),
    compact: (value) => (Math.abs(value) < 10_000 ? integer.format(value) : compact.format(value)),
    compactRound: (value) => compact.format(value),
    percent: (ratio) => {
      if (ratio > 0 && ratio < 0.005) return `<${percent.format(0.01)}`
      return ratio >= 0.995 && ratio < 1 ? `>${percent.format(0.99)}` : percent.format(ratio)
    },
    usd: (value) => usdWith(value * currency.usdRate, 3),
    usdExact: (usd) => {
      const value = usd * currency.usdRate
      return Math.abs(value) >= 1 ? usdExact.format(value) : usdWith(value, 6)
    },
    usdRound: (usd) => {
      const value = usd * currency.usdRate
      // $1.50 between $1 and $2; a whole amount needs no cents.
      return Math.abs(value) < 1000 && !Number.isInteger(value) ? usdWith(value, 3) : usdRound.format(value)
    },
    price: (value) => price.format(value),
    bytes: (value) => {
      let step = 0
      let scaled = Math.max(0, value)
      while (scaled >= 999.5 && step < bytes.length - 1) {
        scaled /= 1000
        step++
      }
      return step === 0 ? `${integer.format(scaled)} B` : (bytes[step]?.format(scaled) ?? String(value))
    },
    duration: (ms) => {
      if (ms < 1000) return milliseconds.format(Math.round(ms))
      if (ms < 9_950) return fractionOfSeconds.format(ms / 1000)
      const seconds = Math.round(ms / 1000)
      if (seconds < 60) return wholeSeconds.format(seconds)
      const two = (big: Intl.NumberFormat, bigValue: number, small: Intl.NumberFormat, rest: number): string =>
        rest === 0 ? big.format(bigValue) : `${big.format(bigValue)} ${small.format(rest)}`
      if (seconds < 3600) return two(minutes, Math.floor(seconds / 60), wholeSeconds, seconds % 60)
      const wholeMinutes = Math.round(seconds / 60)
      if (wholeMinutes < 1440) return two(hours, Math.floor(wholeMinutes / 60), minutes, wholeMinutes % 60)
      const wholeHours = Math.round(wholeMinutes / 60)
      return two(days, Math.floor(wholeHours / 24), hours, wholeHours % 24)
    },
    dateTime: (ms) => (isThisYear(ms) ? thisYear : otherYear).format(ms),
    dateTimeShort: (ms) => (isThisYear(ms) ? thisYear : otherDay).format(ms),
    dateTimeExact: (ms) => exact.format(ms),
    time: (ms) => time.format(ms),
    day: (date) => day.format(calendarDay(date)),
    dayOf: (date) => dayOf.format(calendarDay(date)),
    hour: (date) => hour.format(calendarDay(date)),
    hourExact: (date) => hourExact.format(calendarDay(date)),
    dayExact: (date) => dayExact.format(calendarDay(date)),
  }
}

function calendarDay(date: string): Date {
  const parsed = new Date(date.length > 10 ? `${date}:00:00Z` : `${date}T00:00:00Z`)
  return Number.isNaN(parsed.getTime()) ? new Date(0) : parsed
}

/**
 * Numbers follow the system's own locale while the interface speaks the system's language (de-AT writes 1.234,5 also
 * under English words would be odd: then the interface's language decides).
 */
export function formatLocale(language: 'en' | 'zh', systemLocale: string): string {
  const fallback = language === 'zh' ? 'zh-CN' : 'en-US'
  if (!systemLocale.toLowerCase().startsWith(language)) return fallback
  try {
    return Intl.getCanonicalLocales(systemLocale)[0] ?? fallback
  } catch {
    return fallback
  }
}
