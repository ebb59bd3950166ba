/**
 * Which lines the store knows: the upper 48 bits of each line's identity → the number of its request. Held in memory
 * because every line read asks: 16 bytes a place, at most two thirds of them taken.
 */
export class KnownLines {
  #keys = new Float64Array(1024)
  #seqs = new Float64Array(1024)
  #count = 0

  /** A request under this key for which `isIt` says yes; undefined when there is none. Keys may repeat. */
  find<T>(key: number, isIt: (seq: number) => T | undefined): T | undefined {
    const mask = this.#keys.length - 1
    for (let at = place(key, mask); this.#seqs[at] !== 0; at = (at + 1) & mask) {
      if (this.#keys[at] !== key) continue
      const found = isIt(this.#seqs[at] ?? 0)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** `seq`: 1 or more. */
  add(key: number, seq: number): void {
    if (3 * (this.#count + 1) > 2 * this.#keys.length) this.#grow()
    this.#put(key, seq)
    this.#count += 1
  }

  #put(key: number, seq: number): void {
    const mask = this.#keys.length - 1
    let at = place(key, mask)
    while (this.#seqs[at] !== 0) at = (at + 1) & mask
    this.#keys[at] = key
    this.#seqs[at] = seq
  }

  #grow(): void {
    const [keys, seqs] = [this.#keys, this.#seqs]
    this.#keys = new Float64Array(keys.length * 2)
    this.#seqs = new Float64Array(keys.length * 2)
    for (const [at, seq] of seqs.entries()) if (seq !== 0) this.#put(keys[at] ?? 0, seq)
  }
}

/** The keys are parts of a hash: their lower bits are as good as any. */
function place(key: number, mask: number): number {
  return (key % 0x40000000) & mask
}
