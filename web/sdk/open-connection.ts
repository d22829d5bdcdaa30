import { decide, startOf, stateOf, wakeAt, type LinkInput } from './connection-state.ts'
import type { Environment } from './environment.ts'
import type { Link, Take } from './link.ts'
import { ladderOf } from './ladder-of.ts'
import { withoutMark } from './read-frame.ts'
import { clears } from './strip.ts'
import type { Status } from './types.ts'
import type { Show, FeedAddress, ShownFeed } from './view.ts'

/**
 * An acknowledgement waits for this and a random part of ACK_JITTER_MS, since all screens acknowledge the same event.
 */
const ACK_GAP_MS = 250
const ACK_JITTER_MS = 1_000

/** Carries out the effects of `decide` until the signal: opens and closes links, sets one timer, calls `show`. */
export function openConnection(
  environment: Environment,
  target: FeedAddress,
  from: ShownFeed,
  show: Show,
  signal: AbortSignal,
): void {
  const { now, wallClock, random, isHidden, setTimeout, clearTimeout } = environment
  const ladder = ladderOf(environment)
  const remembered = ladder.findIndex(([name]) => name === target.memory.transport)
  let state = startOf(now(), {
    ...from,
    rungs: ladder.length,
    rung: Math.max(0, remembered),
    // `drill=1` is no filter, and comes before the filters.
    filtered: target.query > 'drill=1',
  })
  let { status } = from
  let rightAt = status.staleSince
  let link: Link | undefined
  /** Number of the current connection: frames of an earlier one are ignored. */
  let dialled = 0
  let timer: unknown
  /** The position before the first event that is not acknowledged yet. */
  let owed: string | undefined
  let takesAcks: boolean | undefined
  let ackTimer: unknown

  function take(input: LinkInput): void {
    const before = state.position
    const [next, effect] = decide(state, input, now(), random())
    state = next
    if (effect) hangUp()
    if (effect === 'open') dial()
    setTimer()
    const { strip, position, feed } = state
    const isNews = input.type === 'event' && input.position !== before && input.position === position
    if (input === state.newestHead && input.serverTime)
      status = { ...status, clockOffsetMs: input.serverTime - wallClock() }
    status = statusNow()
    show(
      { strip, position, feed, status },
      isNews ? { ...input, position: withoutMark(input.position) } : undefined,
    )
    // The subscribers have been called by now.
    takesAcks ??= (input as { readonly acks?: boolean }).acks
    if (input.type === 'reset' || (isNews && clears(input.op))) owed ??= before
    if (takesAcks && owed) ackTimer ??= setTimeout(acknowledge, ACK_GAP_MS + random() * ACK_JITTER_MS)
  }

  function acknowledge(): void {
    clearTimeout(ackTimer as never)
    ackTimer = undefined
    // Before the hello the link cannot send: the acknowledgement follows the next hello.
    if (!takesAcks || !owed) return
    link?.send?.(JSON.stringify({ type: 'ack', position: state.position }))
    owed = undefined
  }

  function dial(): void {
    const mine = dialled
    const heard: Take = (input) => {
      if (mine === dialled) take(input)
    }
    // Resumes before the first unacknowledged event, so that the server expects its acknowledgement on this connection.
    const after = state.position && (owed ?? state.position)
    const query = target.query + (after ? `&after=${after}` : '')
    try {
      link = ladder[state.rung]?.[1]({ url: target.url, query }, heard)
    } catch {
      setTimeout(() => heard({ type: 'close' }), 0)
    }
  }

  function hangUp(): void {
    dialled++
    takesAcks = undefined
    link?.close()
  }

  function setTimer(): void {
    clearTimeout(timer as never)
    timer = setTimeout(
      () => take({ type: 'tick' }),
      // No wait of the state machine is longer than 45 minutes. The time may have passed meanwhile. A rest below 1 ms, from
      // rounding, could be lost in a large clock: the same step would be tried again and again.
      Math.max(wakeAt(state) - now(), 1),
    )
  }

  function statusNow(): Status {
    const known = stateOf(state)
    const isLive = known === 'live'
    const transport = state.phase === 'open' ? (target.memory.transport = ladder[state.rung]?.[0]) : undefined
    if (isLive || (state.strip && !rightAt)) rightAt = wallClock()
    return {
      ...status,
      state: known,
      since: known === status.state ? status.since : wallClock(),
      staleSince: isLive ? undefined : rightAt,
      transport,
      code: state.refused,
      malformed: state.malformed,
      frozen: state.newestHead?.frozen,
    }
  }

  const listen = environment.addEventListener
  listen?.('online', take, { signal })
  listen?.('offline', take, { signal })
  listen?.('visibilitychange', () => isHidden() || take({ type: 'online' }), { signal })
  signal.addEventListener('abort', () => {
    clearTimeout(timer as never)
    acknowledge()
    hangUp()
  })
  setTimer()
}
