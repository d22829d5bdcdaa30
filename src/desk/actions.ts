import type { Action } from '../protocol/lists/actions.ts'
import { opsThat, type FirstOp } from '../protocol/lists/ops.ts'
import type { Role } from '../protocol/lists/roles.ts'
import type { Status } from '../protocol/lists/statuses.ts'

/**
 * The requirement of an action. `author`: an editor, or a person who took part in the headline. `alone`: the
 * right to publish the headline alone; `editor-alone`: an editor with that right. `second`: an editor who did not write or
 * submit it, or who may publish it alone.
 */
export type Need = 'reporter' | 'editor' | 'author' | 'alone' | 'editor-alone' | 'second'

/**
 * The statuses in which an action is possible, and what it requires there. On a released headline, `approve` concerns
 * the proposal. A headline that was never released is discarded, not withdrawn: see permission.ts.
 */
const rules: Readonly<Record<Action, Readonly<Partial<Record<Status, Need>>>>> = {
  save: {
    draft: 'reporter',
    returned: 'reporter',
    pending: 'reporter',
    due: 'editor',
    'needs-decision': 'reporter',
  },
  submit: { draft: 'reporter', returned: 'reporter' },
  approve: { pending: 'second', live: 'second', held: 'second' },
  return: { pending: 'editor', live: 'editor', held: 'editor' },
  reject: { pending: 'editor', live: 'editor', held: 'editor' },
  release: { draft: 'alone', returned: 'alone', due: 'editor-alone', 'needs-decision': 'second' },
  undo: { due: 'author' },
  schedule: { draft: 'alone', returned: 'alone', due: 'second', 'needs-decision': 'second' },
  correct: { due: 'editor', live: 'reporter', held: 'reporter' },
  hold: { live: 'reporter' },
  resume: { held: 'editor' },
  withdraw: {
    draft: 'reporter',
    pending: 'reporter',
    returned: 'reporter',
    rejected: 'reporter',
    discarded: 'reporter',
    due: 'reporter',
    'needs-decision': 'reporter',
    live: 'reporter',
    held: 'reporter',
    expired: 'reporter',
  },
  expire: { live: 'editor', held: 'editor' },
  pin: { live: 'editor' },
  unpin: { live: 'editor' },
  label: { live: 'editor' },
  unlabel: { live: 'editor' },
  restore: {
    draft: 'reporter',
    returned: 'reporter',
    live: 'reporter',
    held: 'reporter',
    expired: 'reporter',
    rejected: 'reporter',
    discarded: 'reporter',
  },
  discard: {
    draft: 'author',
    pending: 'author',
    returned: 'author',
    rejected: 'author',
    'needs-decision': 'author',
  },
  attended: {
    due: 'reporter',
    'needs-decision': 'reporter',
    live: 'reporter',
    held: 'reporter',
    expired: 'reporter',
  },
}

export function needOf(action: Action, status: Status): Need | undefined {
  return rules[action][status]
}

/** The lowest role that may perform the action in at least one status. */
export function leastRole(action: Action): Role {
  return Object.values(rules[action]).every((need) => need === 'editor' || need === 'second')
    ? 'editor'
    : 'reporter'
}

/** A stop takes effect at once: it needs no approval, and the actor need not have seen the newest version. */
export function isStop(action: Action): action is FirstOp {
  return stops.has(action)
}

const stops = opsThat(({ goesFirst }) => goesFirst)
