export type Theme = 'system' | 'light' | 'dark'
export type Language = 'system' | 'en' | 'zh'

/** What the renderer may read and change. The chosen sources are kept beside them and change by dialog or drop only. */
export interface Settings {
  readonly theme: Theme
  readonly language: Language
  readonly sessionSort: { readonly sortBy: string; readonly descending: boolean }
  readonly reader: ReaderSettings
}

/** How conversations are shown. */
export interface ReaderSettings {
  /** Prose as Markdown rather than as the characters it is. */
  readonly markdown: boolean
  /** The chart of context and cost by round. */
  readonly chart: boolean
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
}
