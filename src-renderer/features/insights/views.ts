import type { RouteLocationRaw } from 'vue-router'
import type { Insight, LatencyRow, Quantiles, SessionRow } from '@contract'
import type { Format } from '../../lib/format'
import { oneLine } from '../../lib/text'
import { atLeast } from '../../lib/usage'
import { sessionRoute } from '../../lib/routes'

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

/** Describes an analysis in the reader's language. Pure. */
export function viewOf(insight: Insight, words: Words): InsightView {
  switch (insight.section) {
    case 'cache':
      return cacheView(insight, words)
    case 'context':
      return contextView(insight, words)
    case 'failures':
      return failuresView(insight, words)
    case 'latency':
      return latencyView(insight, words)
    case 'tools':
      return toolsView(insight, words)
    case 'consumers':
      return consumersView(insight, words)
    case 'anomalies':
      return anomaliesView(insight, words)
  }
}

type Of<S extends Insight['section']> = Extract<Insight, { readonly section: S }>

function cacheView(data: Of<'cache'>, words: Words): InsightView {
  const { t, format } = words
  const tokens = (count: number, estimated: boolean) =>
    estimated ? `≈ ${format.compact(count)}` : format.compact(count)
  const unpriced = data.byModel.reduce((sum, row) => sum + (row.costUsd === null ? row.breaks : 0), 0)
  return {
    figures: [
      { label: t('insights.breaks'), value: format.integer(data.breaks) },
      { label: t('insights.rebilled'), value: tokens(data.tokens, data.estimatedTokens > 0) },
      {
        label: t('insights.rebilledCost'),
        value: data.breaks === 0 ? format.usd(0) : estimate(data.costUsd, words),
        hint: leftOut({ costUsd: data.costUsd, unpricedRounds: unpriced }, words),
      },
    ],
    note: t('insights.cacheNote'),
    tables: [
      {
        id: 'models',
        title: t('insights.byModel'),
        columns: [
          { label: t('overview.model') },
          { label: t('insights.breaks'), num: true },
          { label: t('insights.rebilled'), num: true },
          { label: t('overview.cost'), num: true },
        ],
        rows: data.byModel.map((row) => ({
          key: row.model ?? '',
          cells: [
            named(row.model, t('app.noModel')),
            { text: format.integer(row.breaks) },
            { text: tokens(row.tokens, row.estimatedTokens > 0), title: format.integer(row.tokens) },
            { text: estimate(row.costUsd, words) },
          ],
        })),
      },
      {
        id: 'worst',
        title: t('insights.worstBreaks'),
        columns: [
          { label: t('insights.session') },
          { label: t('insights.round'), num: true },
          { label: t('insights.when') },
          { label: t('insights.brokenBy') },
          { label: t('insights.rebilled'), num: true },
          { label: t('overview.cost'), num: true },
        ],
        rows: data.worst.map((row) => ({
          key: `${row.session.sessionId} ${String(row.round)}`,
          to: sessionRoute(row.session.sessionId),
          cells: [
            session(row.session),
            { text: format.integer(row.round) },
            { text: format.dateTime(row.time), title: format.dateTimeExact(row.time) },
            {
              text:
                row.message === null
                  ? t('insights.cacheLost')
                  : t('insights.messageChanged', { number: format.integer(row.message) }),
            },
            { text: tokens(row.tokens, row.estimated), title: format.integer(row.tokens) },
            { text: estimate(row.costUsd, words) },
          ],
        })),
      },
    ],
  }
}

/** Where it is known of no round, nothing re-sent is not zero but unknown. */
const resentText = (share: Of<'context'>['totals'], { t, format }: Words): string =>
  share.knownRounds === 0 ? t('app.unknown') : `≈ ${format.compact(share.resentTokens)}`

function contextView({ totals, byDay, byModel }: Of<'context'>, words: Words): InsightView {
  const { t, format } = words
  const columns = [
    { label: t('insights.rounds'), num: true },
    { label: t('insights.inputTokens'), num: true },
    { label: t('insights.resent'), num: true },
    { label: t('insights.resentShare'), num: true },
    { label: t('insights.compactions'), num: true },
  ]
  const cells = (share: typeof totals): Cell[] => [
    { text: format.integer(share.rounds) },
    share.knownRounds === 0
      ? { text: t('app.unknown') }
      : { text: format.compact(share.promptTokens), title: format.integer(share.promptTokens) },
    { text: resentText(share, words), title: format.integer(share.resentTokens) },
    { text: shareText(share, words) },
    { text: format.integer(share.compactions) },
  ]
  return {
    figures: [
      { label: t('insights.resentShare'), value: shareText(totals, words) },
      { label: t('insights.resent'), value: resentText(totals, words) },
      { label: t('insights.compactions'), value: format.integer(totals.compactions) },
      {
        label: t('insights.knownRounds'),
        value: t('insights.countOf', { count: format.integer(totals.knownRounds), of: format.integer(totals.rounds) }),
      },
    ],
    note: t('insights.contextNote'),
    tables: [
      {
        id: 'models',
        title: t('insights.byModel'),
        columns: [{ label: t('overview.model') }, ...columns],
        rows: byModel.map((row) => ({
          key: row.model ?? '',
          cells: [named(row.model, t('app.noModel')), ...cells(row)],
        })),
      },
      {
        id: 'days',
        title: t('insights.byDay'),
        columns: [{ label: t('insights.day') }, ...columns],
        rows: [...byDay].reverse().map((row) => ({
          key: row.date,
          cells: [{ text: format.dayOf(row.date) }, ...cells(row)],
        })),
      },
    ],
  }
}

function shareText(
  share: { readonly resentTokens: number; readonly promptTokens: number },
  { t, format }: Words,
): string {
  return share.promptTokens === 0 ? t('app.unknown') : `≈ ${format.percent(share.resentTokens / share.promptTokens)}`
}

function failuresView(data: Of<'failures'>, words: Words): InsightView {
  const { t, format } = words
  const table = (id: string, title: string, label: string, none: string, rows: typeof data.byModel): TableView => ({
    id,
    title,
    columns: [
      { label },
      { label: t('insights.failedRounds'), num: true },
      { label: t('insights.failedShare'), num: true },
      { label: t('overview.cost'), num: true },
    ],
    rows: rows.map((row) => ({
      key: row.name ?? '',
      cells: [
        named(row.name, none),
        { text: format.integer(row.rounds) },
        { text: format.percent(row.of === 0 ? 0 : row.rounds / row.of) },
        cost(row, words),
      ],
    })),
  })
  const figure = (label: string, rounds: number, costUsd: number | null, unpriced: number) => ({
    label,
    value: t(
      'insights.roundsAndCost',
      { rounds: format.integer(rounds), cost: costUsd === null ? t('insights.costUnknown') : usd(costUsd, words) },
      rounds,
    ),
    hint: leftOut({ costUsd, unpricedRounds: unpriced }, words),
  })
  return {
    figures: [
      ...data.byStatus.map((row) =>
        figure(
          row.status === 'error' ? t('insights.errors') : t('insights.cutOff'),
          row.rounds,
          row.costUsd,
          row.unpricedRounds,
        ),
      ),
      figure(t('insights.retries'), data.retries.rounds, data.retries.costUsd, data.retries.unpricedRounds),
      {
        label: t('insights.failedShare'),
        value: data.all.rounds === 0 ? t('app.unknown') : format.percent(data.all.failedRounds / data.all.rounds),
      },
    ],
    note: t('insights.failuresNote'),
    tables: [
      table('models', t('insights.byModel'), t('overview.model'), t('app.noModel'), data.byModel),
      table('consumers', t('insights.byConsumer'), t('insights.consumer'), t('insights.noConsumer'), data.byConsumer),
    ],
  }
}

function latencyView(data: Of<'latency'>, words: Words): InsightView {
  const { t, format } = words
  const groups = ['firstToken', 'duration', 'rate'] as const
  const table = (id: string, title: string, label: string, none: string, rows: readonly LatencyRow[]): TableView => ({
    id,
    title,
    columns: [
      { label },
      ...groups.flatMap((group) =>
        ['p50', 'p95', 'p99'].map((rank) => ({ label: rank, num: true, group: t(`insights.${group}`) })),
      ),
    ],
    rows: rows.map((row) => ({
      key: row.name ?? '',
      cells: [
        named(row.name, none),
        ...quantiles(row.firstTokenMs, (ms) => format.duration(ms), words),
        ...quantiles(row.durationMs, (ms) => format.duration(ms), words),
        ...quantiles(row.tokensPerSecond, (rate) => format.integer(rate), words),
      ],
    })),
  })
  return {
    figures: [],
    note: t('insights.latencyNote', { error: format.percent(data.relativeError) }),
    tables: [
      table('models', t('insights.byModel'), t('overview.model'), t('app.noModel'), data.byModel),
      table('consumers', t('insights.byConsumer'), t('insights.consumer'), t('insights.noConsumer'), data.byConsumer),
    ],
  }
}

function quantiles(values: Quantiles | null, show: (value: number) => string, { t, format }: Words): Cell[] {
  if (values === null) return ['–', '–', '–'].map((text) => ({ text, title: t('app.unknown') }))
  const title = t('insights.ofRounds', { count: format.integer(values.count) }, values.count)
  return [values.p50, values.p95, values.p99].map((value) => ({ text: `≈ ${show(value)}`, title }))
}

function toolsView({ tools }: Of<'tools'>, words: Words): InsightView {
  const { t, format } = words
  const sum = (of: (tool: (typeof tools)[number]) => number) => tools.reduce((total, tool) => total + of(tool), 0)
  return {
    figures: [
      { label: t('insights.calls'), value: format.integer(sum(({ calls }) => calls)) },
      { label: t('insights.tools'), value: format.integer(tools.length) },
      { label: t('insights.resultBytes'), value: format.bytes(sum(({ resultBytes }) => resultBytes)) },
    ],
    note: t('insights.toolsNote'),
    tables: [
      {
        id: 'tools',
        title: t('insights.tools'),
        columns: [
          { label: t('insights.tool') },
          { label: t('insights.calls'), num: true },
          { label: t('insights.rounds'), num: true },
          { label: t('insights.costOfRounds'), num: true },
          { label: t('insights.argumentBytes'), num: true },
          { label: t('insights.results'), num: true },
          { label: t('insights.resultBytes'), num: true },
        ],
        rows: tools.map((tool) => ({
          key: tool.name,
          cells: [
            named(tool.name, ''),
            { text: format.integer(tool.calls) },
            { text: format.integer(tool.rounds) },
            cost(tool, words),
            { text: format.bytes(tool.argumentBytes) },
            { text: format.integer(tool.results) },
            { text: format.bytes(tool.resultBytes) },
          ],
        })),
      },
    ],
  }
}

function consumersView({ byConsumer, byRoute }: Of<'consumers'>, words: Words): InsightView {
  const { t, format } = words
  const columns = [
    { label: t('overview.sessions'), num: true },
    { label: t('insights.rounds'), num: true },
    { label: t('insights.tokens'), num: true },
    { label: t('overview.cost'), num: true },
  ]
  const cells = (sessions: number, rounds: number, tokens: number, sum: Sum): Cell[] => [
    { text: format.integer(sessions) },
    { text: format.integer(rounds) },
    { text: format.compact(tokens), title: format.integer(tokens) },
    cost(sum, words),
  ]
  return {
    figures: [],
    note: '',
    tables: [
      {
        id: 'consumers',
        title: t('insights.byConsumer'),
        columns: [{ label: t('insights.consumer') }, ...columns],
        rows: byConsumer.map((row) => ({
          key: row.consumer ?? '',
          cells: [
            named(row.consumer, t('insights.noConsumer')),
            ...cells(row.sessions, row.rounds, row.inputTokens + row.outputTokens, row),
          ],
        })),
      },
      {
        id: 'routes',
        title: t('insights.byRoute'),
        columns: [{ label: t('insights.route') }, { label: t('insights.authority') }, ...columns],
        rows: byRoute.map((row) => ({
          key: `${row.route ?? ''} ${row.authority ?? ''}`,
          cells: [
            named(row.route, '–'),
            named(row.authority, '–'),
            ...cells(row.sessions, row.rounds, row.tokens, row),
          ],
        })),
      },
    ],
  }
}

function anomaliesView(data: Of<'anomalies'>, words: Words): InsightView {
  const { t, format } = words
  const { forecast } = data
  const columns = [
    { label: t('overview.cost'), num: true },
    { label: t('insights.usually'), num: true },
    { label: t('insights.timesUsual'), num: true },
  ]
  const cells = ({ costUsd, usualUsd }: { readonly costUsd: number; readonly usualUsd: number }): Cell[] => [
    { text: usd(costUsd, words) },
    { text: usd(usualUsd, words) },
    { text: `${format.compact(Math.round(costUsd / usualUsd))} ×` },
  ]
  return {
    figures:
      forecast === null
        ? [{ label: t('insights.forecast'), value: t('app.unknown'), hint: t('insights.forecastUnknown') }]
        : [
            { label: t('insights.spentThisMonth'), value: usd(forecast.spentUsd, words) },
            {
              label: t('insights.forecast'),
              value: `≈ ${usd(forecast.expectedUsd, words)}`,
              hint: t('insights.forecastHint', { days: format.integer(forecast.days) }),
            },
            {
              label: t('insights.forecastRange'),
              value: t('insights.fromTo', { from: usd(forecast.lowUsd, words), to: usd(forecast.highUsd, words) }),
            },
          ],
    note: t('insights.anomaliesNote', { k: String(data.k) }),
    tables: [
      {
        id: 'sessions',
        title: t('insights.dearSessions'),
        columns: [{ label: t('insights.session') }, ...columns],
        rows: data.sessions.map((row) => ({
          key: row.session.sessionId,
          to: sessionRoute(row.session.sessionId),
          cells: [session(row.session), ...cells(row)],
        })),
      },
      {
        id: 'hours',
        title: t('insights.dearHours'),
        columns: [{ label: t('insights.hour') }, ...columns],
        rows: data.hours.map((row) => ({
          key: row.hour,
          cells: [{ text: `${format.dayOf(row.hour.slice(0, 10))}, ${row.hour.slice(11)}:00` }, ...cells(row)],
        })),
      },
      {
        id: 'models',
        title: t('insights.dearModels'),
        columns: [{ label: t('overview.model') }, { label: t('insights.day') }, ...columns],
        rows: data.models.map((row) => ({
          key: `${row.date} ${row.model ?? ''}`,
          cells: [named(row.model, t('app.noModel')), { text: format.dayOf(row.date) }, ...cells(row)],
        })),
      },
    ],
  }
}

interface Sum {
  readonly costUsd: number | null
  readonly unpricedRounds: number
}

/** A sum of money, and what it leaves out. */
function cost(sum: Sum, words: Words): Cell {
  const text = usd(sum.costUsd, words)
  const title = leftOut(sum, words)
  return title === undefined ? { text } : { text: atLeast(text), title }
}

function leftOut({ costUsd, unpricedRounds }: Sum, { t, format }: Words): string | undefined {
  if (costUsd === null || unpricedRounds === 0) return undefined
  return t('insights.unpriced', { count: format.integer(unpricedRounds) }, unpricedRounds)
}

function usd(value: number | null, { t, format }: Words): string {
  return value === null ? t('app.unknown') : format.usd(value)
}

function estimate(value: number | null, words: Words): string {
  return value === null ? words.t('app.unknown') : `≈ ${usd(value, words)}`
}

function named(name: string | null, none: string): Cell {
  return name === null ? { text: none } : { text: oneLine(name), title: name, untrusted: true }
}

function session({ title, sessionId }: SessionRow): Cell {
  return { text: oneLine(title ?? sessionId), title: sessionId, untrusted: true }
}
