import { raisedIn, type FeedRoles } from '../protocol/feed-roles.ts'
import { accountsOf, type Account } from './account.ts'
import { isAdmin, otherAdmin } from './admins.ts'
import { change } from './change.ts'
import { removeInvitations } from './invitations.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'

export async function readAccount({ store }: People, id: string): Promise<Account | undefined> {
  return (await accountsOf(store).read(id))?.record
}

/** All accounts, oldest first. */
export async function listAccounts({ store }: People): Promise<Account[]> {
  const accounts = (await accountsOf(store).list()).map(({ record }) => record)
  return accounts.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** Under the two-person rule a higher role waits for a second admin. All other changes take effect at once. */
export function changeRoles(people: People, actor: Actor, id: string, roles: FeedRoles) {
  return changeAccount<never>(people, actor, id, 'roles-changed', async (account) => {
    const waits = await people.twoPersonRuleIn(raisedIn(account.roles, roles))
    const { proposal: _, ...rest } = account
    const next = { ...rest, version: account.version + 1 }
    return waits ? { ...next, proposal: { roles, by: actor.person } } : { ...next, roles }
  })
}

/**
 * Approves the proposed roles of the version that the approver has read. Neither the proposer nor the owner of the
 * account may approve them.
 */
export function approveRoles(people: People, actor: Actor, id: string, seenVersion: number) {
  return changeAccount<'stale-version' | 'nothing-to-approve' | 'self-approval'>(
    people,
    actor,
    id,
    'roles-approved',
    ({ proposal, ...account }) => {
      if (account.version !== seenVersion) return 'stale-version'
      if (!proposal) return 'nothing-to-approve'
      if ([proposal.by, account.id].includes(actor.person)) return 'self-approval'
      return { ...account, version: account.version + 1, roles: proposal.roles }
    },
  )
}

/** Disabling ends all sessions and blocks the account's keys. The old sessions stay ended when it is enabled again. */
export function setDisabled(people: People, actor: Actor, id: string, disabled: boolean) {
  const action = disabled ? 'account-disabled' : 'account-enabled'
  return changeAccount<never>(people, actor, id, action, (account) => ({
    ...account,
    disabled,
    epoch: account.epoch + 1,
  }))
}

/** Also removes the invitations to the account's email, so that no old invitation creates the account again. */
export function removeAccount(people: People, actor: Actor, id: string) {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const guards = isAdmin(stored.record) ? await otherAdmin(people.store, id) : []
    if (!guards) return 'last-admin'
    const { email, name } = stored.record
    const emailWrite = { key: people.store.keys.desk.emails, field: email, expected: id, value: null }
    const invitations = await removeInvitations(people.store, email)
    return {
      writes: [accounts.remove(stored), emailWrite, ...invitations, ...guards],
      audit: { action: 'account-removed', act: actBy(actor), detail: { account: id, email, name } },
      result: undefined,
    }
  })
}

type NextAccount<Refusal> = Account | Refusal | Promise<Account | Refusal>

/** Changes an account and refuses a change that would leave no admin who can sign in. */
function changeAccount<Refusal extends string>(
  people: People,
  actor: Actor,
  id: string,
  action: string,
  next: (account: Account) => NextAccount<Refusal>,
): Promise<Account | Refusal | 'no-such-account' | 'last-admin'> {
  const accounts = accountsOf(people.store)
  return change<Account, Refusal | 'no-such-account' | 'last-admin'>(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const account = await next(stored.record)
    if (typeof account === 'string') return account
    const guards = isAdmin(stored.record) && !isAdmin(account) ? await otherAdmin(people.store, id) : []
    if (!guards) return 'last-admin'
    return {
      writes: [accounts.replace(stored, account), ...guards],
      audit: { action, act: actBy(actor), detail: changed(stored.record, account) },
      result: account,
    }
  })
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
