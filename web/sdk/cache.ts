import { readFeedTitle, readFrame } from './read-frame.ts'
import { stripOf } from './strip.ts'
import type { Cache } from './types.ts'
import type { FeedAddress, ShownFeed } from './view.ts'

/** The cached strip, which the server has not confirmed yet; `blank` if there is none that can be read. */
export function recall(cache: Cache | undefined, { key, memory }: FeedAddress, blank: ShownFeed): ShownFeed {
  try {
    const text: unknown = cache?.getItem(key)
    const frame = readFrame(text)
    if (frame.type !== 'reset') return blank
    const { feed, rightAt, transport } = JSON.parse(text as string) as Record<string, unknown>
    memory.transport ??= transport as typeof memory.transport
    return {
      position: frame.position,
      strip: stripOf(frame.strip),
      feed: readFeedTitle(feed),
      status: { ...blank.status, staleSince: rightAt as number },
    }
  } catch {
    return blank
  }
}

/** Stores the strip as a `reset` frame with some more fields. If the store is full or forbidden, nothing is stored. */
export function keep(
  cache: Cache | undefined,
  { key, memory }: FeedAddress,
  view: ShownFeed,
  now: number,
): void {
  const { strip, position, feed, status } = view
  try {
    if (!strip || !position) return
    const rightAt = status.staleSince ?? now
    const fields = { type: 'reset', position, feed, strip: [...strip.values()], ...memory, rightAt }
    cache?.setItem(key, JSON.stringify(fields))
  } catch {
    // The next visit begins without a cached strip.
  }
}
