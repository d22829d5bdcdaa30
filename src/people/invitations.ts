import { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { feedRolesSchema, raisedIn } from '../protocol/feed-roles.ts'
import { accountOfEmail, actorAt, addAccount, newAccount, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'
import { Records, type StoredRecord } from './records.ts'
import { hashOf, isSecretOf } from './secrets.ts'

const INVITATION_MS = 72 * 3_600_000
/** `inv_<id>_<secret>` */
const TOKEN = /^inv_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  roles: feedRolesSchema,
  tokenHash: z.string(),
  /** Account id of the inviting person. */
  by: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** 1 until the approval, which names it. */
  version: z.int().default(1),
  waitsFor: z.literal('approval').optional(),
})
export type Invitation = z.output<typeof invitationSchema>

export type ShownInvitation = Omit<Invitation, 'tokenHash'>

function invitationsOf(store: Store): Records<Invitation> {
  return new Records(store, store.keys.desk.invitations, invitationSchema)
}

/** Creates an invitation. `token` is returned only here; it is valid once, for 72 h. */
export async function invite(
  people: Pick<People, 'store' | 'clock' | 'ids' | 'twoPersonRuleIn'>,
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
    version: 1,
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

export async function readInvitation({ store }: People, id: string): Promise<ShownInvitation | undefined> {
  const stored = await invitationsOf(store).read(id)
  return stored && shownInvitation(stored.record)
}

/** The invitations that are not over, oldest first. */
export async function listInvitations({ store, clock }: People): Promise<ShownInvitation[]> {
  const invitations = (await invitationsOf(store).list()).map(({ record }) => record)
  return invitations
    .filter((invitation) => !isOver(invitation, clock()))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map(shownInvitation)
}

/** Approves a waiting invitation of the version that the approver has read. Its creator may not approve it. */
export function approveInvitation(people: People, actor: Actor, id: string, seenVersion: number) {
  const invitations = invitationsOf(people.store)
  return change(people.store, async () => {
    const stored = await invitations.read(id)
    if (!stored) return 'no-such-invitation'
    const { waitsFor, ...waiting } = stored.record
    if (waiting.version !== seenVersion) return 'stale-version'
    if (waitsFor === undefined) return 'nothing-to-approve'
    if (waiting.by === actor.person) return 'self-approval'
    const invitation = { ...waiting, version: waiting.version + 1 }
    return {
      writes: [invitations.replace(stored, invitation)],
      audit: { action: 'invitation-approved', act: actBy(actor), detail: { invitation: id } },
      result: shownInvitation(invitation),
    }
  })
}

/** The writes that remove all invitations to an email, those that are over included. */
export async function removeInvitations(store: Store, email: string): Promise<Write[]> {
  const invitations = invitationsOf(store)
  const ofEmail = (await invitations.list()).filter(({ record }) => record.email === email)
  return ofEmail.map((invitation) => invitations.remove(invitation))
}

export function withdrawInvitation(people: People, actor: Actor, id: string) {
  const invitations = invitationsOf(people.store)
  return change(people.store, async () => {
    const stored = await invitations.read(id)
    if (!stored) return 'no-such-invitation'
    return {
      writes: [invitations.remove(stored)],
      audit: { action: 'invitation-withdrawn', act: actBy(actor), detail: { invitation: id } },
      result: undefined,
    }
  })
}

/** The email that a token invites; undefined for an unknown token. */
export async function invitedEmail({ store }: People, token: string): Promise<string | undefined> {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? []
  const invitation = (await invitationsOf(store).read(id))?.record
  return isSecretOf(secret, invitation?.tokenHash) ? invitation?.email : undefined
}

/** Creates the account of an invited person from the invitation's token. */
export async function acceptInvitation(
  people: People,
  ip: string,
  { token, name, password }: { readonly token: string; readonly name: string; readonly password: string },
) {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? []
  const stored = await invitationsOf(people.store).read(id)
  if (!isSecretOf(secret, stored?.record.tokenHash)) return 'invalid-token'
  const passwordHash = await people.passwords.hash(password)
  return makeInvitedAccount(people, ip, () => invitationsOf(people.store).read(id), { name, passwordHash })
}

/** Creates the account of an invited person whose email the single sign-on provider has verified. */
export function acceptByEmail(people: People, ip: string, email: string, name: string) {
  const find = async () => {
    const invitations = await invitationsOf(people.store).list()
    return invitations.find(
      ({ record }) =>
        record.email === email && record.waitsFor === undefined && !isOver(record, people.clock()),
    )
  }
  return makeInvitedAccount(people, ip, find, { name, singleSignOn: true })
}

function makeInvitedAccount(
  people: People,
  ip: string,
  find: () => Promise<StoredRecord<Invitation> | undefined>,
  own: Pick<Account, 'name'> & Partial<Account>,
) {
  return change(people.store, async () => {
    const stored = await find()
    if (!stored || isOver(stored.record, people.clock())) return 'invalid-token'
    const { id, email, roles, waitsFor } = stored.record
    if (waitsFor !== undefined) return 'waits-for-approval'
    // The account may be the one of this invitation, made since the invitation was read.
    if (await accountOfEmail(people.store, email)) return (await find()) ? 'account-exists' : 'invalid-token'
    const account: Account = { ...newAccount(people, { email, roles, name: own.name }), ...own }
    return {
      writes: [invitationsOf(people.store).remove(stored), ...addAccount(people.store, account)],
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
