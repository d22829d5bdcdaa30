import type { PublicStatus } from './statuses.ts'

/** The change of a headline in an event. `leave` is only in filtered streams: it no longer passes the filter. */
export const ops = [
  'publish',
  'correct',
  'hold',
  'resume',
  'withdraw',
  'expire',
  'pin',
  'unpin',
  'leave',
] as const
export type Op = (typeof ops)[number]
/** Operations that the log can hold. */
export type LoggedOp = Exclude<Op, 'leave'>

interface OpEffect {
  /** The status of the headline in its event. Only a live one shows. */
  readonly status: PublicStatus
  /** Removes a headline, or its words, from the screen; readers acknowledge it. */
  readonly clears: boolean
  /** Released before everything else that is due, also while the feed is frozen. */
  readonly goesFirst: boolean
  /** The words of the headline stay as they are: earlier events may go on showing them. */
  readonly keepsWords: boolean
}

/** The tables of the Lua scripts and of the client say the same: test/contract/lists.test.ts compares them. */
export const opEffects = {
  publish: { status: 'live', clears: false, goesFirst: false, keepsWords: false },
  correct: { status: 'live', clears: true, goesFirst: false, keepsWords: false },
  hold: { status: 'held', clears: true, goesFirst: true, keepsWords: false },
  resume: { status: 'live', clears: false, goesFirst: false, keepsWords: false },
  withdraw: { status: 'withdrawn', clears: true, goesFirst: true, keepsWords: false },
  expire: { status: 'expired', clears: false, goesFirst: false, keepsWords: false },
  pin: { status: 'live', clears: false, goesFirst: false, keepsWords: true },
  unpin: { status: 'live', clears: false, goesFirst: false, keepsWords: true },
  leave: { status: 'filtered', clears: true, goesFirst: false, keepsWords: false },
} as const satisfies Readonly<Record<Op, OpEffect>>

type OpWith<Effect> = { [Each in Op]: (typeof opEffects)[Each] extends Effect ? Each : never }[Op]
/** Operations of the log that remove a headline from the strip. */
export type RemovalOp = Exclude<LoggedOp, OpWith<{ status: 'live' }>>
export type FirstOp = OpWith<{ goesFirst: true }>

/** The operations with an effect. It is a set of strings, so that an op of a newer version can be looked up. */
export function opsThat(has: (effect: OpEffect) => boolean): ReadonlySet<string> {
  return new Set(ops.filter((op) => has(opEffects[op])))
}
