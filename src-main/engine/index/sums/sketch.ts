/**
 * Estimates quantiles of many values in little memory. Values are counted in bins whose bounds grow by 4 %, so every
 * quantile is within 2 % of the true one (DDSketch: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile
 * sketch with relative-error guarantees", VLDB 2019). Adding the sketches of parts gives exactly the sketch of the
 * whole.
 */
const GAMMA = 1.04
const LOG_GAMMA = Math.log(GAMMA)
/** Lower bound of the first bin; smaller values count as this. */
const LEAST = 0.001
/** Up to 1e9 ms, which is eleven days. */
const BINS = Math.ceil(Math.log(1e9 / LEAST) / LOG_GAMMA) + 1

/** Maximum relative error of a quantile. */
export const SKETCH_ERROR = (GAMMA - 1) / (GAMMA + 1)

/** Metrics of a request: time to the first token (ms), duration (ms), output tokens per second. */
const METRICS = ['firstToken', 'duration', 'rate'] as const
export type Metric = (typeof METRICS)[number]

/** Counts per bin: BINS of the first metric, then those of the next. */
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

  /** `value` is finite; zero and less count as the smallest value. */
  add(metric: Metric, value: number): void {
    const bin = Math.min(BINS - 1, Math.ceil(Math.log(Math.max(value, LEAST) / LEAST) / LOG_GAMMA))
    this.#count(METRICS.indexOf(metric) * BINS + bin, 1)
  }

  addBlob(blob: Uint8Array): void {
    // A page adds up thousands of sketches. All supported machines are little-endian.
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

  /** Equal counts give equal bytes. */
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

  /** The values at `ranks` (0 to 1, ascending) and the number of values; null without any. */
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
