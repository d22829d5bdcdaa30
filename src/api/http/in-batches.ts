/** Protects Redis and the other requests from an act on hundreds of headlines. */
const AT_ONCE = 16

/** Returns the outcomes in the order of the items. Throws the first error after the running batch has ended. */
export async function inBatches<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes: R[] = []
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const settled = await Promise.allSettled(items.slice(at, at + AT_ONCE).map(act))
    for (const each of settled) {
      if (each.status === 'rejected') throw each.reason
      outcomes.push(each.value)
    }
  }
  return outcomes
}
