/** Number of times in each bucket, lowest bucket first, without empty buckets. */
export type Buckets = readonly (readonly [bucket: number, count: number])[]

/** Below this, each millisecond has its own bucket; above, each power of two is divided into EIGHTHS buckets. */
const EXACT_BELOW_MS = 16
const EXACT_BITS = 4
const EIGHTHS = 8
const MAX_MS = 2 ** 31 - 1

/** Number of buckets. */
export const BUCKETS = EXACT_BELOW_MS + (31 - EXACT_BITS) * EIGHTHS

/** Counts times in ms by bucket. Merged counts of several gateways equal the counts of one gateway with all readers. */
export class TimeBuckets {
  readonly #counts = new Map<number, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  add(ms: number, count = 1): void {
    this.#count(bucketOf(ms), count)
  }

  merge(buckets: Buckets): void {
    for (const [bucket, count] of buckets) this.#count(bucket, count)
  }

  /** The time within which this share of all times lies, at most an eighth too high; undefined without any times. */
  within(share: number): number | undefined {
    let remaining = Math.max(1, Math.ceil(share * this.#total))
    for (const [bucket, count] of this.buckets()) {
      remaining -= count
      if (remaining <= 0) return highestMs(bucket)
    }
    return undefined
  }

  buckets(): Buckets {
    return [...this.#counts].sort(([a], [b]) => a - b)
  }

  #count(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count)
    this.#total += count
  }
}

function bucketOf(ms: number): number {
  const time = Math.min(MAX_MS, Math.max(0, Math.round(ms)))
  if (time < EXACT_BELOW_MS) return time
  const doubling = 31 - Math.clz32(time)
  const eighth = (time >>> (doubling - 3)) - EIGHTHS
  return EXACT_BELOW_MS + (doubling - EXACT_BITS) * EIGHTHS + eighth
}

function highestMs(bucket: number): number {
  if (bucket < EXACT_BELOW_MS) return bucket
  const above = bucket - EXACT_BELOW_MS
  const doubling = Math.floor(above / EIGHTHS) + EXACT_BITS
  return (EIGHTHS + (above % EIGHTHS) + 1) * 2 ** (doubling - 3) - 1
}
