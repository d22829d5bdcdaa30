import { readFeedTitle, readFrame } from './read-frame.ts'
import { stripOf } from './strip.ts'
import type { Cache } from './types.ts'
import type { FeedAddress, ShownFeed } from './view.ts'

/** The last strip as it was kept, not confirmed by anybody yet; `blank` where there is none that can be read. */
export function recall(cache: Cache | undefined, { key, memory }: FeedAddress, blank: ShownFeed): ShownFeed {
  try {
    const text = cache?.getItem(key) ?? ''
    const frame = readFrame(text)
    if (frame.type !== 'reset') return blank
    const { feed, rightAt, transport } = JSON.parse(text) as Record<string, unknown>
    memory.transport ??= transport as typeof memory.transport
    return {
      strip: stripOf(frame.strip),
      position: frame.position,
      feed: readFeedTitle(feed),
      status: { ...blank.status, staleSince: Number(rightAt) },
    }
  } catch {
    return blank
  }
}

/** Kept as a `reset` frame with a few words more. A store that is full or forbidden keeps nothing. */
export function keep(
  cache: Cache | undefined,
  { key, memory }: FeedAddress,
  view: ShownFeed,
  now: number,
): void {
  const { strip, position, feed, status } = view
  try {
    if (!strip || !position) return
    const frame = { type: 'reset', position, strip: [...strip.values()] }
    cache?.setItem(key, JSON.stringify({ ...frame, ...memory, feed, rightAt: status.staleSince ?? now }))
  } catch {
    // The next visit begins without it.
  }
}
