/**
 * Maps the upper 48 bits of a line's identity to the number of its request. A hash table in memory, because every line
 * read is looked up: 16 bytes per slot, at most two thirds of the slots in use.
 */
export class KnownLines {
  /** A slot is a key and a sequence number; number 0 marks a free slot. */
  #places: Float64Array
  #count = 0

  /** `expected`: how many entries to make room for. */
  constructor(expected = 0) {
    let places = 1024
    while (2 * places < 3 * expected) places *= 2
    this.#places = new Float64Array(2 * places)
  }

  /** The first result of `isIt` that is not undefined, among the requests with that key. Keys may repeat. */
  find<T>(key: number, isIt: (seq: number) => T | undefined): T | undefined {
    const places = this.#places
    const mask = places.length / 2 - 1
    for (let at = place(key, mask); places[2 * at + 1] !== 0; at = (at + 1) & mask) {
      if (places[2 * at] !== key) continue
      const found = isIt(places[2 * at + 1] ?? 0)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** `seq` is at least 1. */
  add(key: number, seq: number): void {
    if (3 * (this.#count + 1) > this.#places.length) this.#grow()
    put(this.#places, key, seq)
    this.#count += 1
  }

  #grow(): void {
    const former = this.#places
    this.#places = new Float64Array(former.length * 2)
    for (let at = 0; at < former.length; at += 2) {
      const seq = former[at + 1] ?? 0
      if (seq !== 0) put(this.#places, former[at] ?? 0, seq)
    }
  }
}

function put(places: Float64Array, key: number, seq: number): void {
  const mask = places.length / 2 - 1
  let at = place(key, mask)
  while (places[2 * at + 1] !== 0) at = (at + 1) & mask
  places[2 * at] = key
  places[2 * at + 1] = seq
}

/** The keys are parts of a hash, so their lower bits are evenly distributed. */
function place(key: number, mask: number): number {
  return (key % 0x40000000) & mask
}
