/** What somebody in the newsroom can do to a headline. */
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
  'restore',
  'discard',
  /** Somebody has looked at a line whose story went on in another feed. */
  'attended',
] as const
export type Action = (typeof actions)[number]
