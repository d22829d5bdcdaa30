import { stepsBetween } from './steps-between.ts'
import type { Frame } from './read-frame.ts'
import { fold, stripOf, type Strip } from './strip.ts'
import type { ConnectionState, FeedEvent, FeedTitle } from './types.ts'

// What a reader decides about its connection. All times are on one monotonic clock, in milliseconds.

/** The wait before attempt n is drawn from 0 to base × 2ⁿ, at most the cap (full jitter). */
export const BACKOFF_BASE_MS = 500
export const BACKOFF_CAP_MS = 15_000
/** Attempts are never closer than this, however small the draw and however often the network returns. */
export const ATTEMPT_GAP_MS = 500
/** A connection that says no hello for so long counts as failed. */
export const HELLO_WAIT_MS = 10_000
const HEARTBEAT_CAP_MS = 25_000
/** Only a connection that held for so long makes the next wait short again. */
export const STEADY_MS = 10_000
/** A longer `retryAfterMs` is not believed: nobody looks at a page that waits for a day. */
export const RETRY_AFTER_CAP_MS = 300_000
/** After a refusal that the next attempt would meet too. */
export const REFUSED_WAIT_MS = 60_000
/** After so many handshakes in a row that failed, another transport has its turn, and so on. */
export const FALLBACK_AFTER = 2
/** After so many, the reader is told: not one transport alone has failed. */
export const OFFLINE_AFTER = 3
/** After so long on a lesser transport the best one has another chance: perhaps the server was just away. */
export const BETTER_SOON_MS = 60_000
/** Where it has failed while the lesser one worked, it is blocked: another chance after so long. */
export const BETTER_EVERY_MS = 1_800_000

export interface LinkState {
  readonly phase: 'waiting' | 'connecting' | 'open'
  /** How many transports there are, from best (0) to last resort, and which one has its turn. */
  readonly rungs: number
  readonly rung: number
  /** A filtered stream leaves numbers out, so a missing one says nothing. */
  readonly filtered: boolean
  /** Pass it as `after`. `undefined` asks for the whole strip. */
  readonly position?: string | undefined
  readonly strip?: Strip | undefined
  readonly feed?: FeedTitle | undefined
  /** Open: what the server had when it said hello; `undefined` once all of it has come. */
  readonly target?: string | undefined
  /** The last hello or head: whether the server may be behind, and whether the newsroom has stopped the feed. */
  readonly told?: Extract<Frame, { type: 'hello' | 'head' }>
  /** The problem code of the last attempt, if another attempt would meet it too. */
  readonly refused?: string | undefined
  /** Waiting: the next attempt. Connecting: the hello is due. Open: the link is dead. */
  readonly deadline: number
  /** No attempt before this: the server asked, or there was one just now. */
  readonly notBefore: number
  readonly openedAt: number
  readonly heartbeatMs: number
  /** Connections in a row that did not hold. */
  readonly unsteady: number
  /** Handshakes in a row that failed. */
  readonly failures: number
  /** On a lesser transport: when the best one is tried again. */
  readonly betterAt: number
  /** The best one has its chance now; if it fails, back to this one, which worked. */
  readonly worked?: number | undefined
  /** Where an event was missing last. */
  readonly gapAt?: string | undefined
  readonly malformed: number
}

/** Events of a socket and of the window are taken as they are. */
export type LinkInput =
  | Frame
  | ({ readonly type: 'close' } & LinkEnd)
  | { readonly type: 'tick' }
  /** The network came back, or somebody looks at the page again. */
  | { readonly type: 'online' }
  /** The browser says that there is no network. */
  | { readonly type: 'offline' }

/** Why a connection ended, as far as its transport can tell. */
export interface LinkEnd {
  /** A close code of the protocol. */
  readonly code?: number
  readonly httpStatus?: number
  /** The `code` of a problem+json answer. */
  readonly problem?: string
  readonly retryAfterMs?: number
}

/** `open`: a connection of `rung` at `position`. `drop`: it, and hear it no more. */
export type LinkEffect = 'open' | 'drop'
export type Transition = readonly [LinkState, LinkEffect?]

export function startOf(
  now: number,
  from: Pick<LinkState, 'rungs' | 'rung' | 'filtered' | 'position' | 'strip' | 'feed'>,
): LinkState {
  return {
    ...from,
    phase: 'waiting',
    deadline: now,
    notBefore: now,
    openedAt: now,
    heartbeatMs: 0,
    unsteady: 0,
    failures: 0,
    betterAt: now + BETTER_EVERY_MS,
    malformed: 0,
  }
}

/** Feed `tick` at this time. */
export function wakeAt({ phase, deadline, rung, betterAt }: LinkState): number {
  return phase === 'open' && rung > 0 ? Math.min(deadline, betterAt) : deadline
}

export function stateOf({
  phase,
  target,
  told,
  refused,
  failures,
}: LinkState): Exclude<ConnectionState, 'closed'> {
  if (phase === 'open' && target === undefined) return told?.stale ? 'stale' : 'live'
  if (refused !== undefined) return 'refused'
  return failures >= OFFLINE_AFTER ? 'offline' : 'connecting'
}

/** @param random the draw for the jitter, from 0 to below 1 */
export function decide(state: LinkState, input: LinkInput, now: number, random: number): Transition {
  switch (input.type) {
    case 'close':
      return state.phase === 'waiting' ? [state] : leave(afterEnd(state, input, now), now, random)
    case 'tick':
      return now < wakeAt(state) ? [state] : wake(state, now, random)
    case 'online':
      return nudge(state, now, random)
    case 'offline':
      return leave({ ...state, phase: 'waiting', failures: OFFLINE_AFTER }, now, random)
    default:
      return state.phase === 'waiting' ? [state] : hear(state, input, now, random)
  }
}

function hear(state: LinkState, frame: Frame, now: number, random: number): Transition {
  if (frame.type === 'hello') return [greet(state, frame, now)]
  // Nothing is believed before the hello; the wait for it goes on.
  const malformed = state.malformed + Number(frame.type === 'malformed')
  if (state.phase !== 'open') return [{ ...state, malformed }]

  const alive = { ...state, malformed, deadline: now + 2 * state.heartbeatMs }
  switch (frame.type) {
    case 'malformed':
      return frame.lost ? leave({ ...alive, position: undefined }, now, random) : [alive]
    case 'reset':
      return [{ ...alive, position: frame.position, strip: stripOf(frame.strip), target: undefined }]
    case 'event':
      return moveTo(alive, frame.position, frame, now, random)
    case 'head':
      return moveTo({ ...alive, told: frame }, frame.position, undefined, now, random)
    case 'bye':
      return leave(askedToWait(alive, now, frame.retryAfterMs), now, random)
    default:
      return [alive]
  }
}

type Hello = Extract<Frame, { type: 'hello' }>

function greet(state: LinkState, frame: Hello, now: number): LinkState {
  const heartbeatMs = Math.min(frame.heartbeatMs, HEARTBEAT_CAP_MS)
  const steps = stepsBetween(frame.position, state.position)
  // A filtered stream does not say when all has come.
  const isThere = state.position !== undefined && (state.filtered || steps >= 0)
  return {
    ...state,
    phase: 'open',
    heartbeatMs,
    deadline: now + 2 * heartbeatMs,
    openedAt: now,
    target: isThere ? undefined : frame.position,
    told: frame,
    feed: frame.feed ?? state.feed,
    refused: undefined,
    failures: 0,
    worked: undefined,
  }
}

/** By an event, or by a head: nothing up to it is missing, so an unfiltered reader is there already. */
function moveTo(
  state: LinkState,
  position: string,
  event: FeedEvent | undefined,
  now: number,
  random: number,
): Transition {
  const steps = stepsBetween(state.position, position)
  const isRepeat = steps < 0 || (event && steps === 0)
  if (isRepeat) return [state]
  const most = state.filtered ? Infinity : event ? 1 : 0
  if (!state.strip || !(steps <= most)) return fillGap(state, steps, now, random)
  const strip = event ? fold(state.strip, event) : state.strip
  const isThere = !event || !(stepsBetween(state.target, position) < 0)
  return [{ ...state, position, strip, gapAt: undefined, target: isThere ? undefined : state.target }]
}

/** Asks again from where it stands. Where that was of no use, or the history is another one: for everything. */
function fillGap(state: LinkState, steps: number, now: number, random: number): Transition {
  const again = steps >= 0 && state.gapAt !== state.position
  const position = again ? state.position : undefined
  return leave({ ...state, position, gapAt: state.position }, now, random)
}

/** Close codes that say "not like this". */
const REJECTED: readonly unknown[] = [1002, 1007, 1009, 4400, 4429]

/** What was refused would be refused again: much later, and for everything. It is not the transport's fault. */
function afterEnd(state: LinkState, end: LinkEnd, now: number): LinkState {
  const { code, httpStatus = 0, problem, retryAfterMs = 0 } = end
  const isRefused = problem !== undefined && httpStatus !== 429 && httpStatus < 500
  return isRefused || REJECTED.includes(code)
    ? { ...askedToWait(state, now, REFUSED_WAIT_MS), refused: problem, position: undefined, failures: 0 }
    : { ...askedToWait(state, now, retryAfterMs), refused: undefined }
}

function askedToWait(state: LinkState, now: number, waitMs: number): LinkState {
  return { ...state, notBefore: Math.max(state.notBefore, now + Math.min(waitMs, RETRY_AFTER_CAP_MS)) }
}

/** To waiting. From connecting, the handshake has failed. */
function leave(state: LinkState, now: number, random: number): Transition {
  const { phase, worked } = state
  const failed = phase === 'connecting'
  const unsteady = phase === 'open' && now - state.openedAt >= STEADY_MS ? 0 : state.unsteady
  const failures = state.failures + Number(failed)
  const left = {
    ...state,
    phase: 'waiting' as const,
    deadline: Math.max(
      state.notBefore,
      now + random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** unsteady),
    ),
    unsteady: unsteady + 1,
    failures,
  }
  const isBlocked = worked !== undefined
  if (!failed || (!isBlocked && failures % FALLBACK_AFTER > 0)) return [left, 'drop']
  const rung = worked ?? (state.rung + 1) % state.rungs
  const betterAt = now + (0.5 + random) * (isBlocked ? BETTER_EVERY_MS : BETTER_SOON_MS)
  return [{ ...left, rung, betterAt, worked: undefined }, 'drop']
}

function wake(state: LinkState, now: number, random: number): Transition {
  if (state.phase === 'waiting')
    return [
      { ...state, phase: 'connecting', notBefore: now + ATTEMPT_GAP_MS, deadline: now + HELLO_WAIT_MS },
      'open',
    ]
  if (now >= state.deadline) return leave(state, now, random)
  return leave({ ...state, rung: 0, worked: state.rung }, now, random)
}

function nudge(state: LinkState, now: number, random: number): Transition {
  if (state.phase !== 'waiting') return now < state.deadline ? [state] : leave(state, now, random)
  // A short draw all the same: when a whole city's network returns, its readers do not come in one instant.
  const soon = Math.max(state.notBefore, now + random * BACKOFF_BASE_MS)
  // It may be another network: the best transport has its chance, and this one is next.
  return [{ ...state, rung: 0, worked: state.rung, deadline: Math.min(state.deadline, soon) }]
}
