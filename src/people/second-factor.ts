import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import { knowsPassword } from './knows-password.ts'
import type { People } from './people.ts'
import { actBy } from './principal.ts'
import { hashOf } from './secrets.ts'
import { endSession, openSession, type LiveSession, type OpenedSession, type Origin } from './sessions.ts'
import { noteSignIn } from './sign-in.ts'

const STEP_MS = 30_000
/** A telephone's clock may be wrong by one step. */
const WINDOW = 1
const OFFER_MS = 10 * 60_000
const RECOVERY_CODES = 10

/** Shown once; it counts when a code of it has come back. */
export interface Offer {
  readonly secret: string
  /** For a QR code: `otpauth://totp/…`. */
  readonly uri: string
}

/** Takes the password, or who finds an open screen locks its owner out for good. */
export async function offerSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  password: string | undefined,
): Promise<Offer | 'unauthenticated' | 'wrong-password' | 'second-factor-exists'> {
  if (!(await knowsPassword(people, session, origin, password))) return 'wrong-password'
  const accounts = accountsOf(people.store)
  const secret = new Secret({ size: 20 })
  return change(people.store, async () => {
    const seen = await accounts.read(session.account)
    if (!seen || seen.record.passwordHash !== session.owner.passwordHash) return 'unauthenticated'
    if (seen.record.totp) return 'second-factor-exists'
    const totpOffer = { secret: secret.base32, until: people.clock() + OFFER_MS }
    const offer: Offer = { secret: secret.base32, uri: totpOf(secret.base32, seen.record.email).toString() }
    return {
      writes: [accounts.replace(seen, { ...seen.record, totpOffer })],
      audit: { action: 'second-factor-offered', act: actBy(actorAt(seen.record, origin.ip)) },
      result: offer,
    }
  })
}

/** Takes the second factor into use. The recovery codes are known only here and now. */
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
    const seen = await accounts.read(session.account)
    if (!seen) return 'unauthenticated'
    const { totpOffer: offer, ...record } = seen.record
    const step =
      offer && offer.until > people.clock() ? stepOf(offer.secret, code, people.clock()) : undefined
    if (!offer || step === undefined) return 'wrong-code'
    const totp = { secret: offer.secret, usedStep: step, recoveryHashes: recoveryCodes.map(hashOf) }
    const next: Account = { ...record, totp }
    return {
      writes: [accounts.replace(seen, next)],
      audit: { action: 'second-factor-added', act: actBy(actorAt(next, origin.ip)) },
      result: next,
    }
  })
  if (typeof account === 'string') return account
  await attempt.succeeded()
  return { opened: await rotate(people, session, account, origin, true), recoveryCodes }
}

/** Completes a half session, or raises one that signed in without a second factor. A code counts once. */
export async function giveSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  code: string,
): Promise<OpenedSession | 'wrong-code'> {
  const attempt = await people.throttle.attempt(`code ${session.account}`, origin.ip)
  const noted = await noteSignIn(people, origin, session.account, {
    method: 'second-factor',
    failedBefore: attempt.failedBefore,
    take: (account) =>
      account.epoch === session.epoch ? afterCode(account, code, people.clock()) : undefined,
  })
  if (noted === 'sign-in-failed') return 'wrong-code'
  await attempt.succeeded()
  return rotate(people, session, noted, origin, true)
}

/** Takes the password, so that an open screen is not enough. The account's other sessions end. */
export async function removeSecondFactor(
  people: People,
  session: LiveSession,
  origin: Origin,
  password: string,
): Promise<OpenedSession | 'unauthenticated' | 'wrong-password' | 'no-second-factor'> {
  const { passwordHash } = session.owner
  if (passwordHash === undefined || !(await knowsPassword(people, session, origin, password)))
    return 'wrong-password'
  const accounts = accountsOf(people.store)
  const account = await change(people.store, async () => {
    const seen = await accounts.read(session.account)
    if (seen?.record.passwordHash !== passwordHash) return 'unauthenticated'
    const { totp, ...record } = seen.record
    if (!totp) return 'no-second-factor'
    const next: Account = { ...record, epoch: record.epoch + 1 }
    return {
      writes: [accounts.replace(seen, next)],
      audit: { action: 'second-factor-removed', act: actBy(actorAt(next, origin.ip)) },
      result: next,
    }
  })
  return typeof account === 'string' ? account : rotate(people, session, account, origin, false)
}

/** What somebody may do has changed: a token that was known before must not carry it. */
async function rotate(
  people: People,
  session: LiveSession,
  account: Account,
  origin: Origin,
  secondFactor: boolean,
): Promise<OpenedSession> {
  const opened = await openSession(people, account, origin, { secondFactor })
  await endSession(people, session)
  return opened
}

/** The account after a code of its telephone or a recovery code; undefined for a wrong one, or one used before. */
function afterCode(account: Account, code: string, now: number): Account | undefined {
  const { totp } = account
  if (!totp) return undefined
  const step = stepOf(totp.secret, code, now)
  if (step !== undefined) {
    return step > totp.usedStep ? { ...account, totp: { ...totp, usedStep: step } } : undefined
  }
  const used = hashOf(code.toLowerCase())
  const recoveryHashes = totp.recoveryHashes.filter((hash) => hash !== used)
  const known = recoveryHashes.length < totp.recoveryHashes.length
  return known ? { ...account, totp: { ...totp, recoveryHashes } } : undefined
}

/** The time step whose code this is. */
function stepOf(secret: string, code: string, now: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, window: WINDOW, timestamp: now })
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Flashline', label, secret: Secret.fromBase32(secret), period: STEP_MS / 1_000 })
}

/** 80 random bits, in a form that can be written on paper. */
function newRecoveryCode(): string {
  return randomBytes(10)
    .toString('hex')
    .replaceAll(/(.{5})(?!$)/g, '$1-')
}
