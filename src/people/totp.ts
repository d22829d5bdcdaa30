import { Secret, TOTP } from 'otpauth'
import type { Account } from './account.ts'
import { hashOf } from './secrets.ts'

const STEP_MS = 30_000
/** Accepts the codes of one time step before and after, since a telephone's clock may be wrong. */
const WINDOW = 1

/** The account after the use of a code or recovery code; undefined when the code is wrong or was used before. */
export function afterCode(account: Account, code: string, now: number): Account | undefined {
  const { totp } = account
  if (!totp) return undefined
  const step = stepOf(totp.secret, code, now)
  if (step !== undefined) {
    return step > totp.usedStep ? { ...account, totp: { ...totp, usedStep: step } } : undefined
  }
  const used = hashOf(code.toLowerCase())
  const recoveryHashes = totp.recoveryHashes.filter((hash) => hash !== used)
  const wasUnused = recoveryHashes.length < totp.recoveryHashes.length
  return wasUnused ? { ...account, totp: { ...totp, recoveryHashes } } : undefined
}

/** The time step of a code; undefined for a wrong code. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, window: WINDOW, timestamp: now })
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta
}

export function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Flashline', label, secret: Secret.fromBase32(secret), period: STEP_MS / 1_000 })
}
