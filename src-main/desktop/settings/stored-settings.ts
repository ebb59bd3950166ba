import * as v from 'valibot'
import { budgetsSchema, toldSchema } from '../../api/schemas/budgets'
import {
  currencySchema,
  languageSchema,
  maxSources,
  overviewSchema,
  pathSchema,
  readerSchema,
  retentionSchema,
  sessionKeySchema,
  sessionSortSchema,
  sessionsSchema,
  themeSchema,
  timeZoneSchema,
  updatesSchema,
} from '../../api/schemas/settings'
import type { Budget, Settings, WatchedSource } from '../../contract/index'
import { defaultSettings } from '../../shared/default-settings'
import { isRoute } from '../../shared/route'

/** Everything settings.json holds. */
export interface StoredSettings {
  /** Files and folders the user chose, absolute. Not part of Settings: the page cannot name a path. */
  readonly sources: readonly string[]
  /** How some of them are to be read. */
  readonly sourceOptions: readonly WatchedSource[]
  /** A source that was removed with its data, until the engine knows that it is to delete them. */
  readonly removing: string | null
  /** Paths chosen lately, the latest first. */
  readonly recent: readonly string[]
  readonly settings: Settings
  /** Where the history is kept, absolute; null: in the program's own folder. */
  readonly dataFolder: string | null
  /** The user was told that closing the last window does not end the program. */
  readonly toldTray: boolean
  /** The windows that were open, the one used last at the end. */
  readonly windows: readonly WindowState[]
  readonly budgets: readonly Budget[]
  /** The crossings of budgets that were told. */
  readonly toldBudgets: readonly string[]
  /** When a newer version was looked for last, ms since the epoch; null: never. */
  readonly updateChecked: number | null
  /** The newer version that was told last. */
  readonly toldUpdate: string | null
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowPlacement {
  /** Where the window is when it is not maximised. */
  readonly bounds: Rectangle
  readonly maximized: boolean
}

export interface WindowState extends WindowPlacement {
  /** The page it showed: what follows the `#` of its address; empty: as the page sees fit. */
  readonly route: string
}

export const defaultStoredSettings: StoredSettings = {
  sources: [],
  sourceOptions: [],
  removing: null,
  recent: [],
  settings: defaultSettings,
  dataFolder: null,
  toldTray: false,
  windows: [],
  budgets: [],
  toldBudgets: [],
  updateChecked: null,
  toldUpdate: null,
}

const sourceOptionsSchema = v.strictObject({
  path: pathSchema,
  paused: v.exactOptional(v.boolean()),
  sessionKey: v.exactOptional(sessionKeySchema),
})

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000))
const extent = v.pipe(pixels, v.minValue(1))
const placement = {
  bounds: v.object({ x: pixels, y: pixels, width: extent, height: extent }),
  maximized: v.boolean(),
}
const route = v.pipe(
  v.string(),
  v.check((text) => text === '' || isRoute(text), 'not a route'),
)
const windowsSchema = v.pipe(v.array(v.object({ ...placement, route })), v.maxLength(100))
/** What was stored before there could be several windows. */
const oneWindowSchema = v.nullable(v.object(placement))

const objectSchema = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

type Entries = Readonly<Record<string, unknown>>

/**
 * What a later version wrote and this one does not know: not used, and written back, so that going back to an earlier version
 * for a while costs nothing there.
 */
export interface LaterEntries {
  /** Of the file. */
  readonly file: Entries
  /** Of its `settings`. */
  readonly settings: Entries
  /** Of one of the settings that is an object itself, by its name. */
  readonly within: Readonly<Record<string, Entries>>
}

export const noLaterEntries: LaterEntries = { file: {}, settings: {}, within: {} }

export interface ReadSettings {
  readonly stored: StoredSettings
  readonly later: LaterEntries
  /** Names of the entries that were there and could not be used; `file` when nothing could. */
  readonly damaged: readonly string[]
}

/**
 * Takes every entry by itself: a theme this version does not know must not cost the user the list of watched logs.
 * An entry that is absent has its default and is no damage, so that a later version can add entries.
 */
export function readSettings(text: string): ReadSettings {
  const file = v.safeParse(objectSchema, parseJson(text))
  if (!file.success) return { stored: defaultStoredSettings, later: noLaterEntries, damaged: ['file'] }
  const entries = file.output
  const damaged: string[] = []
  const written = entries['settings']
  const settings = isEntries(written) ? written : {}
  if (settings !== written && written !== undefined) damaged.push('settings')
  const within: Record<string, Entries> = {}

  const entry = <T>(
    holder: Readonly<Record<string, unknown>>,
    name: string,
    schema: v.GenericSchema<unknown, T>,
    absent: T,
  ): T => {
    const value = Object.hasOwn(holder, name) ? holder[name] : undefined
    if (value === undefined) return absent
    const known = withoutLater(schema, value)
    if (known === null) {
      damaged.push(name)
      return absent
    }
    if (holder === settings && isEntries(value) && isEntries(known.value)) {
      const later = without(value, known.value)
      if (Object.keys(later).length > 0) within[name] = later
    }
    return known.value
  }

  const stored: StoredSettings = {
    sources: usablePaths(entry(entries, 'sources', v.array(v.unknown()), []), damaged),
    sourceOptions: entry(entries, 'sourceOptions', v.pipe(v.array(sourceOptionsSchema), v.maxLength(maxSources)), []),
    removing: entry(entries, 'removing', v.nullable(pathSchema), null),
    recent: entry(entries, 'recent', v.pipe(v.array(pathSchema), v.maxLength(100)), []),
    settings: {
      theme: entry(settings, 'theme', themeSchema, defaultSettings.theme),
      language: entry(settings, 'language', languageSchema, defaultSettings.language),
      sessionSort: entry(settings, 'sessionSort', sessionSortSchema, defaultSettings.sessionSort),
      reader: entry(settings, 'reader', readerSchema, defaultSettings.reader),
      overview: entry(settings, 'overview', overviewSchema, defaultSettings.overview),
      sessions: entry(settings, 'sessions', sessionsSchema, defaultSettings.sessions),
      currency: entry(settings, 'currency', currencySchema, defaultSettings.currency),
      retention: entry(settings, 'retention', retentionSchema, defaultSettings.retention),
      timeZone: entry(settings, 'timeZone', timeZoneSchema, defaultSettings.timeZone),
      notifications: entry(settings, 'notifications', v.boolean(), defaultSettings.notifications),
      keepRunning: entry(settings, 'keepRunning', v.boolean(), defaultSettings.keepRunning),
      updates: entry(settings, 'updates', updatesSchema, defaultSettings.updates),
    },
    dataFolder: entry(entries, 'dataFolder', v.nullable(pathSchema), null),
    toldTray: entry(entries, 'toldTray', v.boolean(), false),
    windows: entry(entries, 'windows', windowsSchema, formerWindow(entry(entries, 'window', oneWindowSchema, null))),
    budgets: entry(entries, 'budgets', budgetsSchema, []),
    toldBudgets: entry(entries, 'toldBudgets', toldSchema, []),
    updateChecked: entry(entries, 'updateChecked', v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
    toldUpdate: entry(entries, 'toldUpdate', v.nullable(v.pipe(v.string(), v.maxLength(256))), null),
  }
  // What the window was called when there was one.
  const ofFile = without(entries, { ...stored, version: 0, window: 0 })
  return { stored, later: { file: ofFile, settings: without(settings, stored.settings), within }, damaged }
}

/**
 * The value as the schema has it, without entries of objects in it that the schema does not know; null where it is no such
 * value.
 */
function withoutLater<T>(schema: v.GenericSchema<unknown, T>, value: unknown): { readonly value: T } | null {
  // The issues of a value name the objects in it.
  const left = structuredClone(value)
  let parsed = v.safeParse(schema, left)
  // Each object tells of one at a time.
  while (
    !parsed.success &&
    parsed.issues.every(({ type, expected }) => type === 'strict_object' && expected === 'never')
  ) {
    for (const { path } of parsed.issues) {
      const last = path?.at(-1)
      if (last === undefined) return null
      Reflect.deleteProperty(last.input as object, last.key as string)
    }
    parsed = v.safeParse(schema, left)
  }
  return parsed.success ? { value: parsed.output } : null
}

const isEntries = (value: unknown): value is Entries => v.is(objectSchema, value)

const without = (entries: Entries, known: object): Entries =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => !Object.hasOwn(known, name)))

function formerWindow(placed: WindowPlacement | null): readonly WindowState[] {
  return placed === null ? [] : [{ ...placed, route: '' }]
}

export function writeSettings(
  stored: StoredSettings,
  { file, settings, within }: LaterEntries = noLaterEntries,
): string {
  const known: Record<string, unknown> = { ...stored.settings }
  for (const [name, later] of Object.entries(within)) known[name] = { ...later, ...(known[name] as object) }
  const written = { ...file, version: 1, ...stored, settings: { ...settings, ...known } }
  return `${JSON.stringify(written, null, 2)}\n`
}

function usablePaths(values: readonly unknown[], damaged: string[]): readonly string[] {
  const paths = values.filter((value) => v.is(pathSchema, value)).slice(0, maxSources)
  if (paths.length < values.length) damaged.push('sources')
  return [...new Set(paths)]
}

/** Some editors put a mark before what they save, which is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}
