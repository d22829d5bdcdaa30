import type { Status } from '../protocol/status.ts'

/** What an editor can do to a headline that exists. */
export const actions = ['correct', 'withdraw', 'expire'] as const
export type Action = (typeof actions)[number]

interface Rule {
  /** Statuses in which the action is allowed. */
  readonly allowed: readonly Status[]
  /** The status that the headline takes as soon as the change is accepted; undefined keeps it. */
  readonly status?: Status
}

/** The newsroom's rules. A withdrawal is possible from everywhere: nobody needs approval for it. */
const rules: Readonly<Record<Action, Rule>> = {
  correct: { allowed: ['due', 'live'] },
  withdraw: { allowed: ['due', 'live', 'held', 'expired'], status: 'withdrawn' },
  expire: { allowed: ['live', 'held'], status: 'expired' },
}

export function ruleOf(action: Action): Rule {
  return rules[action]
}

/** What is possible now, for an editor who tried something else. */
export function allowedActions(status: Status): Action[] {
  return actions.filter((action) => rules[action].allowed.includes(status))
}
