import { decide, startOf, stateOf, wakeAt, type LinkInput } from './connection-state.ts'
import type { Environment } from './environment.ts'
import type { Link, Take } from './link.ts'
import { ladderOf } from './transports.ts'
import type { Status } from './types.ts'
import type { Show, Target, View } from './view.ts'

/** A timer of more than 2³¹ ms would ring at once; one that rings early only sets the next one. */
const LONGEST_TIMER_MS = 60_000

/** Carries out what `decide` says, until the signal: links, one timer, word to `show`. Begins where `from` stands. */
export function openConnection(
  environment: Environment,
  target: Target,
  from: View,
  show: Show,
  signal: AbortSignal,
): void {
  const { now, wallClock, random, isHidden } = environment
  const ladder = ladderOf(environment)
  const remembered = ladder.findIndex(([name]) => name === target.memory.transport)
  let state = startOf(now(), {
    ...from,
    rungs: ladder.length,
    rung: Math.max(0, remembered),
    filtered: target.filters !== '',
  })
  let { status } = from
  let rightAt = status.staleSince
  let slot: { link?: Link | undefined } | undefined
  let timer: unknown

  function take(input: LinkInput): void {
    const before = state.position
    const [next, effect] = decide(state, input, now(), random())
    state = next
    if (effect) hangUp()
    if (effect === 'open') dial()
    setTimer()
    const frame = input.kind === 'frame' ? input.frame : undefined
    const isNews = frame?.type === 'event' && frame.position !== before && frame.position === state.position
    if (frame && frame === state.told) tellTime(frame.serverTime)
    status = statusNow()
    const { strip, position, feed } = state
    show({ strip, position, feed, status }, isNews ? frame : undefined)
  }

  function dial(): void {
    const mine: typeof slot = {}
    slot = mine
    const heard: Take = (input) => {
      if (mine === slot) take(input)
    }
    const after = state.position && `after=${state.position}`
    const query = [target.filters, after].filter(Boolean).join('&')
    try {
      mine.link = ladder[state.rung]?.[1]({ url: target.url, query }, heard)
    } catch {
      environment.setTimeout(() => heard({ kind: 'ended' }), 0)
    }
  }

  function hangUp(): void {
    const { link } = slot ?? {}
    slot = undefined
    link?.close()
  }

  function setTimer(): void {
    environment.clearTimeout(timer as never)
    timer = environment.setTimeout(
      () => take({ kind: 'tick' }),
      Math.min(wakeAt(state) - now(), LONGEST_TIMER_MS),
    )
  }

  function tellTime(serverTime: string | undefined): void {
    const clockOffsetMs = Date.parse(serverTime ?? '') - wallClock()
    if (!Number.isNaN(clockOffsetMs)) status = { ...status, clockOffsetMs }
  }

  function statusNow(): Status {
    const known = stateOf(state)
    const isLive = known === 'live'
    const transport = state.phase === 'open' ? ladder[state.rung]?.[0] : undefined
    if (transport) target.memory.transport = transport
    if (isLive || (state.strip && rightAt === undefined)) rightAt = wallClock()
    return {
      ...status,
      state: known,
      since: known === status.state ? status.since : wallClock(),
      transport,
      staleSince: isLive ? undefined : rightAt,
      code: known === 'refused' ? state.refused : undefined,
      malformed: state.malformed,
      frozen: state.told?.frozen,
    }
  }

  const listen = environment.addEventListener
  listen?.('online', () => take({ kind: 'nudge' }), { signal })
  listen?.('offline', () => take({ kind: 'offline' }), { signal })
  listen?.('visibilitychange', () => isHidden() || take({ kind: 'nudge' }), { signal })
  signal.addEventListener('abort', () => {
    environment.clearTimeout(timer as never)
    hangUp()
  })
  setTimer()
}
