import type { Insight, InsightQuery } from '../../../../contract/index'
import type { PriceCatalog } from '../../../pricing/catalog'
import type { SessionIndex } from '../../tables/session-index'
import { anomaliesInsight } from './anomalies'
import { cacheInsight } from './cache'
import { consumersInsight } from './consumers'
import { contextInsight } from './context'
import { failuresInsight } from './failures'
import { latencyInsight } from './latency'
import { toolsInsight } from './tools'

/** Runs one analysis over the requested range. */
export function insight(index: SessionIndex, prices: PriceCatalog, query: InsightQuery): Insight {
  switch (query.section) {
    case 'cache':
      return cacheInsight(index, prices, query)
    case 'context':
      return contextInsight(index, query)
    case 'failures':
      return failuresInsight(index, query)
    case 'latency':
      return latencyInsight(index, query)
    case 'tools':
      return toolsInsight(index, query)
    case 'consumers':
      return consumersInsight(index, query)
    case 'anomalies':
      return anomaliesInsight(index, query)
  }
}
