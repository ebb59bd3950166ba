/**
 * Quantiles of many values in little memory: counts by bins whose bounds grow by 4 %, so that any quantile read back is
 * within 2 % of the true one (DDSketch: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees", VLDB 2019). Sketches of parts add up to the sketch of the whole, exactly.
 */
const GAMMA = 1.04
const LOG_GAMMA = Math.log(GAMMA)
/** Bins start at 0.001; what is smaller counts as that. */
const LEAST = 0.001
/** Up to 1e9 ms: eleven days. */
const BINS = Math.ceil(Math.log(1e9 / LEAST) / LOG_GAMMA) + 1

/** The relative error of a quantile, at most. */
export const SKETCH_ERROR = (GAMMA - 1) / (GAMMA + 1)

/** What is measured of a request: time to the first token (ms), duration (ms), output tokens a second. */
const METRICS = ['firstToken', 'duration', 'rate'] as const
export type Metric = (typeof METRICS)[number]

/** Counts of all metrics by bin: BINS of the first metric, then of the next. */
export class Sketch {
  readonly #counts = new Float64Array(METRICS.length * BINS)
  #isEmpty = true

  static read(blob: Uint8Array): Sketch {
    const sketch = new Sketch()
    sketch.addBlob(blob)
    return sketch
  }

  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** `value`: finite; at most zero counts as the smallest. */
  add(metric: Metric, value: number): void {
    const bin = Math.min(BINS - 1, Math.ceil(Math.log(Math.max(value, LEAST) / LEAST) / LOG_GAMMA))
    this.#count(METRICS.indexOf(metric) * BINS + bin, 1)
  }

  addBlob(blob: Uint8Array): void {
    // A page adds up thousands of them. All machines this runs on keep the low byte first.
    const aligned = blob.byteOffset % 2 === 0 ? blob : blob.slice()
    const pairs = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2)
    const counts = this.#counts
    for (let at = 0; at < pairs.length; at += 3) {
      const bin = pairs[at] ?? 0
      counts[bin] = (counts[bin] ?? 0) + (pairs[at + 1] ?? 0) + (pairs[at + 2] ?? 0) * 0x10000
    }
    if (pairs.length > 0) this.#isEmpty = false
  }

  addAll(other: Sketch): void {
    const counts = this.#counts
    const more = other.#counts
    for (let bin = 0; bin < counts.length; bin += 1) counts[bin] = (counts[bin] ?? 0) + (more[bin] ?? 0)
    if (!other.#isEmpty) this.#isEmpty = false
  }

  /** The same counts are the same bytes. */
  toBlob(): Uint8Array {
    const counts = this.#counts
    let used = 0
    for (let bin = 0; bin < counts.length; bin += 1) if ((counts[bin] ?? 0) > 0) used += 1
    const pairs = new Uint16Array(used * 3)
    let at = 0
    for (let bin = 0; bin < counts.length; bin += 1) {
      const count = counts[bin] ?? 0
      if (count === 0) continue
      pairs[at] = bin
      pairs[at + 1] = count % 0x10000
      pairs[at + 2] = Math.floor(count / 0x10000)
      at += 3
    }
    return new Uint8Array(pairs.buffer)
  }

  /** The values at these ranks (0 to 1, ascending) and how many there are; null without any. */
  quantiles(metric: Metric, ranks: readonly number[]): { readonly count: number; readonly values: number[] } | null {
    const first = METRICS.indexOf(metric) * BINS
    const bins = this.#counts.subarray(first, first + BINS)
    const count = bins.reduce((sum, more) => sum + more, 0)
    if (count === 0) return null
    const values = ranks.map((rank) => {
      const wanted = Math.max(1, Math.ceil(rank * count))
      let passed = 0
      for (let bin = 0; bin < bins.length; bin += 1) {
        passed += bins[bin] ?? 0
        if (passed >= wanted) return (LEAST * 2 * GAMMA ** bin) / (GAMMA + 1)
      }
      return 0
    })
    return { count, values }
  }

  #count(bin: number, more: number): void {
    this.#counts[bin] = (this.#counts[bin] ?? 0) + more
    this.#isEmpty = false
  }
}
