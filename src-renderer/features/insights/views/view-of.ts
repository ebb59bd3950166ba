import type { Insight } from '@contract'
import { anomaliesView } from './anomalies'
import { cacheView } from './cache'
import { consumersView } from './consumers'
import { contextView } from './context'
import { failuresView } from './failures'
import { latencyView } from './latency'
import { toolsView } from './tools'
import type { InsightView, Words } from './view'

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
