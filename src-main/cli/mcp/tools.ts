import { z } from 'zod'
import type { RequestStatus } from '../../contract/index'
import type { Engine } from '../../engine/engine'
import { reportByConsumer, reportByDate, reportByModel } from '../../engine/export/finops'
import { sessionRounds } from '../../engine/export/session-json'
import { type SessionFileRound } from '../../contract/index'
import { listSessions } from '../../engine/index/queries/sessions'
import { sessionConsumers } from '../../engine/index/queries/rounds'
import { Search } from '../../engine/search/search'
import { listEntry } from '../terminal/json-entries'
import { hitEntry } from '../terminal/json-entries'
import { usageFilter, type FilterOptions } from '../context/filters'
import { requireSession } from '../context/find-session'
import { sessionLinks } from '../context/links'
import { moment, momentUntil } from '../context/options'

/** A question an agent may ask. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodRawShape
  /** `args` fit `input`. Throws what is fit to be told, or rejects with it. */
  readonly run: (engine: Engine, args: unknown) => unknown
}

/** Longer texts of a round are cut, unless they are asked for whole. */
const SHOWN_CHARS = 2000
const SEARCH_MS = 20_000

const time = z
  .string()
  .describe('A day (2026-02-01), an ISO 8601 time, or how long ago: 30m, 24h, 7d. Sums count by whole hours')
const filters = {
  model: z.array(z.string()).optional().describe('Only these models; "unknown" where none was named'),
  consumer: z.array(z.string()).optional().describe('Only these consumers'),
  source: z.array(z.string()).optional().describe('Only logs of these paths, or whose path holds the text'),
  status: z.array(z.enum(['ok', 'error', 'cut-off'])).optional(),
  since: time.optional(),
  until: time.optional(),
}
const sessionId = z.string().min(1).describe('The session id, as the gateway logged it')

const DEFAULT_BASE_URL = 'http://localhost:8888'

export const tools: readonly Tool[] = [
  tool({
    name: 'list_sessions',
    title: 'List sessions',
    description: 'Sessions with their rounds, tokens and cost, the highest of what they are sorted by first.',
    input: {
      ...filters,
      sort_by: z.enum(['updated', 'cost', 'tokens']).default('updated'),
      limit: z.number().int().min(1).max(200).default(20),
      text: z.string().optional().describe('Only sessions whose id, title or model holds this text'),
    },
    run: ({ store }, args) =>
      listSessions(store.index, {
        sortBy: ({ updated: 'lastTime', cost: 'cost', tokens: 'tokens' } as const)[args.sort_by],
        descending: true,
        offset: 0,
        limit: args.limit,
        filter: usageFilter(store.index, filterOptions(args)),
        ...(args.text === undefined ? {} : { text: args.text }),
      }).rows.map((row) => ({ ...listEntry(row), title: row.title })),
  }),
  tool({
    name: 'session_summary',
    title: 'Summary of a session',
    description:
      'What a session was about, what it used and cost, and the links that open it. Ask with your own session id for what you cost.',
    input: { session_id: sessionId },
    run: ({ store }, args) => {
      const { id, row } = requireSession(store.index, args.session_id)
      return {
        ...listEntry(row),
        title: row.title,
        failed_rounds: row.failedRounds,
        rounds_without_usage: row.roundsWithoutUsage,
        consumers: sessionConsumers(store.index, id),
        links: sessionLinks(row.sessionId, DEFAULT_BASE_URL),
      }
    },
  }),
  tool({
    name: 'session_cost',
    title: 'Cost of a session',
    description: 'What a session cost in USD, by model. Rounds whose price is not known are left out and counted.',
    input: { session_id: sessionId },
    run: (engine, args) => {
      const { index, prices } = engine.store
      const { id, row } = requireSession(index, args.session_id)
      const sources = { index, prices, conversations: engine.conversations }
      const byModel = new Map<string, { rounds: number; cost_usd: number; unpriced_rounds: number }>()
      for (let from = 1; from <= row.rounds; from += 50) {
        for (const { model, cost_usd } of sessionRounds(sources, id, from, 50, { withMessages: false })) {
          const sum = byModel.get(model ?? 'unknown') ?? { rounds: 0, cost_usd: 0, unpriced_rounds: 0 }
          sum.rounds += 1
          sum.cost_usd += cost_usd ?? 0
          if (cost_usd === null) sum.unpriced_rounds += 1
          byModel.set(model ?? 'unknown', sum)
        }
      }
      return {
        session_id: row.sessionId,
        cost_usd: row.costUsd,
        unpriced_rounds: row.unpricedRounds,
        by_model: [...byModel].map(([model, { cost_usd, ...sum }]) => ({
          model,
          ...sum,
          cost_usd: sum.unpriced_rounds === sum.rounds ? null : cost_usd,
        })),
      }
    },
  }),
  tool({
    name: 'session_rounds',
    title: 'Rounds of a session',
    description:
      'Rounds with question, answer, tool calls, tokens and cost; the messages sent are left out. Long texts are cut unless full_text is set.',
    input: {
      session_id: sessionId,
      from: z.number().int().min(1).default(1).describe('First round, 1-based'),
      limit: z.number().int().min(1).max(50).default(10),
      full_text: z.boolean().default(false),
    },
    run: (engine, args) => {
      const { index, prices } = engine.store
      const { id, row } = requireSession(index, args.session_id)
      const sources = { index, prices, conversations: engine.conversations }
      const rounds = sessionRounds(sources, id, args.from, args.limit, { withMessages: false })
      return {
        session_id: row.sessionId,
        total_rounds: row.rounds,
        rounds: args.full_text ? rounds : rounds.map(shortened),
      }
    },
  }),
  tool({
    name: 'stats_by_model',
    title: 'Statistics by model',
    description: 'Sessions, rounds, tokens and cost by model.',
    input: filters,
    run: ({ store }, args) => reportByModel(store.index, usageFilter(store.index, filterOptions(args))),
  }),
  tool({
    name: 'stats_by_date',
    title: 'Statistics by date',
    description: 'Sessions, rounds, tokens and cost by day.',
    input: { ...filters, days: z.number().int().min(1).optional().describe('The latest days with requests') },
    run: ({ store }, args) =>
      reportByDate(store.index, args.days ?? null, usageFilter(store.index, filterOptions(args))),
  }),
  tool({
    name: 'stats_by_consumer',
    title: 'Statistics by consumer',
    description: 'Sessions, rounds, tokens and cost by consumer of the gateway.',
    input: filters,
    run: ({ store }, args) => reportByConsumer(store.index, usageFilter(store.index, filterOptions(args))),
  }),
  tool({
    name: 'search',
    title: 'Search conversations',
    description:
      'Finds text in conversations, tool calls and ids; each text once, with the session and round it first appeared in.',
    input: {
      ...filters,
      text: z.string().min(1),
      role: z.array(z.string()).optional().describe('Only what these said: system, user, assistant, tool'),
      session_id: sessionId.optional(),
      limit: z.number().int().min(1).max(200).default(20),
    },
    run: async ({ store }, args) => {
      const page = await new Search(store, {
        text: args.text,
        limit: args.limit,
        ...usageFilter(store.index, filterOptions(args)),
        ...(args.role === undefined ? {} : { roles: args.role }),
        ...(args.session_id === undefined ? {} : { sessionId: args.session_id }),
      }).next(SEARCH_MS)
      return { hits: page.hits.map(hitEntry), complete: page.done && !page.limited }
    },
  }),
]

/** Types a tool's arguments by its own schema: the SDK has checked them by it. */
function tool<Shape extends z.ZodRawShape>(definition: {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Shape
  readonly run: (engine: Engine, args: z.output<z.ZodObject<Shape>>) => unknown
}): Tool {
  return definition as unknown as Tool
}

function filterOptions(args: {
  readonly model?: string[] | undefined
  readonly consumer?: string[] | undefined
  readonly source?: string[] | undefined
  readonly status?: RequestStatus[] | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}): FilterOptions {
  return {
    ...(args.model === undefined ? {} : { model: args.model }),
    ...(args.consumer === undefined ? {} : { consumer: args.consumer }),
    ...(args.source === undefined ? {} : { source: args.source }),
    ...(args.status === undefined ? {} : { status: args.status }),
    ...(args.since === undefined ? {} : { since: moment(args.since) }),
    ...(args.until === undefined ? {} : { until: momentUntil(args.until) }),
  }
}

function shortened(round: SessionFileRound): object {
  const cut = (text: string): string => (text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}… (cut)` : text)
  const calls = typeof round.tool_calls === 'string' ? cut(round.tool_calls) : JSON.stringify(round.tool_calls)
  return {
    ...round,
    question: cut(round.question),
    answer: cut(round.answer),
    reasoning: cut(round.reasoning),
    tool_calls: calls.length > SHOWN_CHARS ? cut(calls) : round.tool_calls,
  }
}
