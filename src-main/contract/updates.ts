import type { AppError } from './result'

/** Where a newer version of the program is looked for, and whether by itself. */
export interface UpdateSettings {
  /** The folder that releases are published in (https, or http on this computer); empty: the one the package names. */
  readonly address: string
  /** Asks it once a day. Otherwise nothing is asked unless the user says so. */
  readonly daily: boolean
}

export interface UpdateState {
  /** The folder this package was built to be published in; null: none. */
  readonly packageAddress: string | null
  /** The file asked for in the folder: `latest-linux.yml`, … */
  readonly file: string
  readonly checking: boolean
  /** What was found last, of the address as it is set now; null: nothing was asked since the program was started. */
  readonly last: UpdateCheck | null
}

interface UpdateCheck {
  /** ms since the epoch. */
  readonly time: number
  readonly found: UpdateFinding
}

/** `version`: what is published. `released`: when, ms since the epoch; null where the file does not say. */
export type UpdateFinding =
  | { readonly kind: 'newer' | 'same' | 'older'; readonly version: string; readonly released: number | null }
  | { readonly kind: 'failed'; readonly error: AppError }
