import * as v from 'valibot'
import {
  currencySchema,
  languageSchema,
  overviewSchema,
  pathSchema,
  readerSchema,
  retentionDaysSchema,
  retentionSchema,
  sessionKeySchema,
  sessionSortSchema,
  sessionsSchema,
  themeSchema,
  timeZoneSchema,
  updatesSchema,
} from './settings'
import { isRoute } from '../../shared/route'
import { budgetsSchema } from './budgets'
import type { EngineCall, EngineCalls, InsightSection, RequestStatus, SessionSortKey } from '../../contract/index'
import { userPriceSchema } from '../../engine/pricing/user-prices'

/** What a page may send, channel by channel: the whole argument tuple. */

const sortKeys = {
  session: true,
  title: true,
  model: true,
  rounds: true,
  tokens: true,
  inputTokens: true,
  outputTokens: true,
  cachedTokens: true,
  reasoningTokens: true,
  cost: true,
  failed: true,
  duration: true,
  firstTime: true,
  lastTime: true,
} satisfies Record<SessionSortKey, true>

const count = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))
const anyCount = count(0, Number.MAX_SAFE_INTEGER)

/** Text from a log, so anything; bounded, because it travels and is compared. */
const logText = v.pipe(v.string(), v.maxLength(1_000_000))
const sessionId = logText
const searchText = v.pipe(v.string(), v.maxLength(10_000))

const instant = v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15))
const names = <T extends v.GenericSchema>(name: T) => v.pipe(v.array(name), v.maxLength(10_000))
const statuses = { ok: true, error: true, 'cut-off': true } satisfies Record<RequestStatus, true>

/** contract UsageFilter. */
const usageFilter = v.strictObject({
  from: v.exactOptional(instant),
  to: v.exactOptional(instant),
  models: v.exactOptional(names(v.nullable(logText))),
  consumers: v.exactOptional(names(v.nullable(logText))),
  sources: v.exactOptional(names(pathSchema)),
  statuses: v.exactOptional(names(v.picklist(Object.keys(statuses) as RequestStatus[]))),
})

export const nothing = v.strictTuple([])
export const days = v.strictTuple([retentionDaysSchema])
const oneSessionId = v.strictTuple([sessionId])
export const oneSessionIdOrNull = v.strictTuple([v.nullable(sessionId)])
export const oneRouteOrNull = v.strictTuple([v.nullable(v.pipe(v.string(), v.check(isRoute, 'not a route')))])
export const yesOrNo = v.strictTuple([v.boolean()])
export const onePath = v.strictTuple([pathSchema])
export const pathAndPaused = v.strictTuple([pathSchema, v.boolean()])
export const pathAndSessionKey = v.strictTuple([pathSchema, sessionKeySchema])
export const droppedPaths = v.strictTuple([v.pipe(v.array(pathSchema), v.maxLength(1000))])
export const sourceKind = v.strictTuple([v.picklist(['folder', 'file'])])
const overviewQuery = v.strictTuple([
  v.strictObject({
    recentLimit: count(0, 100),
    topLimit: v.exactOptional(count(0, 100)),
    filter: v.exactOptional(usageFilter),
    previous: v.exactOptional(v.strictObject({ from: instant, to: instant })),
    bucket: v.exactOptional(v.picklist(['hour', 'day', 'week'])),
  }),
])
const latestLimit = v.strictTuple([count(1, 100)])
const sparkSessions = v.strictTuple([v.pipe(v.array(sessionId), v.maxLength(200))])
const sessions = { a: sessionId, b: sessionId }
const comparedSessions = v.strictTuple([v.strictObject(sessions)])
const comparedRowsQuery = v.strictTuple([
  v.strictObject({ ...sessions, from: count(1, Number.MAX_SAFE_INTEGER), limit: count(1, 200) }),
])
const comparedRoundQuery = v.strictTuple([
  v.strictObject({
    ...sessions,
    roundA: v.nullable(count(1, Number.MAX_SAFE_INTEGER)),
    roundB: v.nullable(count(1, Number.MAX_SAFE_INTEGER)),
  }),
])
const roundsQuery = v.strictTuple([
  v.strictObject({ sessionId, from: count(1, Number.MAX_SAFE_INTEGER), limit: count(1, 500) }),
])
const round = count(1, Number.MAX_SAFE_INTEGER)
const roundRef = v.strictTuple([v.strictObject({ sessionId, round })])
const requestContextQuery = v.strictTuple([v.strictObject({ sessionId, round, last: count(1, 2000) })])
const sessionFindQuery = v.strictTuple([
  v.strictObject({ sessionId, text: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)), from: round }),
])
const sessionOutlineQuery = v.strictTuple([v.strictObject({ sessionId, from: round })])
const sections = {
  cache: true,
  context: true,
  failures: true,
  latency: true,
  tools: true,
  consumers: true,
  anomalies: true,
} satisfies Record<InsightSection, true>
const insightQuery = v.strictTuple([
  v.strictObject({
    section: v.picklist(Object.keys(sections) as InsightSection[]),
    from: instant,
    to: instant,
    now: instant,
    models: usageFilter.entries.models,
    consumers: usageFilter.entries.consumers,
    sources: usageFilter.entries.sources,
    statuses: usageFilter.entries.statuses,
  }),
])
export const budgetList = v.strictTuple([budgetsSchema])
const searchQuery = v.strictTuple([
  v.strictObject({
    ...usageFilter.entries,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
    roles: v.exactOptional(names(v.pipe(v.string(), v.maxLength(1000)))),
    sessionId: v.exactOptional(sessionId),
    order: v.exactOptional(v.picklist(['newest', 'oldest'])),
    limit: count(1, 10_000),
  }),
])
const searchNumber = v.strictTuple([anyCount])
const sessionListQuery = v.strictTuple([
  v.strictObject({
    sortBy: v.picklist(Object.keys(sortKeys) as SessionSortKey[]),
    descending: v.boolean(),
    offset: anyCount,
    limit: anyCount,
    filter: v.exactOptional(usageFilter),
    text: v.exactOptional(searchText),
  }),
])
export const oneExport = v.strictTuple([
  v.variant('what', [
    v.strictObject({
      what: v.literal('report'),
      format: v.picklist(['json', 'csv', 'markdown']),
      filter: v.exactOptional(usageFilter),
    }),
    v.strictObject({
      what: v.literal('rounds'),
      format: v.literal('ndjson'),
      filter: v.exactOptional(usageFilter),
      text: v.exactOptional(searchText),
    }),
    v.strictObject({
      what: v.literal('session'),
      format: v.picklist(['json', 'markdown', 'csv', 'ndjson']),
      sessionId,
    }),
  ]),
])
export const exportNumber = v.strictTuple([anyCount])
const onePrice = v.strictTuple([userPriceSchema])
const oneModel = v.strictTuple([v.pipe(v.string(), v.maxLength(10_000))])
export const settingsChange = v.strictTuple([
  v.strictObject({
    theme: v.exactOptional(themeSchema),
    language: v.exactOptional(languageSchema),
    sessionSort: v.exactOptional(sessionSortSchema),
    reader: v.exactOptional(readerSchema),
    overview: v.exactOptional(overviewSchema),
    sessions: v.exactOptional(sessionsSchema),
    currency: v.exactOptional(currencySchema),
    retention: v.exactOptional(retentionSchema),
    timeZone: v.exactOptional(timeZoneSchema),
    notifications: v.exactOptional(v.boolean()),
    keepRunning: v.exactOptional(v.boolean()),
    updates: v.exactOptional(updatesSchema),
  }),
])

type ArgumentsOf<C extends EngineCall> = v.GenericSchema<unknown, Parameters<EngineCalls[C]>>

/** What a page may send with each call that the engine answers: the whole argument tuple. */
export const engineArguments: { readonly [C in EngineCall]: ArgumentsOf<C> } = {
  overview: overviewQuery,
  sessions: sessionListQuery,
  latestRequests: latestLimit,
  sparks: sparkSessions,
  compareSessions: comparedSessions,
  comparedRows: comparedRowsQuery,
  comparedRound: comparedRoundQuery,
  sessionHeader: oneSessionId,
  sessionRounds: roundsQuery,
  requestContext: requestContextQuery,
  rawLine: roundRef,
  requestDiff: roundRef,
  sessionSeries: oneSessionId,
  findInSession: sessionFindQuery,
  sessionOutline: sessionOutlineQuery,
  roundJson: roundRef,
  searchStart: searchQuery,
  searchNext: searchNumber,
  searchCancel: searchNumber,
  insight: insightQuery,
  sessionInsights: oneSessionId,
  sourcesStatus: nothing,
  progress: nothing,
  storeSize: nothing,
  cancelDeletion: nothing,
  deletion: nothing,
  prices: nothing,
  setPrice: onePrice,
  resetPrice: oneModel,
}
