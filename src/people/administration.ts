import type { Write } from '../eventlog/store/compare-and-write.ts'
import { raisedIn, type FeedRoles } from '../protocol/feed-roles.ts'
import { accountsOf, type Account } from './account.ts'
import { needsSecondAdmin, remainingAdmins } from './admins.ts'
import { change } from './change.ts'
import { removeInvitations } from './invitations.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'
import type { StoredRecord } from './records.ts'
import { SHOWN_FAILURES } from './throttle.ts'

export async function readAccount({ store }: People, id: string): Promise<Account | undefined> {
  return (await accountsOf(store).read(id))?.record
}

/** Wrong passwords for an account within 15 minutes, from all addresses; undefined below the number that is shown. */
export async function failedSignIns({ throttle }: People, { email }: Account): Promise<number | undefined> {
  const failures = await throttle.failures(`password ${email}`)
  return failures >= SHOWN_FAILURES ? failures : undefined
}

/** All accounts, oldest first. */
export async function listAccounts({ store }: People): Promise<Account[]> {
  const accounts = (await accountsOf(store).list()).map(({ record }) => record)
  return accounts.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

type AccountRefusal = 'no-such-account' | 'last-admin' | 'last-but-one-admin'
type ApprovalRefusal = AccountRefusal | 'stale-version' | 'nothing-to-approve' | 'self-approval'

/**
 * Under the two-person rule a higher role, and the end of an admin's role, wait for a second admin. All other changes
 * take effect at once.
 */
export function changeRoles(
  people: People,
  actor: Actor,
  id: string,
  roles: FeedRoles,
): Promise<Account | AccountRefusal> {
  return changeAccount(people, actor, id, 'roles-changed', async ({ proposal: _, ...account }) => {
    const changed = { ...account, roles }
    const waits =
      (await needsSecondAdmin(people, account, changed)) ||
      (await people.twoPersonRuleIn(raisedIn(account.roles, roles)))
    if (!waits) return withNextVersion(changed)
    const remaining = await remainingAdmins(people, account, changed)
    if (typeof remaining === 'string') return remaining
    return withNextVersion({ ...account, proposal: { roles, by: actor.person } })
  })
}

/**
 * Approves the proposed roles, or the proposed removal, of the version that the approver has read. Neither the proposer
 * nor the owner of the account may approve them. Undefined: the account is removed, and `notes` are written in the same
 * step.
 */
export function approveRoles(
  people: People,
  actor: Actor,
  id: string,
  seenVersion: number,
  notes: readonly Write[] = [],
): Promise<Account | undefined | ApprovalRefusal> {
  const accounts = accountsOf(people.store)
  return change<Account | undefined, ApprovalRefusal>(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const { proposal, ...account } = stored.record
    if (account.version !== seenVersion) return 'stale-version'
    if (!proposal) return 'nothing-to-approve'
    if ([proposal.by, account.id].includes(actor.person)) return 'self-approval'
    return proposal.removal
      ? removal(people, actor, stored, notes)
      : changeOf(
          people,
          actor,
          stored,
          'roles-approved',
          withNextVersion({ ...account, roles: proposal.roles }),
        )
  })
}

/**
 * Disabling ends all sessions and blocks the account's keys. The old sessions stay ended when it is enabled again.
 * `notes` are written in the same step.
 */
export function setDisabled(
  people: People,
  actor: Actor,
  id: string,
  disabled: boolean,
  notes: readonly Write[] = [],
): Promise<Account | AccountRefusal> {
  const action = disabled ? 'account-disabled' : 'account-enabled'
  const next = (account: Account) => ({ ...account, disabled, epoch: account.epoch + 1 })
  return changeAccount(people, actor, id, action, next, notes)
}

/** Ends all sessions of another person, who can sign in again. */
export function endSessionsOf(people: People, actor: Actor, id: string): Promise<Account | AccountRefusal> {
  return changeAccount(people, actor, id, 'sessions-ended', (account) => ({
    ...account,
    epoch: account.epoch + 1,
  }))
}

/**
 * Removes the account, and the invitations to its email, so that no old invitation creates the account again. Under the
 * two-person rule the removal of an admin waits for a second admin: the answer is the account with the proposal. `notes`
 * are written in the step that removes the account.
 */
export function removeAccount(
  people: People,
  actor: Actor,
  id: string,
  notes: readonly Write[] = [],
): Promise<Account | undefined | AccountRefusal> {
  const accounts = accountsOf(people.store)
  return change<Account | undefined, AccountRefusal>(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    if (!(await needsSecondAdmin(people, stored.record))) return removal(people, actor, stored, notes)
    const remaining = await remainingAdmins(people, stored.record)
    if (typeof remaining === 'string') return remaining
    const proposal = { roles: {}, by: actor.person, removal: true } as const
    const account = withNextVersion({ ...stored.record, proposal })
    return changeOf(people, actor, stored, 'account-removal-proposed', account)
  })
}

/** Changes an account and refuses a change that would leave too few admins who can sign in. */
function changeAccount(
  people: People,
  actor: Actor,
  id: string,
  action: string,
  next: (account: Account) => Account | Promise<Account | AccountRefusal>,
  notes: readonly Write[] = [],
): Promise<Account | AccountRefusal> {
  const accounts = accountsOf(people.store)
  return change<Account, AccountRefusal>(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const account = await next(stored.record)
    return typeof account === 'string' ? account : changeOf(people, actor, stored, action, account, notes)
  })
}

async function changeOf(
  people: People,
  actor: Actor,
  stored: StoredRecord<Account>,
  action: string,
  account: Account,
  notes: readonly Write[] = [],
) {
  const guards = await remainingAdmins(people, stored.record, account)
  if (typeof guards === 'string') return guards
  return {
    writes: [accountsOf(people.store).replace(stored, account), ...notes, ...guards],
    audit: { action, act: actBy(actor), detail: changed(stored.record, account) },
    result: account,
  }
}

async function removal(people: People, actor: Actor, stored: StoredRecord<Account>, notes: readonly Write[]) {
  const guards = await remainingAdmins(people, stored.record)
  if (typeof guards === 'string') return guards
  const { id, email, name } = stored.record
  const emailWrite = { key: people.store.keys.desk.emails, field: email, expected: id, value: null }
  const invitations = await removeInvitations(people.store, email)
  return {
    writes: [accountsOf(people.store).remove(stored), emailWrite, ...invitations, ...notes, ...guards],
    audit: { action: 'account-removed', act: actBy(actor), detail: { account: id, email, name } },
    result: undefined,
  }
}

function withNextVersion(account: Account): Account {
  return { ...account, version: account.version + 1 }
}

/** The audit's detail: the account before and after the change, without secrets. */
function changed(before: Account, after: Account) {
  const withoutSecrets = ({ roles, disabled, proposal }: Account) => ({
    roles,
    disabled,
    ...(proposal && { proposal }),
  })
  return { account: before.id, before: withoutSecrets(before), after: withoutSecrets(after) }
}
