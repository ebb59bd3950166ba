import type { SessionRow } from '@contract'
import { oneLine } from '../../../lib/text'
import { atLeast } from '../../../lib/usage'
import type { Cell, Words } from './view'

/** Cells that several analyses show. */

export interface Sum {
  readonly costUsd: number | null
  readonly unpricedRounds: number
}

/** A sum of money, and what it leaves out. */
export function cost(sum: Sum, words: Words): Cell {
  const text = usd(sum.costUsd, words)
  const title = leftOut(sum, words)
  return title === undefined ? { text } : { text: atLeast(text), title }
}

export function leftOut({ costUsd, unpricedRounds }: Sum, { t, format }: Words): string | undefined {
  if (costUsd === null || unpricedRounds === 0) return undefined
  return t('insights.unpriced', { count: format.integer(unpricedRounds) }, unpricedRounds)
}

export function usd(value: number | null, { t, format }: Words): string {
  return value === null ? t('app.unknown') : format.usd(value)
}

export function estimate(value: number | null, words: Words): string {
  return value === null ? words.t('app.unknown') : `≈ ${usd(value, words)}`
}

export function named(name: string | null, none: string): Cell {
  return name === null ? { text: none } : { text: oneLine(name), title: name, untrusted: true }
}

export function session({ title, sessionId }: SessionRow): Cell {
  return { text: oneLine(title ?? sessionId), title: sessionId, untrusted: true }
}
