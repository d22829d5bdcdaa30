import { randomBytes } from 'node:crypto'
import { Secret } from 'otpauth'
import { accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import { knowsPassword } from './knows-password.ts'
import type { People } from './people.ts'
import { actBy } from './principal.ts'
import { hashOf } from './secrets.ts'
import { endSession, openSession, type LiveSession, type OpenedSession, type Origin } from './sessions.ts'
import { recordSignIn } from './sign-in.ts'
import { afterCode, stepOf, totpOf } from './totp.ts'

const OFFER_MS = 10 * 60_000
const RECOVERY_CODES = 10

/** A new second factor, shown once. It counts after confirmSecondFactor has received one of its codes. */
export interface Offer {
  readonly secret: string
  /** For a QR code: `otpauth://totp/…`. */
  readonly uri: string
}

/** Requires the password, so that an intruder at an unlocked computer cannot add a factor and lock out the owner. */
export async function offerSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  password: string | undefined,
): Promise<Offer | 'unauthenticated' | 'wrong-password' | 'fresh-sign-in-needed' | 'second-factor-exists'> {
  const proof = await knowsPassword(people, session, origin, password)
  if (proof !== 'known') return proof
  const accounts = accountsOf(people.store)
  const secret = new Secret({ size: 20 })
  return change(people.store, async () => {
    const stored = await accounts.read(session.account)
    if (!stored || stored.record.passwordHash !== session.owner.passwordHash) return 'unauthenticated'
    if (stored.record.totp) return 'second-factor-exists'
    const totpOffer = { secret: secret.base32, until: people.clock() + OFFER_MS }
    const offer: Offer = { secret: secret.base32, uri: totpOf(secret.base32, stored.record.email).toString() }
    return {
      writes: [accounts.replace(stored, { ...stored.record, totpOffer })],
      audit: { action: 'second-factor-offered', act: actBy(actorAt(stored.record, origin.ip)) },
      result: offer,
    }
  })
}

/**
 * Activates the offered second factor and ends all other sessions, which were opened without it. The recovery codes are
 * returned only here and stored as hashes.
 */
export async function confirmSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  code: string,
): Promise<{ opened: OpenedSession; recoveryCodes: string[] } | 'unauthenticated' | 'wrong-code'> {
  const attempt = await people.throttle.attempt(`code ${session.account}`, origin.ip)
  const accounts = accountsOf(people.store)
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  const account = await change(people.store, async () => {
    const stored = await accounts.read(session.account)
    if (stored?.record.epoch !== session.epoch) return 'unauthenticated'
    const { totpOffer: offer, ...record } = stored.record
    const step =
      offer && offer.until > people.clock() ? stepOf(offer.secret, code, people.clock()) : undefined
    if (!offer || step === undefined) return 'wrong-code'
    const totp = { secret: offer.secret, usedStep: step, recoveryHashes: recoveryCodes.map(hashOf) }
    const next: Account = { ...record, totp, epoch: record.epoch + 1 }
    return {
      writes: [accounts.replace(stored, next)],
      audit: { action: 'second-factor-added', act: actBy(actorAt(next, origin.ip)) },
      result: next,
    }
  })
  if (typeof account === 'string') return account
  await attempt.succeeded()
  return { opened: await rotate(people, session, account, origin, true), recoveryCodes }
}

/** Completes a half session, or adds the second factor to a session without one. A code is accepted once. */
export async function giveSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  code: string,
): Promise<OpenedSession | 'wrong-code'> {
  const attempt = await people.throttle.attempt(`code ${session.account}`, origin.ip)
  const recorded = await recordSignIn(people, origin, session.account, {
    method: 'second-factor',
    failedBefore: attempt.failedBefore,
    take: (account) =>
      account.epoch === session.epoch ? afterCode(account, code, people.clock()) : undefined,
  })
  if (recorded === 'sign-in-failed') return 'wrong-code'
  await attempt.succeeded()
  return rotate(people, session, recorded, origin, true)
}

/**
 * Requires a code of the second factor or a recovery code, and the password where the account has one. Ends the
 * account's other sessions.
 */
export async function removeSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  { password, code }: { readonly password?: string | undefined; readonly code: string },
): Promise<
  | OpenedSession
  | 'unauthenticated'
  | 'wrong-password'
  | 'fresh-sign-in-needed'
  | 'wrong-code'
  | 'no-second-factor'
> {
  const { passwordHash } = session.owner
  const proof = await knowsPassword(people, session, origin, password)
  if (proof !== 'known') return proof
  const attempt = await people.throttle.attempt(`code ${session.account}`, origin.ip)
  const accounts = accountsOf(people.store)
  const account = await change(people.store, async () => {
    const stored = await accounts.read(session.account)
    if (!stored || stored.record.passwordHash !== passwordHash) return 'unauthenticated'
    if (!stored.record.totp) return 'no-second-factor'
    const proved = afterCode(stored.record, code, people.clock())
    if (!proved) return 'wrong-code'
    const { totp: _, ...record } = proved
    const next: Account = { ...record, epoch: record.epoch + 1 }
    return {
      writes: [accounts.replace(stored, next)],
      audit: { action: 'second-factor-removed', act: actBy(actorAt(next, origin.ip)) },
      result: next,
    }
  })
  if (account !== 'wrong-code') await attempt.succeeded()
  return typeof account === 'string' ? account : rotate(people, session, account, origin, false)
}

/** Replaces the session when its rights change, so that a token stolen before does not get the new rights. */
async function rotate(
  people: People,
  session: LiveSession,
  account: Account,
  origin: Origin,
  secondFactor: boolean,
): Promise<OpenedSession> {
  const { signedInAt } = session
  const opened = await openSession(people, account, origin, { secondFactor, signedInAt })
  await endSession(people, session)
  return opened
}

/** 80 random bits, in groups of five characters that are easy to copy from paper. */
function newRecoveryCode(): string {
  return randomBytes(10)
    .toString('hex')
    .replaceAll(/(.{5})(?!$)/g, '$1-')
}
