import type { Store } from '../../src/eventlog/store/store.ts'

/** Keeps a copy of the feed `en`. Returns a function that puts it back, as a failover to an old replica does. */
export async function copyFeed({ redis, keys }: Store): Promise<() => Promise<void>> {
  const pattern = `${keys.feed('en').definition.replace(/:feed$/, '')}:*`
  const names = await redis.keys(pattern)
  const copies = await Promise.all(names.map((name) => redis.dumpBuffer(name)))
  return async () => {
    const present = await redis.keys(pattern)
    const restore = redis.multi()
    if (present.length > 0) restore.del(...present)
    names.forEach((name, index) => restore.restore(name, 0, copies[index]!))
    await restore.exec()
  }
}
