import type { UpdateSettings } from './updates'
import type { Bucket, UsageFilter } from './usage'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'system' | 'en' | 'zh'

/** What the renderer may read and change. The chosen sources are kept beside them and change by dialog or drop only. */
export interface Settings {
  readonly theme: Theme
  readonly language: Language
  readonly sessionSort: { readonly sortBy: string; readonly descending: boolean }
  readonly reader: ReaderSettings
  readonly overview: OverviewSettings
  readonly sessions: SessionsSettings
  readonly currency: CurrencySettings
  readonly retention: RetentionSettings
  /** Whose days and hours are meant: an IANA name, or `system`. */
  readonly timeZone: string
  /** Desktop notifications. */
  readonly notifications: boolean
  /** Goes on reading in the system's tray when the last window is closed. */
  readonly keepRunning: boolean
  readonly updates: UpdateSettings
}

/** How long history is kept. */
interface RetentionSettings {
  /** Sessions whose last request is older are deleted by themselves; null: never. 1 to 36,500. */
  readonly days: number | null
}

/** In what money is shown. Reports and exports are in USD. */
export interface CurrencySettings {
  /** ISO 4217; `USD` shows money as it is kept. */
  readonly code: string
  /** What one USD is in it, as the user set it; 1 for `USD`. */
  readonly usdRate: number
}

/** The rounds a page counts, as the user chose them. An absent field leaves all in. */
export type ChosenFilter = Pick<UsageFilter, 'models' | 'consumers' | 'sources' | 'statuses'>

export type RangeKind = 'today' | 'week' | 'month' | 'all' | 'custom'

export interface OverviewSettings {
  /** `week` and `month` are the last 7 and 30 days, today included. */
  readonly range: RangeKind
  /** First and last day of a custom range, YYYY-MM-DD. */
  readonly from: string | null
  readonly to: string | null
  readonly filter: ChosenFilter
  /** Null: by the length of the range. */
  readonly bucket: Bucket | null
  /** What the charts show; null: money, unless none is known. */
  readonly measure: 'cost' | 'tokens' | null
  /** What the parts of a bar are. */
  readonly stack: 'model' | 'kind'
}

export interface SessionsSettings {
  /** Columns in the user's order; none: as they are at first. Width in pixels, null: what is left. */
  readonly columns: readonly { readonly key: string; readonly width: number | null; readonly shown: boolean }[]
  readonly saved: readonly SavedFilter[]
}

export interface SavedFilter {
  readonly name: string
  readonly text: string
  readonly filter: ChosenFilter
}

/** How conversations are shown. */
interface ReaderSettings {
  /** Prose as Markdown rather than as the characters it is. */
  readonly markdown: boolean
  /** The chart of context and cost by round. */
  readonly chart: boolean
}

/** How the program sits in the desktop. */
export interface DesktopState {
  /** Null where it can't be: the program is not installed. */
  readonly startsAtLogin: boolean | null
  /** Where the history is kept. */
  readonly dataFolder: string
  /** IANA name of this computer's own zone. */
  readonly systemTimeZone: string
}

export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly dataFolder: string
  readonly platform: string
  /** The system's preferred language, BCP 47. */
  readonly systemLocale: string
  /** In a browser: the history can be read, and nothing chosen, changed or saved by dialog. */
  readonly readOnly: boolean
  /** IANA name of the zone whose days the server counts; null in the application, whose settings say. */
  readonly timeZone: string | null
}
