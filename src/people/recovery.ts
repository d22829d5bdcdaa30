import { raisedIn } from '../protocol/feed-roles.ts'
import { accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'
import { hashOf, isSecretOf } from './secrets.ts'
import { openSession, type OpenedSession, type Origin } from './sessions.ts'

const RECOVERY_MS = 24 * 3_600_000
/** `rec_<account>_<secret>` */
const TOKEN = /^rec_(u_[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

type AccountRecovery = NonNullable<Account['recovery']>

/** The recovery that can still be used: a change that ends the account's sessions ends it too. */
export function openRecovery(
  { clock }: Pick<People, 'clock'>,
  { recovery, epoch }: Account,
): AccountRecovery | undefined {
  return recovery && recovery.until > clock() && recovery.epoch === epoch ? recovery : undefined
}

/**
 * Lets a person back in who has lost the password or the second factor. `token` is returned only here; it works once,
 * for 24 h. Under the two-person rule a second admin approves, and gets a token too: the person needs both, so no admin
 * alone can take over another account.
 */
export function startRecovery(
  people: People,
  actor: Actor,
  id: string,
): Promise<{ token: string; account: Account } | 'no-such-account' | 'self-approval'> {
  const accounts = accountsOf(people.store)
  const secret = people.ids.secret()
  return change(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const { record } = stored
    if (record.id === actor.person) return 'self-approval'
    const waits = await people.twoPersonRuleIn(raisedIn({}, record.roles))
    const recovery: AccountRecovery = {
      tokens: [{ by: actor.person, hash: hashOf(secret) }],
      until: people.clock() + RECOVERY_MS,
      epoch: record.epoch,
      ...(waits && { waitsFor: 'approval' }),
    }
    const account = { ...record, recovery, version: record.version + 1 }
    return {
      writes: [accounts.replace(stored, account)],
      audit: { action: 'recovery-started', act: actBy(actor), detail: { account: id } },
      result: { token: tokenOf(id, secret), account },
    }
  })
}

/** Approves the recovery of the version that the approver has read. The answer's token is the person's second one. */
export function approveRecovery(people: People, actor: Actor, id: string, seenVersion: number) {
  const accounts = accountsOf(people.store)
  const secret = people.ids.secret()
  return change(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const { record } = stored
    const started = openRecovery(people, record)
    if (record.version !== seenVersion) return 'stale-version'
    if (started?.waitsFor === undefined) return 'nothing-to-approve'
    const { waitsFor: _, ...recovery } = started
    const { tokens } = recovery
    if ([id, ...tokens.map(({ by }) => by)].includes(actor.person)) return 'self-approval'
    const second = { by: actor.person, hash: hashOf(secret) }
    const account = {
      ...record,
      recovery: { ...recovery, tokens: [...tokens, second] },
      version: record.version + 1,
    }
    return {
      writes: [accounts.replace(stored, account)],
      audit: { action: 'recovery-approved', act: actBy(actor), detail: { account: id } },
      result: { token: tokenOf(id, secret), account },
    }
  })
}

/** Ends a recovery that has not been used. */
export function cancelRecovery(people: People, actor: Actor, id: string) {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const stored = await accounts.read(id)
    if (!stored) return 'no-such-account'
    const { recovery: _, ...account } = stored.record
    return {
      writes: [accounts.replace(stored, { ...account, version: account.version + 1 })],
      audit: { action: 'recovery-cancelled', act: actBy(actor), detail: { account: id } },
      result: undefined,
    }
  })
}

/** The account that these tokens may recover now. */
export async function accountToRecover(
  people: People,
  tokens: readonly string[],
): Promise<Account | 'invalid-token' | 'waits-for-approval'> {
  const id = TOKEN.exec(tokens[0] ?? '')?.[1] ?? ''
  const account = (await accountsOf(people.store).read(id))?.record
  const recovery = account && openRecovery(people, account)
  if (!account || !recovery || account.disabled) return 'invalid-token'
  const isGiven = ({ hash }: { hash: string }) => tokens.some((token) => isSecretOf(secretIn(token), hash))
  if (recovery.waitsFor !== undefined && recovery.tokens.some(isGiven)) return 'waits-for-approval'
  if (await lacksSecondAdmin(people, account)) return 'invalid-token'
  return recovery.tokens.every(isGiven) ? account : 'invalid-token'
}

/** The roles or the rule are newer than a recovery that one admin began: with its token that admin would be two persons. */
async function lacksSecondAdmin({ twoPersonRuleIn }: People, { roles, recovery }: Account): Promise<boolean> {
  return (recovery?.tokens.length ?? 0) < 2 && (await twoPersonRuleIn(raisedIn({}, roles)))
}

/**
 * Sets a new password, takes the second factor away, ends all sessions of the account and opens one. The person adds a
 * second factor anew.
 */
export async function recoverAccount(
  people: People,
  origin: Origin,
  { tokens, password }: { readonly tokens: readonly string[]; readonly password: string },
): Promise<OpenedSession | 'invalid-token' | 'waits-for-approval'> {
  const found = await accountToRecover(people, tokens)
  if (typeof found === 'string') return found
  const passwordHash = await people.passwords.hash(password)
  const accounts = accountsOf(people.store)
  const account = await change(people.store, async () => {
    const stored = await accounts.read(found.id)
    // It was used, cancelled or begun anew meanwhile.
    if (!stored || JSON.stringify(stored.record.recovery) !== JSON.stringify(found.recovery))
      return 'invalid-token'
    if (await lacksSecondAdmin(people, stored.record)) return 'invalid-token'
    const { totp: _, totpOffer: __, recovery, signInToken: ___, ...record } = stored.record
    // Another person may hold the account now: an approval of roles that was read before is stale.
    const next: Account = {
      ...record,
      passwordHash,
      epoch: record.epoch + 1,
      version: record.version + 1,
    }
    const by = recovery?.tokens.map((token) => token.by)
    return {
      writes: [accounts.replace(stored, next)],
      audit: {
        action: 'account-recovered',
        act: actBy(actorAt(next, origin.ip)),
        detail: { account: next.id, by },
      },
      result: next,
    }
  })
  return typeof account === 'string' ? account : openSession(people, account, origin)
}

function tokenOf(account: string, secret: string): string {
  return `rec_${account}_${secret}`
}

function secretIn(token: string): string {
  return TOKEN.exec(token)?.[2] ?? ''
}
