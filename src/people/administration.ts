import { raisedIn, type FeedRoles } from '../protocol/feed-roles.ts'
import { accountsOf, type Account } from './account.ts'
import { isAdmin, otherAdmin } from './admins.ts'
import { change } from './change.ts'
import { removeInvitations } from './invitations.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'

/** By creation, oldest first. */
export async function listAccounts({ store }: People): Promise<Account[]> {
  const all = (await accountsOf(store).list()).map(({ record }) => record)
  return all.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** What raises somebody waits for a second admin where the two-person rule is on; what lowers them counts at once. */
export function changeRoles(people: People, actor: Actor, id: string, roles: FeedRoles) {
  return changeAccount<never>(people, actor, id, 'roles-changed', async (account) => {
    const waits = await people.twoPersonRuleIn(raisedIn(account.roles, roles))
    const { proposal: _, ...rest } = account
    return waits ? { ...rest, proposal: { roles, by: actor.person } } : { ...rest, roles }
  })
}

/** Neither by the one who asked for it nor by the one whom it raises. */
export function approveRoles(people: People, actor: Actor, id: string) {
  return changeAccount<'nothing-to-approve' | 'self-approval'>(
    people,
    actor,
    id,
    'roles-approved',
    ({ proposal, ...account }) => {
      if (!proposal) return 'nothing-to-approve'
      if ([proposal.by, account.id].includes(actor.person)) return 'self-approval'
      return { ...account, roles: proposal.roles }
    },
  )
}

/** A disabled account has no session and no key that works; it never comes back to an old session. */
export function setDisabled(people: People, actor: Actor, id: string, disabled: boolean) {
  const action = disabled ? 'account-disabled' : 'account-enabled'
  return changeAccount<never>(people, actor, id, action, (account) => ({
    ...account,
    disabled,
    epoch: account.epoch + 1,
  }))
}

/** No older invitation brings its person back. Their acts stay in the audit. */
export function removeAccount(people: People, actor: Actor, id: string) {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const seen = await accounts.read(id)
    if (!seen) return 'no-such-account'
    const guards = isAdmin(seen.record) ? await otherAdmin(people.store, id) : []
    if (!guards) return 'last-admin'
    const { email, name } = seen.record
    const itsEmail = { key: people.store.keys.desk.emails, field: email, seen: id, value: null }
    const invitations = await removeInvitations(people.store, email)
    return {
      writes: [accounts.remove(seen), itsEmail, ...invitations, ...guards],
      audit: { action: 'account-removed', act: actBy(actor), detail: { account: id, email, name } },
      result: undefined,
    }
  })
}

type NextAccount<Refusal> = Account | Refusal | Promise<Account | Refusal>

/** An admin who can sign in must remain. */
function changeAccount<Refusal extends string>(
  people: People,
  actor: Actor,
  id: string,
  action: string,
  next: (account: Account) => NextAccount<Refusal>,
): Promise<Account | Refusal | 'no-such-account' | 'last-admin'> {
  const accounts = accountsOf(people.store)
  return change<Account, Refusal | 'no-such-account' | 'last-admin'>(people.store, async () => {
    const seen = await accounts.read(id)
    if (!seen) return 'no-such-account'
    const account = await next(seen.record)
    if (typeof account === 'string') return account
    const guards = isAdmin(seen.record) && !isAdmin(account) ? await otherAdmin(people.store, id) : []
    if (!guards) return 'last-admin'
    return {
      writes: [accounts.replace(seen, account), ...guards],
      audit: { action, act: actBy(actor), detail: changed(seen.record, account) },
      result: account,
    }
  })
}

/** Before and after, without secrets. */
function changed(before: Account, after: Account) {
  const told = ({ roles, disabled, proposal }: Account) => ({
    roles,
    disabled,
    ...(proposal && { proposal }),
  })
  return { account: before.id, before: told(before), after: told(after) }
}
