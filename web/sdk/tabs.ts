import type { Environment } from './environment.ts'
import { stepsBetween } from './steps-between.ts'
import { fold } from './strip.ts'
import type { FeedEvent } from './types.ts'
import type { Lead, Show, ShownFeed } from './view.ts'

// Loaded only for `shareAcrossTabs`.

/** The leader sends a message at least so often; a follower that gets none asks for one. */
const WORD_EVERY_MS = 5_000
/** A leader without an answer for so long is frozen: a visible tab takes the lock from it. */
const SILENCE_MS = 15_000

/**
 * The leader's state. The strip is left out if a follower at the leader's position `before` can make it from its own
 * strip, with `event` or unchanged. `undefined` is a follower's request for the whole state.
 */
type Message =
  undefined | (ShownFeed & { readonly before?: string | undefined; readonly event?: FeedEvent | undefined })

/**
 * One connection for all tabs, until the signal. The tab that holds the lock leads: it has the connection and sends its
 * state to the others. Each tab keeps its own position, from which it resumes as the next leader. Errors: if the
 * browser
 * allows no locks.
 */
export async function shareTabs(
  environment: Environment,
  name: string,
  held: () => ShownFeed,
  show: Show,
  lead: Lead,
  signal: AbortSignal,
): Promise<void> {
  const { locks, BroadcastChannel, now } = environment
  signal.throwIfAborted()
  if (!locks || !BroadcastChannel) throw new TypeError()
  const channel = new BroadcastChannel(name)
  let waiting = new AbortController()
  const office: { connection?: AbortController | undefined; resign?: () => void } = {}
  let heardAt = now()
  let timer: unknown

  channel.onmessage = ({ data }: { readonly data: Message }) => {
    if (data && !office.connection) follow(data)
    else if (!data && office.connection) say(held())
  }

  function follow({ before, event, ...theirs }: NonNullable<Message>): void {
    heardAt = now()
    const mine = held()
    const { position, feed, status } = theirs
    const steps = stepsBetween(mine.position, position)
    if (position === mine.position || steps < 0) show({ ...mine, feed, status })
    else if (theirs.strip) show(theirs)
    else if (mine.strip && before === mine.position)
      show({ ...theirs, strip: event ? fold(mine.strip, event) : mine.strip }, event)
    else say(undefined)
  }

  function hold(): Promise<void> {
    const { signal: untilResigned } = (office.connection = new AbortController())
    sayWhere()
    lead((view, event) => {
      const { position: before, strip } = held()
      show(view, event)
      say({ ...view, before, event, strip: event || view.strip === strip ? undefined : view.strip })
    }, untilResigned)
    return new Promise((resolve) => (office.resign = resolve))
  }

  function sayWhere(): void {
    const { position } = held()
    say({ ...held(), before: position, strip: undefined })
  }

  function say(message: Message): void {
    if (!signal.aborted) channel.postMessage(message)
  }

  function look(): void {
    const silentMs = now() - heardAt
    if (office.connection) sayWhere()
    else if (silentMs >= SILENCE_MS && !environment.isHidden()) {
      heardAt = now()
      waiting.abort()
    } else say(undefined)
    timer = environment.setTimeout(look, WORD_EVERY_MS)
  }

  function end(): void {
    environment.clearTimeout(timer as never)
    waiting.abort()
    office.connection?.abort()
    office.resign?.()
    channel.close()
  }

  signal.addEventListener('abort', end)
  look()
  for (let steal = false; !signal.aborted;) {
    waiting = new AbortController()
    const wanted = waiting.signal
    const refusal = await locks.request(name, steal ? { steal: true } : { signal: wanted }, hold).then(
      () => undefined,
      (error: unknown) => error,
    )
    // Another tab has taken the lock, or the wait for it was aborted: both are expected.
    if (!office.connection && !wanted.aborted) throw refusal
    steal = !office.connection
    office.connection?.abort()
    office.connection = undefined
  }
}
