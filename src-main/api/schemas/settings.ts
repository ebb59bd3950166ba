import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import { isReleaseAddress } from '../../shared/release-address'
import { isZone } from '../../shared/zone'

const maxPathLength = 4096
export const maxSources = 1000

export const themeSchema = v.picklist(['system', 'light', 'dark'])
export const languageSchema = v.picklist(['system', 'en', 'zh'])
export const sessionSortSchema = v.strictObject({
  sortBy: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  descending: v.boolean(),
})

export const readerSchema = v.strictObject({ markdown: v.boolean(), chart: v.boolean() })

/** `system`, or a zone that the calendar knows. */
export const timeZoneSchema = v.pipe(
  v.string(),
  v.maxLength(100),
  v.check((name) => name === 'system' || isZone(name), 'not a time zone'),
)

/** A rate is what one USD is in the currency: from a bitcoin to an Iranian rial, and some to spare. */
export const currencySchema = v.pipe(
  v.strictObject({
    code: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
    usdRate: v.pipe(v.number(), v.finite(), v.minValue(1e-6), v.maxValue(1e8)),
  }),
  v.check(({ code, usdRate }) => code !== 'USD' || usdRate === 1, 'one USD is one USD'),
)

export const retentionDaysSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500))
export const retentionSchema = v.strictObject({ days: v.nullable(retentionDaysSchema) })

/** Of the release folder; empty: none of the user's own. */
export const updatesSchema = v.strictObject({
  address: v.pipe(
    v.string(),
    v.check((text) => text === '' || (isReleaseAddress(text) && URL.canParse(text)), 'not an address of releases'),
  ),
  daily: v.boolean(),
})

/** An absolute path that a system call would take. */
export const pathSchema = v.pipe(
  v.string(),
  v.maxLength(maxPathLength),
  v.check((path) => isAbsolute(path) && !path.includes('\0'), 'not an absolute path'),
)

const name = v.pipe(v.string(), v.maxLength(10_000))
const names = v.pipe(v.array(v.nullable(name)), v.maxLength(10_000))
const chosenFilter = v.strictObject({
  models: v.exactOptional(names),
  consumers: v.exactOptional(names),
  sources: v.exactOptional(v.pipe(v.array(pathSchema), v.maxLength(maxSources))),
  statuses: v.exactOptional(v.array(v.picklist(['ok', 'error', 'cut-off']))),
})
const day = v.nullable(v.pipe(v.string(), v.isoDate()))
export const overviewSchema = v.strictObject({
  range: v.picklist(['today', 'week', 'month', 'all', 'custom']),
  from: day,
  to: day,
  filter: chosenFilter,
  bucket: v.nullable(v.picklist(['hour', 'day', 'week'])),
  measure: v.nullable(v.picklist(['cost', 'tokens'])),
  stack: v.picklist(['model', 'kind']),
})
export const sessionsSchema = v.strictObject({
  columns: v.pipe(
    v.array(
      v.strictObject({
        key: v.pipe(v.string(), v.maxLength(100)),
        width: v.nullable(v.pipe(v.number(), v.minValue(20), v.maxValue(4000))),
        shown: v.boolean(),
      }),
    ),
    v.maxLength(100),
  ),
  saved: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
        text: v.pipe(v.string(), v.maxLength(1000)),
        filter: chosenFilter,
      }),
    ),
    v.maxLength(100),
  ),
})

/** What a session id has to hold; as long as an id may be. */
export const sessionKeySchema = v.nullable(v.pipe(v.string(), v.maxLength(10_000)))
