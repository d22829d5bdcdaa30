import { fold, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { EventFrame, Frame } from '../../src/protocol/frames.ts'
import { parsePosition } from '../../src/protocol/position.ts'

/** What a reader decides about its connection. All times are on one monotonic clock, in milliseconds. */
export const limits = {
  /** The wait before attempt n is drawn from 0 to base × 2ⁿ, at most the cap (full jitter). */
  backoffBaseMs: 500,
  backoffCapMs: 15_000,
  /** Attempts are never closer than this, however small the draw and however often the network returns. */
  attemptGapMs: 500,
  /** A connection that says no hello for so long counts as refused. */
  helloWaitMs: 10_000,
  /** Only a connection that held for so long makes the next wait short again. */
  steadyMs: 10_000,
  /** A longer `retryAfterMs` is not believed: nobody looks at a page that waits for a day. */
  retryAfterCapMs: 300_000,
  /** After a close that says "do not retry unchanged": much later, and without the position. */
  rejectedWaitMs: 60_000,
  /** After a close that says "too many". */
  floodingWaitMs: 15_000,
} as const

export interface ConnectionState {
  readonly phase: 'waiting' | 'connecting' | 'open'
  /** Pass it as `after`. `undefined` asks for the whole strip. */
  readonly position: string | undefined
  /** The lines as last known; `undefined` until the first reset. */
  readonly strip: Strip | undefined
  /** The server says that it may be behind. */
  readonly stale: boolean
  /** The newsroom has stopped the feed. */
  readonly frozen: boolean
  /** Feed `tick` at this time. */
  readonly wakeAt: number
  readonly attemptedAt: number
  /** No attempt before this: the server asked. */
  readonly notBefore: number
  readonly openedAt: number
  readonly heardAt: number
  readonly heartbeatMs: number
  /** Connections in a row that did not hold. */
  readonly unsteady: number
  /** Connections in a row that ended without a hello. */
  readonly refusals: number
}

export type ConnectionInput =
  /** `undefined` is a frame of an unknown type: a sign of life, nothing else. */
  | { readonly kind: 'frame'; readonly frame: Frame | undefined }
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'tick' }
  /** The network came back, or somebody looks at the page again. */
  | { readonly kind: 'nudge' }

export interface Decision {
  readonly state: ConnectionState
  /** `connect`: open a socket at `state.position`. `disconnect`: drop the socket and hear it no more. */
  readonly effect?: 'connect' | 'disconnect'
}

export function startOf(now: number): ConnectionState {
  return {
    phase: 'waiting',
    position: undefined,
    strip: undefined,
    stale: false,
    frozen: false,
    wakeAt: now,
    attemptedAt: -Infinity,
    notBefore: -Infinity,
    openedAt: -Infinity,
    heardAt: -Infinity,
    heartbeatMs: 15_000,
    unsteady: 0,
    refusals: 0,
  }
}

/** @param random the draw for the jitter, from 0 to below 1 */
export function decide(
  state: ConnectionState,
  input: ConnectionInput,
  now: number,
  random: number,
): Decision {
  switch (input.kind) {
    case 'frame':
      return state.phase === 'waiting' ? { state } : hear(state, input.frame, now, random)
    case 'closed':
      return state.phase === 'waiting' ? { state } : { state: afterClose(state, input.code, now, random) }
    case 'tick':
      return now < state.wakeAt ? { state } : wake(state, now, random)
    case 'nudge':
      return nudge(state, now, random)
    default:
      return input satisfies never
  }
}

export type ConnectionStatus = 'live' | 'connecting' | 'stale' | 'offline'

export function statusOf({ phase, position, stale, refusals }: ConnectionState): ConnectionStatus {
  if (phase === 'open' && position !== undefined) return stale ? 'stale' : 'live'
  return refusals >= 2 ? 'offline' : 'connecting'
}

function hear(state: ConnectionState, frame: Frame | undefined, now: number, random: number): Decision {
  const heard = { ...state, heardAt: now }
  if (frame?.type === 'hello') {
    const { heartbeatMs, stale = false, frozen = false } = frame
    const openedAt = state.phase === 'open' ? state.openedAt : now
    return alive({ ...heard, phase: 'open', openedAt, heartbeatMs, stale, frozen, refusals: 0 })
  }
  // Nothing is believed before the hello; the wait for it goes on.
  if (state.phase !== 'open') return { state }

  switch (frame?.type) {
    case undefined:
      return alive(heard)
    case 'reset':
      return alive({ ...heard, position: frame.position, strip: stripOf(frame.strip) })
    case 'event':
      return takeEvent(heard, frame, now, random)
    case 'head':
      return alive({
        ...heard,
        ...movedTo(heard, frame.position),
        stale: frame.stale ?? false,
        frozen: frame.frozen ?? false,
      })
    case 'bye': {
      const notBefore = now + Math.min(frame.retryAfterMs, limits.retryAfterCapMs)
      return { state: retryLater({ ...heard, notBefore }, now, random), effect: 'disconnect' }
    }
    default:
      return frame satisfies never
  }
}

function takeEvent(state: ConnectionState, frame: EventFrame, now: number, random: number): Decision {
  const step = stepsBetween(state.position, frame.position)
  // A repeat.
  if (step !== undefined && step <= 0) return alive(state)
  if (step === 1 && state.strip !== undefined)
    return alive({ ...state, position: frame.position, strip: fold(state.strip, frame) })
  // A hole, or another history: the lines shown stay until the whole strip has come anew.
  return { state: retryLater({ ...state, position: undefined }, now, random), effect: 'disconnect' }
}

/** The head never moves a reader back, nor into another history: that is a reset's business. */
function movedTo({ position }: ConnectionState, head: string): Pick<ConnectionState, 'position'> {
  return { position: (stepsBetween(position, head) ?? 0) > 0 ? head : position }
}

/** `undefined` where no position is held, or where the two are of different histories. */
function stepsBetween(position: string | undefined, next: string): number | undefined {
  const from = parsePosition(position ?? '')
  const to = parsePosition(next)
  if (!from || from.epoch !== to?.epoch) return undefined
  return to.seq - from.seq
}

function alive(state: ConnectionState): Decision {
  return { state: { ...state, wakeAt: state.heardAt + 2 * state.heartbeatMs } }
}

const REJECTED = new Set([1002, 1007, 1009, 4400])
const FLOODING = 4429

function afterClose(state: ConnectionState, code: number, now: number, random: number): ConnectionState {
  if (REJECTED.has(code)) {
    const notBefore = Math.max(state.notBefore, now + limits.rejectedWaitMs)
    return retryLater({ ...state, position: undefined, notBefore }, now, random)
  }
  if (code === FLOODING) {
    const notBefore = Math.max(state.notBefore, now + limits.floodingWaitMs)
    return retryLater({ ...state, notBefore }, now, random)
  }
  return retryLater(state, now, random)
}

function retryLater(state: ConnectionState, now: number, random: number): ConnectionState {
  const held = state.phase === 'open' && now - state.openedAt >= limits.steadyMs
  const unsteady = held ? 0 : state.unsteady
  const ceilingMs = Math.min(limits.backoffCapMs, limits.backoffBaseMs * 2 ** unsteady)
  return {
    ...state,
    phase: 'waiting',
    stale: false,
    wakeAt: earliest(state, now + random * ceilingMs),
    unsteady: unsteady + 1,
    refusals: state.phase === 'connecting' ? state.refusals + 1 : state.refusals,
  }
}

function earliest({ attemptedAt, notBefore }: ConnectionState, wanted: number): number {
  return Math.max(wanted, notBefore, attemptedAt + limits.attemptGapMs)
}

function wake(state: ConnectionState, now: number, random: number): Decision {
  if (state.phase !== 'waiting') return { state: retryLater(state, now, random), effect: 'disconnect' }
  const wakeAt = now + limits.helloWaitMs
  return { state: { ...state, phase: 'connecting', attemptedAt: now, wakeAt }, effect: 'connect' }
}

function nudge(state: ConnectionState, now: number, random: number): Decision {
  if (state.phase !== 'waiting') return now < state.wakeAt ? { state } : wake(state, now, random)
  // A short draw all the same: when a whole city's network returns, its readers do not come in one instant.
  const soon = earliest(state, now + random * limits.backoffBaseMs)
  return { state: { ...state, wakeAt: Math.min(state.wakeAt, soon) } }
}
