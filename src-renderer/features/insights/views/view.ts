import type { RouteLocationRaw } from 'vue-router'
import type { Insight } from '@contract'
import type { Format } from '../../../lib/format'

/** An analysis as it is shown: a few figures, what they mean, and tables. */
export interface InsightView {
  readonly figures: readonly { readonly label: string; readonly value: string; readonly hint?: string | undefined }[]
  readonly note: string
  readonly tables: readonly TableView[]
}

export interface TableView {
  readonly id: string
  readonly title: string
  /** `group`: what it and its neighbours of the same group are of, said once above them. */
  readonly columns: readonly { readonly label: string; readonly num?: boolean; readonly group?: string }[]
  readonly rows: readonly { readonly key: string; readonly to?: RouteLocationRaw; readonly cells: readonly Cell[] }[]
}

/** `untrusted`: out of a log. */
export interface Cell {
  readonly text: string
  readonly title?: string | undefined
  readonly untrusted?: boolean
}

export interface Words {
  readonly t: (key: string, named?: Record<string, unknown>, plural?: number) => string
  readonly format: Format
}

export type Of<S extends Insight['section']> = Extract<Insight, { readonly section: S }>
