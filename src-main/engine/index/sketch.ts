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
const PAIR_BYTES = 6

/** The relative error of a quantile, at most. */
export const SKETCH_ERROR = (GAMMA - 1) / (GAMMA + 1)

/** What is measured of a request: time to the first token (ms), duration (ms), output tokens a second. */
export const METRICS = ['firstToken', 'duration', 'rate'] as const
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
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
    for (let at = 0; at < blob.byteLength; at += PAIR_BYTES)
      this.#count(view.getUint16(at, true), view.getUint32(at + 2, true))
  }

  addAll(other: Sketch): void {
    for (const [bin, count] of other.#counts.entries()) if (count > 0) this.#count(bin, count)
  }

  /** The same counts are the same bytes. */
  toBlob(): Uint8Array {
    const used = this.#counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
    const view = new DataView(new ArrayBuffer(used * PAIR_BYTES))
    let at = 0
    for (const [bin, count] of this.#counts.entries()) {
      if (count === 0) continue
      view.setUint16(at, bin, true)
      view.setUint32(at + 2, count, true)
      at += PAIR_BYTES
    }
    return new Uint8Array(view.buffer)
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
      for (const [bin, more] of bins.entries()) {
        passed += more
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
