import type { InsightQuery, InsightRange, LatencyInsight, LatencyRow, Quantiles } from '../../../../contract/index'
import { compareNames, type Names } from '../../database/names'
import type { SessionIndex } from '../../tables/session-index'
import { Sketch, SKETCH_ERROR, type Metric } from '../../sums/sketch'
import { int } from '../../database/sql'
import { daysOf } from './days'

/** More consumers than a store has, so that a consumer fits into a key together with a model. */
const CONSUMERS = 1_000_000

type LatencyQuery = InsightRange & Pick<InsightQuery, 'models' | 'consumers' | 'sources' | 'statuses'>

/** Latencies of the successful rounds in the range. Cost: one sketch per day, model, consumer and source. */
export function latencyInsight(index: SessionIndex, range: LatencyQuery): LatencyInsight {
  const isModel = wanted(index.models, range.models)
  const isConsumer = wanted(index.consumers, range.consumers)
  const isSource = wanted(index.sources, range.sources)
  const models = new Map<number, Sketch>()
  const consumers = new Map<number, Sketch>()
  const pairs =
    range.statuses?.includes('ok') === false ? new Map<number, Sketch>() : pairsOfDays(index, range, isSource)
  for (const [pair, sketch] of pairs) {
    if (!isModel(Math.floor(pair / CONSUMERS)) || !isConsumer(pair % CONSUMERS)) continue
    of(models, Math.floor(pair / CONSUMERS)).addAll(sketch)
    of(consumers, pair % CONSUMERS).addAll(sketch)
  }
  return {
    section: 'latency',
    relativeError: SKETCH_ERROR,
    byModel: rows(models, (id) => index.models.nameOf(id)),
    byConsumer: rows(consumers, (id) => index.consumers.nameOf(id)),
  }
}

/** Sketches by model and consumer, as one key. */
function pairsOfDays(index: SessionIndex, range: InsightRange, isSource: (id: number) => boolean): Map<number, Sketch> {
  const pairs = new Map<number, Sketch>()
  for (const [model, consumer, source, blob] of index.sql.all(
    'SELECT model_id, consumer_id, source_id, latency FROM insight_day WHERE day BETWEEN ? AND ? AND latency IS NOT NULL',
    [...daysOf(index, range)],
  )) {
    if (blob instanceof Uint8Array && isSource(int(source)))
      of(pairs, int(model) * CONSUMERS + int(consumer)).addBlob(blob)
  }
  return pairs
}

function wanted(names: Names, chosen: readonly (string | null)[] | undefined): (id: number) => boolean {
  if (chosen === undefined) return () => true
  const ids = new Set(chosen.map((name) => names.find(name)))
  return (id) => ids.has(id)
}

function of(sketches: Map<number, Sketch>, id: number): Sketch {
  const sketch = sketches.get(id) ?? new Sketch()
  sketches.set(id, sketch)
  return sketch
}

function rows(sketches: ReadonlyMap<number, Sketch>, nameOf: (id: number) => string | null): LatencyRow[] {
  return [...sketches]
    .map(([id, sketch]) => ({
      name: nameOf(id),
      firstTokenMs: quantiles(sketch, 'firstToken'),
      durationMs: quantiles(sketch, 'duration'),
      tokensPerSecond: quantiles(sketch, 'rate'),
    }))
    .sort((a, b) => (b.durationMs?.count ?? 0) - (a.durationMs?.count ?? 0) || compareNames(a.name, b.name))
}

/** For tokens per second, low values are the bad ones: p95 is the rate that 95 % of the rounds exceed. */
function quantiles(sketch: Sketch, metric: Metric): Quantiles | null {
  const found = sketch.quantiles(metric, metric === 'rate' ? [0.5, 0.05, 0.01] : [0.5, 0.95, 0.99])
  if (found === null) return null
  const [p50 = 0, p95 = 0, p99 = 0] = found.values
  return { count: found.count, p50, p95, p99 }
}
