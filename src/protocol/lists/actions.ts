/** The acts of a newsroom on a headline. */
export const actions = [
  'save',
  'submit',
  'approve',
  'return',
  'reject',
  'release',
  'undo',
  'schedule',
  'correct',
  'hold',
  'resume',
  'withdraw',
  'expire',
  'pin',
  'unpin',
  /** Calls the headline breaking for another while. */
  'label',
  /** Ends that now. */
  'unlabel',
  'restore',
  'discard',
  /** The newsroom has checked a headline whose story changed in another feed. */
  'attended',
] as const
export type Action = (typeof actions)[number]

/**
 * `writes`: new words. `releases`: saved words go out. `takes-back`: neither a frozen feed nor a frozen key blocks it.
 */
type ActionKind = 'writes' | 'releases' | 'takes-back' | 'other'

const kinds = {
  save: 'writes',
  submit: 'other',
  approve: 'releases',
  return: 'other',
  reject: 'other',
  release: 'releases',
  undo: 'takes-back',
  schedule: 'releases',
  correct: 'writes',
  hold: 'takes-back',
  resume: 'other',
  withdraw: 'takes-back',
  expire: 'other',
  pin: 'other',
  unpin: 'other',
  label: 'other',
  unlabel: 'other',
  restore: 'writes',
  discard: 'takes-back',
  attended: 'other',
} as const satisfies Readonly<Record<Action, ActionKind>>

export function isOfKind(kind: ActionKind, action: Action): boolean {
  return kinds[action] === kind
}
