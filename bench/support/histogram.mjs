/** Counts durations in buckets of at most 1 % width, without allocations: there are millions a second. */
const perOctave = 64
const octaves = 40

export class Histogram {
  #counts = new Float64Array(perOctave * octaves)
  count = 0
  max = 0

  /** @param {number} value at least 0 */
  record(value) {
    this.count++
    if (value > this.max) this.max = value
    const bucket = bucketOf(value)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
  }

  reset() {
    this.#counts.fill(0)
    this.count = 0
    this.max = 0
  }

  /**
   * @param {number} share 0..1
   * @returns {number} upper bound of the bucket; NaN without values
   */
  quantile(share) {
    if (this.count === 0) return NaN
    const wanted = Math.ceil(share * this.count)
    let counted = 0
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      counted += this.#counts[bucket] ?? 0
      if (counted >= wanted) return Math.min(upperBoundOf(bucket), this.max)
    }
    return this.max
  }

  summary() {
    return { count: this.count, p50: this.quantile(0.5), p99: this.quantile(0.99), max: this.max }
  }
}

/** @param {number} value ms; the first octave begins at 1 µs */
function bucketOf(value) {
  const octave = Math.max(0, Math.log2(value * 1000 + 1e-9))
  return Math.min(perOctave * octaves - 1, Math.floor(octave * perOctave))
}

/** @param {number} bucket */
function upperBoundOf(bucket) {
  return 2 ** ((bucket + 1) / perOctave) / 1000
}
