import { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { feedRolesSchema, raisedIn } from '../protocol/feed-roles.ts'
import { accountOfEmail, actorAt, addAccount, newAccount, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'
import { Records, type Seen } from './records.ts'
import { hashOf, isSecretOf } from './secrets.ts'

const INVITATION_MS = 72 * 3_600_000
/** `inv_<id>_<secret>` */
const TOKEN = /^inv_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  roles: feedRolesSchema,
  tokenHash: z.string(),
  /** The person who invites. */
  by: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  waitsFor: z.literal('approval').optional(),
})
export type Invitation = z.output<typeof invitationSchema>

export type ShownInvitation = Omit<Invitation, 'tokenHash'>

function invitationsOf(store: Store): Records<Invitation> {
  return new Records(store, store.keys.desk.invitations, invitationSchema)
}

/** Invites somebody; `token` is known only here and now. Works once, within 72 h. */
export async function invite(
  people: People,
  actor: Actor,
  { email, roles }: Pick<Invitation, 'email' | 'roles'>,
): Promise<{ token: string; invitation: ShownInvitation } | 'account-exists'> {
  const id = people.ids.id()
  const secret = people.ids.secret()
  const now = people.clock()
  const waits = await people.twoPersonRuleIn(raisedIn({}, roles))
  const invitation: Invitation = {
    id,
    email,
    roles,
    tokenHash: hashOf(secret),
    by: actor.person,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + INVITATION_MS).toISOString(),
    ...(waits && { waitsFor: 'approval' }),
  }
  return change(people.store, async () => {
    if (await accountOfEmail(people.store, email)) return 'account-exists'
    return {
      writes: [invitationsOf(people.store).add(invitation)],
      audit: { action: 'invited', act: actBy(actor), detail: shownInvitation(invitation) },
      result: { token: `inv_${id}_${secret}`, invitation: shownInvitation(invitation) },
    }
  })
}

/** Those that can still be accepted or approved, oldest first. */
export async function listInvitations({ store, clock }: People): Promise<ShownInvitation[]> {
  const all = (await invitationsOf(store).list()).map(({ record }) => record)
  return all
    .filter((invitation) => !isOver(invitation, clock()))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map(shownInvitation)
}

export function approveInvitation(people: People, actor: Actor, id: string) {
  const invitations = invitationsOf(people.store)
  return change(people.store, async () => {
    const seen = await invitations.read(id)
    if (!seen) return 'no-such-invitation'
    const { waitsFor, ...invitation } = seen.record
    if (waitsFor === undefined) return 'nothing-to-approve'
    if (invitation.by === actor.person) return 'self-approval'
    return {
      writes: [invitations.replace(seen, invitation)],
      audit: { action: 'invitation-approved', act: actBy(actor), detail: { invitation: id } },
      result: shownInvitation(invitation),
    }
  })
}

/** Takes away whatever an email is invited to, the invitations that are over too. */
export async function removeInvitations(store: Store, email: string): Promise<Write[]> {
  const invitations = invitationsOf(store)
  const own = (await invitations.list()).filter(({ record }) => record.email === email)
  return own.map((seen) => invitations.remove(seen))
}

export function withdrawInvitation(people: People, actor: Actor, id: string) {
  const invitations = invitationsOf(people.store)
  return change(people.store, async () => {
    const seen = await invitations.read(id)
    if (!seen) return 'no-such-invitation'
    return {
      writes: [invitations.remove(seen)],
      audit: { action: 'invitation-withdrawn', act: actBy(actor), detail: { invitation: id } },
      result: undefined,
    }
  })
}

/** Makes the account that the token invites to. */
export async function acceptInvitation(
  people: People,
  ip: string,
  { token, name, password }: { readonly token: string; readonly name: string; readonly password: string },
) {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? []
  const known = await invitationsOf(people.store).read(id)
  if (!isSecretOf(secret, known?.record.tokenHash)) return 'invalid-token'
  const passwordHash = await people.passwords.hash(password)
  return become(people, ip, () => invitationsOf(people.store).read(id), { name, passwordHash })
}

/** Makes the account that an email is invited to, for somebody whose email another one vouches for. */
export function acceptByEmail(people: People, ip: string, email: string, name: string) {
  const find = async () => {
    const all = await invitationsOf(people.store).list()
    return all.find(
      ({ record }) =>
        record.email === email && record.waitsFor === undefined && !isOver(record, people.clock()),
    )
  }
  return become(people, ip, find, { name, singleSignOn: true })
}

function become(
  people: People,
  ip: string,
  find: () => Promise<Seen<Invitation> | undefined>,
  own: Pick<Account, 'name'> & Partial<Account>,
) {
  return change(people.store, async () => {
    const seen = await find()
    if (!seen || isOver(seen.record, people.clock())) return 'invalid-token'
    const { id, email, roles, waitsFor } = seen.record
    if (waitsFor !== undefined) return 'waits-for-approval'
    if (await accountOfEmail(people.store, email)) return 'account-exists'
    const account: Account = { ...newAccount(people, { email, roles, name: own.name }), ...own }
    return {
      writes: [invitationsOf(people.store).remove(seen), ...addAccount(people.store, account)],
      audit: {
        action: 'account-made',
        act: actBy(actorAt(account, ip)),
        detail: { account: account.id, email, roles, invitation: id },
      },
      result: account,
    }
  })
}

function isOver({ expiresAt }: Invitation, now: number): boolean {
  return Date.parse(expiresAt) <= now
}

function shownInvitation({ tokenHash: _, ...shown }: Invitation): ShownInvitation {
  return shown
}
