import type { Content, LiveHeadline } from '../protocol/headline.ts'
import type { Status } from '../protocol/lists/statuses.ts'
import type { Store } from './store/store.ts'

/** Bounds one reading: a newsroom has a few headlines that wait. */
const MOST_WAITING = 500

/** A headline that does not show yet. */
export interface WaitingText {
  readonly id: string
  readonly status: Status
  readonly text: string
}

/** The headlines of a feed with which a new one is compared, all at one moment. */
export interface News {
  /** How many headlines were accepted for their first release. A greater number: there is more to compare with. */
  readonly accepted: number
  readonly visible: readonly LiveHeadline[]
  readonly waiting: readonly WaitingText[]
}

/** Reads the headlines that show and those of the `statuses`. One round trip. Errors: UnavailableError. */
export async function readNews(store: Store, feed: string, statuses: readonly Status[]): Promise<News> {
  const keys = store.keys.feed(feed)
  const reply = await store.scripts['read-news'](
    [keys.head, keys.strip, keys.states, keys.versions, ...statuses.map((status) => keys.status(status))],
    [MOST_WAITING],
  )
  const [accepted, visible, waiting] = reply as [number, string[], string[]]
  return {
    accepted,
    visible: visible.map((json) => JSON.parse(json) as LiveHeadline),
    waiting: Array.from({ length: waiting.length / 3 }, (_, index) => ({
      id: waiting[index * 3] ?? '',
      status: waiting[index * 3 + 1] as Status,
      text: (JSON.parse(waiting[index * 3 + 2] ?? '{}') as Content).text,
    })),
  }
}
