/** The freshness of a try that changes what the other admin has read last. */
export const AIMED = 1

/** One try of the cheat. The numbers choose among the things that exist at that moment. */
export interface Try {
  readonly act: CheatAct
  readonly target: number
  readonly detail: number
  readonly hand: number
  /** 0: names an older version than the present one. */
  readonly freshness: number
}

export interface Aim {
  readonly kind: 'headline' | 'policy' | 'roles' | 'recovery' | 'key' | 'invitation'
  readonly id?: string
}

/** All kinds of tries with their weights: those that give or release something are the most frequent ones. */
export const cheatActs = {
  write: 3,
  'act-on-headline': 14,
  'approve-headline': 6,
  retract: 1,
  'create-feed': 1,
  'put-policy': 4,
  'approve-policy': 3,
  freeze: 1,
  thaw: 1,
  invite: 4,
  'accept-invitation': 4,
  'approve-invitation': 3,
  'withdraw-invitation': 1,
  'change-roles': 5,
  'approve-roles': 4,
  disable: 2,
  enable: 2,
  remove: 2,
  'start-recovery': 3,
  'approve-recovery': 3,
  'cancel-recovery': 1,
  recover: 5,
  'list-sessions': 2,
  'end-sessions': 1,
  'end-session': 1,
  'issue-key': 4,
  'approve-key': 3,
  'revoke-key': 1,
  'thaw-key': 1,
  'add-second-factor': 1,
  'guess-password': 1,
  look: 4,
} as const
export type CheatAct = keyof typeof cheatActs
