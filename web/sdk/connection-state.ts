import { stepsBetween } from './steps-between.ts'
import type { Frame } from './read-frame.ts'
import { fold, stripOf, type Strip } from './strip.ts'
import type { ConnectionState, FeedEvent, FeedTitle, Headline } from './types.ts'

// The reader's decisions about its connection. All times are on one monotonic clock, in milliseconds.

/** The wait before attempt n is random, from 0 to base × 2ⁿ, at most the cap (full jitter). */
export const BACKOFF_BASE_MS = 500
export const BACKOFF_CAP_MS = 15_000
/** The least time between two attempts, however short the random wait and however often the network returns. */
export const ATTEMPT_GAP_MS = 500
/** A connection without a hello for so long counts as failed. */
export const HELLO_WAIT_MS = 10_000
const HEARTBEAT_CAP_MS = 25_000
/** A connection must have been open for so long to make the next wait short again. */
export const STEADY_MS = 10_000
/** Limits `retryAfterMs`, so that a wrong value does not keep a page waiting for a day. */
export const RETRY_AFTER_CAP_MS = 300_000
/** The wait after a refusal that the next attempt would get too. */
export const REFUSED_WAIT_MS = 60_000
/** After so many failed handshakes in a row, the next transport is tried. */
export const FALLBACK_AFTER = 2
/** After so many failed handshakes the state is `offline`: by then more than one transport has failed. */
export const OFFLINE_AFTER = 3
/** Time on a lesser transport before the best one is tried again: the server may only have been away. */
export const BETTER_SOON_MS = 60_000
/** The same, after the best one has failed while a lesser one worked: then it is probably blocked. */
export const BETTER_EVERY_MS = 1_800_000

export interface LinkState {
  readonly phase: 'waiting' | 'connecting' | 'open'
  /** The number of transports, from the best (0) to the last resort, and the index of the current one. */
  readonly rungs: number
  readonly rung: number
  /** Whether the stream is filtered: it leaves out seqs, so a missing seq is no gap. */
  readonly filtered: boolean
  /** The position to resume from, sent as `after`. `undefined` asks for the whole strip. */
  readonly position?: string | undefined
  readonly strip?: Strip | undefined
  /** The headlines of a `reset` so far, while more parts of it are to come. */
  readonly part: readonly Headline[]
  readonly feed?: FeedTitle | undefined
  /**
   * While the connection is open: the position in the server's hello; `undefined` once all events up to that position
   * have arrived.
   */
  readonly target?: string | undefined
  /** The newest hello or head, with the feed state. */
  readonly newestHead?: Extract<Frame, { type: 'hello' | 'head' }>
  /** The problem code of the last attempt, if another attempt would get it too. */
  readonly refused?: string | undefined
  /** Waiting: time of the next attempt. Connecting: latest time of the hello. Open: time when the link is dead. */
  readonly deadline: number
  /** Earliest time of the next attempt, by the server's wish or because the last attempt was just now. */
  readonly notBefore: number
  readonly openedAt: number
  readonly heartbeatMs: number
  /** Connections in a row that were not open for long. */
  readonly unsteady: number
  /** Failed handshakes in a row. */
  readonly failures: number
  /** On a lesser transport: time at which the best one is tried again. */
  readonly betterAt: number
  /** Set while the best transport is tried again: the index of the one that is next if the best one fails. */
  readonly lesser?: number | undefined
  /** The position after which an event was missing last. */
  readonly gapAt?: string | undefined
  readonly malformed: number
}

/** Inputs of the state machine. Events of a socket and of the window are passed unchanged. */
export type LinkInput =
  | Frame
  | ({ readonly type: 'close' } & LinkEnd)
  | { readonly type: 'tick' }
  /** The network came back, or the page is visible again. */
  | { readonly type: 'online' }
  /** The browser reports that there is no network. */
  | { readonly type: 'offline' }

/** Why a connection ended, as far as its transport knows. */
export interface LinkEnd {
  /** The WebSocket close code. */
  readonly code?: number
  readonly httpStatus?: number
  /** The `code` of a problem+json answer. */
  readonly problem?: string
  readonly retryAfterMs?: number
  /** The network holds the stream back: another attempt with this transport would be no better. */
  readonly isHeld?: boolean
}

/** `open`: open a connection with transport `rung` at `position`. `drop`: close it and ignore its further frames. */
export type LinkEffect = 'open' | 'drop'
export type Transition = readonly [LinkState, LinkEffect?]

export function startOf(
  now: number,
  from: Pick<LinkState, 'rungs' | 'rung' | 'filtered' | 'position' | 'strip' | 'feed'>,
): LinkState {
  // The hello sets the other fields; they are read only while the connection is open.
  return {
    ...from,
    phase: 'waiting',
    deadline: now,
    notBefore: now,
    unsteady: 0,
    failures: 0,
    betterAt: now + BETTER_EVERY_MS,
    malformed: 0,
  } as Partial<LinkState> as LinkState
}

/** The time at which the caller passes a `tick`. */
export function wakeAt({ phase, deadline, rung, betterAt }: LinkState): number {
  return Math.min(deadline, phase === 'open' && rung ? betterAt : deadline)
}

export function stateOf({
  phase,
  target,
  newestHead,
  refused,
  failures,
}: LinkState): Exclude<ConnectionState, 'closed'> {
  if (phase === 'open' && !target) return newestHead?.stale ? 'stale' : 'live'
  if (refused) return 'refused'
  return failures >= OFFLINE_AFTER ? 'offline' : 'connecting'
}

/** @param random a random number for the jitter, from 0 to below 1 */
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
  // Frames before the hello are ignored, and do not extend the wait for it.
  const counted = { ...state, malformed: state.malformed + Number(frame.type === 'malformed') }
  if (state.phase !== 'open') return [counted]

  const alive = { ...counted, deadline: now + 2 * state.heartbeatMs }
  let part
  switch (frame.type) {
    case 'malformed':
      return frame.lost ? leave({ ...alive, position: undefined }, now, random) : [alive]
    case 'reset':
      part = [...state.part, ...frame.strip]
      // The strip that the reader holds stays until the last part of the new one is there.
      if (frame.more) return [{ ...alive, part }]
      return [{ ...alive, part: [], position: frame.position, strip: stripOf(part), target: undefined }]
    case 'event':
      return moveTo(alive, frame.position, frame, now, random)
    case 'head':
      return moveTo(
        { ...alive, newestHead: frame, feed: frame.feed ?? state.feed },
        frame.position,
        undefined,
        now,
        random,
      )
    case 'bye':
      return leave(noSooner(alive, now, frame.retryAfterMs), now, random)
    default:
      return [alive]
  }
}

type Hello = Extract<Frame, { type: 'hello' }>

function greet(state: LinkState, frame: Hello, now: number): LinkState {
  const heartbeatMs = Math.min(frame.heartbeatMs, HEARTBEAT_CAP_MS)
  // A filtered stream does not show when all events have arrived.
  const isThere = state.filtered ? state.position : stepsBetween(frame.position, state.position) >= 0
  return {
    ...state,
    phase: 'open',
    part: [],
    heartbeatMs,
    deadline: now + 2 * heartbeatMs,
    openedAt: now,
    target: isThere ? undefined : frame.position,
    newestHead: frame,
    feed: frame.feed ?? state.feed,
    refused: undefined,
    failures: 0,
    lesser: undefined,
  }
}

/** Moves to the position of an event or of a head. A head must equal the position of an unfiltered reader. */
function moveTo(
  state: LinkState,
  position: string,
  event: FeedEvent | undefined,
  now: number,
  random: number,
): Transition {
  const steps = stepsBetween(state.position, position)
  const isRepeat = steps < Number(!!event)
  if (isRepeat) return [state]
  const follows = state.filtered ? steps >= 0 : steps <= Number(!!event)
  if (!state.strip || !follows) return fillGap(state, steps, now, random)
  const strip = event ? fold(state.strip, event) : state.strip
  const target = event && stepsBetween(state.target, position) < 0 ? state.target : undefined
  return [{ ...state, position, strip, gapAt: undefined, target }]
}

/** Resumes from the position. If the same gap comes again, or the epoch is another one, it asks for the whole strip. */
function fillGap(state: LinkState, steps: number, now: number, random: number): Transition {
  const gapAt = state.position
  const position = steps >= 0 && state.gapAt !== gapAt ? gapAt : undefined
  return leave({ ...state, position, gapAt }, now, random)
}

/** Close codes for a reader that has broken a rule. Not 1002: a proxy that is reloaded breaks frames, this client none. */
const REJECTED: readonly unknown[] = [1007, 1009, 4400, 4429]

/** After a refusal, the next attempt is much later and asks for the whole strip. The transport stays the same. */
function afterEnd(state: LinkState, end: LinkEnd, now: number): LinkState {
  const { code, httpStatus = 0, problem, retryAfterMs = 0, isHeld } = end
  const isRefused = problem && httpStatus !== 429 && httpStatus < 500
  return isRefused || REJECTED.includes(code)
    ? { ...noSooner(state, now, REFUSED_WAIT_MS), refused: problem, position: undefined, failures: 0 }
    : {
        ...noSooner(state, now, retryAfterMs),
        refused: undefined,
        // With an odd number of failures before it, this one leads to the next transport.
        failures: state.failures | (isHeld as never),
      }
}

function noSooner(state: LinkState, now: number, waitMs: number): LinkState {
  return { ...state, notBefore: Math.max(state.notBefore, now + Math.min(waitMs, RETRY_AFTER_CAP_MS)) }
}

/** Goes to `waiting`. From `connecting`, this counts as a failed handshake. */
function leave(state: LinkState, now: number, random: number): Transition {
  const { phase, lesser } = state
  const failed = phase === 'connecting'
  const unsteady = phase === 'open' && now - state.openedAt >= STEADY_MS ? 0 : state.unsteady
  const failures = state.failures + +failed
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
  if (!failed || (!lesser && failures % FALLBACK_AFTER > 0)) return [left, 'drop']
  const rung = lesser ?? (state.rung + 1) % state.rungs
  // No other handshake has failed: the lesser transport works, and the network blocks the best one.
  const isBlocked = lesser && failures === 1
  const betterAt = now + (0.5 + random) * (isBlocked ? BETTER_EVERY_MS : BETTER_SOON_MS)
  return [{ ...left, rung, betterAt, lesser: undefined }, 'drop']
}

function wake(state: LinkState, now: number, random: number): Transition {
  if (state.phase === 'waiting')
    return [
      { ...state, phase: 'connecting', notBefore: now + ATTEMPT_GAP_MS, deadline: now + HELLO_WAIT_MS },
      'open',
    ]
  return leave(now < state.deadline ? { ...state, rung: 0, lesser: state.rung } : state, now, random)
}

function nudge(state: LinkState, now: number, random: number): Transition {
  if (state.phase !== 'waiting') return now < state.deadline ? [state] : leave(state, now, random)
  // A short random wait: when the network of a whole city returns, its readers do not connect in one instant.
  const soon = Math.max(state.notBefore, now + random * BACKOFF_BASE_MS)
  // The network may be another one: the best transport is tried first, and the current one next.
  const lesser = state.rung || state.lesser
  return [{ ...state, rung: 0, lesser, deadline: Math.min(state.deadline, soon) }]
}
