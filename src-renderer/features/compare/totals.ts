import type { ComparedSession } from '@contract'
import type { Format } from '../../lib/format'
import { oneLine } from '../../lib/text'
import { atLeast } from '../../lib/usage'

export interface TotalRow {
  readonly key: string
  readonly label: string
  readonly a: string
  readonly b: string
  /** B less A. */
  readonly difference: string
  /** How that compares: more, less, or nothing to tell. */
  readonly tone: 'more' | 'less' | 'none'
  readonly hint?: string
}

type Translate = (key: string, named?: Record<string, unknown>, plural?: number) => string

/** A figure, or null when it is not known; `partly`: what it leaves out is not known. */
interface Figure {
  readonly value: number | null
  readonly partly?: boolean
}

/** The sums of two sessions and how far apart they are. What is not known is a word on every side, never a zero. */
export function totalRows(a: ComparedSession, b: ComparedSession, format: Format, t: Translate): readonly TotalRow[] {
  const unknown = t('app.unknown')
  const integer = (value: number): string => format.integer(value)
  const figure = (
    key: string,
    label: string,
    of: (session: ComparedSession) => Figure,
    show: (value: number) => string,
  ): TotalRow => {
    const [left, right] = [of(a), of(b)]
    const text = ({ value, partly }: Figure): string =>
      value === null ? unknown : partly ? atLeast(show(value)) : show(value)
    const partly = left.partly === true || right.partly === true
    const gap = left.value === null || right.value === null ? null : right.value - left.value
    return {
      key,
      label,
      a: text(left),
      b: text(right),
      difference:
        gap === null ? unknown : gapText(gap, left.value ?? 0, show, format) + (partly ? '\u00a0±\u00a0?' : ''),
      tone: gap === null || gap === 0 ? 'none' : gap > 0 ? 'more' : 'less',
      ...(partly ? { hint: t('compare.partly') } : {}),
    }
  }
  const tokens = (
    key: 'input' | 'output' | 'cached' | 'reasoning',
    of: (session: ComparedSession) => number,
  ): TotalRow =>
    figure(
      key,
      t(`overview.${key}`),
      (session) => ({
        value: session.logged[key] === 0 ? null : of(session),
        // Of input and output every round should say something; of the others few do.
        partly: (key === 'input' || key === 'output') && session.logged[key] < session.rounds,
      }),
      integer,
    )
  const time = (key: string, label: string, of: (session: ComparedSession) => number | null): TotalRow =>
    figure(
      key,
      label,
      (session) => ({ value: of(session) }),
      (ms) => format.duration(ms),
    )
  const [modelsA, modelsB] = [modelNames(a, t), modelNames(b, t)]

  return [
    figure('rounds', t('overview.rounds'), ({ rounds }) => ({ value: rounds }), integer),
    figure(
      'cost',
      t('overview.cost'),
      ({ costUsd, unpricedRounds }) => ({ value: costUsd, partly: unpricedRounds > 0 }),
      (usd) => format.usd(usd),
    ),
    tokens('input', ({ inputTokens }) => inputTokens),
    tokens('cached', ({ cachedTokens }) => cachedTokens),
    tokens('output', ({ outputTokens }) => outputTokens),
    tokens('reasoning', ({ reasoningTokens }) => reasoningTokens),
    figure('failed', t('sessions.failed'), ({ failedRounds }) => ({ value: failedRounds }), integer),
    time('span', t('compare.span'), ({ firstTime, lastTime }) => lastTime - firstTime),
    time('median', t('compare.median'), ({ duration }) => duration?.median ?? null),
    time('p95', t('compare.p95'), ({ duration }) => duration?.p95 ?? null),
    time('firstToken', t('compare.firstToken'), ({ firstToken }) => firstToken?.median ?? null),
    {
      key: 'models',
      label: t('compare.models'),
      a: modelsA,
      b: modelsB,
      difference: modelsA === modelsB ? '–' : t('compare.differ'),
      tone: 'none',
    },
  ]
}

/** A line each. */
function modelNames({ models }: ComparedSession, t: Translate): string {
  return models.map(({ model }) => (model === null ? t('app.noModel') : oneLine(model))).join(',\n')
}

/** +1,234 (+12%); the share only where there is something to be a share of. */
function gapText(gap: number, from: number, show: (value: number) => string, format: Format): string {
  if (gap === 0) return '–'
  const sign = gap > 0 ? '+' : '−'
  const share = from > 0 ? ` (${sign}${format.percent(Math.abs(gap) / from)})` : ''
  return `${sign}${show(Math.abs(gap))}${share}`
}
