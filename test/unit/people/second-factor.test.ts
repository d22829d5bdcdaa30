import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import { accountsOf, type Account } from '../../../src/people/account.ts'
import type { People } from '../../../src/people/people.ts'
import {
  confirmSecondFactor,
  giveSecondFactor,
  offerSecondFactor,
  removeSecondFactor,
} from '../../../src/people/second-factor.ts'
import { openSession, peekSession, type OpenedSession } from '../../../src/people/sessions.ts'
import { House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

const STEP_MS = 30_000
const FRESH_MS = 10 * 60_000
const OFFER_MS = 10 * 60_000
const password = 'correct horse battery'

let opened: Awaited<ReturnType<typeof openTestStore>>
let house: House
let people: People
let owner: Account
let session: OpenedSession
let addresses = 0
/** A new address for each try, so that the throttle does not refuse it. */
const origin = () => ({ ip: `198.51.100.${++addresses % 250}`, agent: 'test' })
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  house = new House(opened)
  people = house.people
  // The middle of a time step, so that a second earlier or later is in the same step.
  house.now = Math.floor(house.start / STEP_MS) * STEP_MS + STEP_MS / 2
  owner = await house.person()
  session = await openSession(people, owner, origin())
})

function codeAt(secret: string, ms: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: ms })
}

async function offered(): Promise<string> {
  const offer = await offerSecondFactor(people, session, origin(), password)
  if (typeof offer === 'string') throw new Error(offer)
  expect(offer.uri).toContain(`secret=${offer.secret}`)
  return offer.secret
}

/** An account with a second factor, and a half session. */
async function confirmed() {
  const secret = await offered()
  const done = await confirmSecondFactor(people, session, origin(), codeAt(secret, house.now))
  if (typeof done === 'string') throw new Error(done)
  const account = await ownerNow()
  const half = await openSession(people, account!, origin(), { half: true })
  return { secret, ...done, half }
}

async function ownerNow(): Promise<Account | undefined> {
  return (await accountsOf(people.store).read(owner.id))?.record
}

const give = (to: OpenedSession, code: string) => giveSecondFactor(people, to, origin(), code)

describe('a second factor', () => {
  it('is active after its confirmation with a code, which opens a new session', async () => {
    const secret = await offered()
    expect(await ownerNow()).not.toHaveProperty('totp')
    const done = await confirmSecondFactor(people, session, origin(), codeAt(secret, house.now))
    if (typeof done === 'string') throw new Error(done)
    expect(done.opened).toMatchObject({ secondFactor: true, half: false })
    expect(new Set(done.recoveryCodes).size).toBe(10)
    // The old token gets no rights of the second factor.
    expect(await peekSession(people, session.token)).toBeUndefined()
    expect(await ownerNow()).not.toHaveProperty('totpOffer')
  })

  it('is not added with a wrong code, without an offer, or when the offer has expired', async () => {
    expect(await confirmSecondFactor(people, session, origin(), '000000')).toBe('wrong-code')
    const secret = await offered()
    const right = codeAt(secret, house.now)
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    expect(await confirmSecondFactor(people, session, origin(), wrong)).toBe('wrong-code')
    house.now += OFFER_MS
    expect(await confirmSecondFactor(people, session, origin(), codeAt(secret, house.now))).toBe('wrong-code')
    house.now -= 1
    expect(typeof (await confirmSecondFactor(people, session, origin(), codeAt(secret, house.now)))).toBe(
      'object',
    )
  })

  it('is offered only with the password, and only when the account has no second factor', async () => {
    expect(await offerSecondFactor(people, session, origin(), 'wrong')).toBe('wrong-password')
    expect(await offerSecondFactor(people, session, origin(), undefined)).toBe('wrong-password')
    const { opened } = await confirmed()
    expect(await offerSecondFactor(people, opened, origin(), password)).toBe('second-factor-exists')
  })

  it('is removed only with the password and a code, which ends all other sessions', async () => {
    expect(await removeSecondFactor(people, session, origin(), { password, code: '' })).toBe(
      'no-second-factor',
    )
    const { opened, secret, recoveryCodes } = await confirmed()
    house.now += 10 * STEP_MS
    const other = await openSession(people, (await ownerNow())!, origin())
    const code = codeAt(secret, house.now)
    const remove = (given: { password?: string; code: string }) =>
      removeSecondFactor(people, opened, origin(), given)
    expect(await remove({ password: 'wrong', code })).toBe('wrong-password')
    expect(await remove({ code })).toBe('wrong-password')
    expect(await remove({ password, code: '000000' })).toBe('wrong-code')
    const left = await remove({ password, code: recoveryCodes[0]! })
    expect(left).toMatchObject({ secondFactor: false })
    expect(await ownerNow()).not.toHaveProperty('totp')
    expect(await peekSession(people, other.token)).toBeUndefined()
    expect(await peekSession(people, (left as OpenedSession).token)).toBeDefined()
  })

  it('ends all sessions that were opened before it', async () => {
    const other = await openSession(people, owner, origin())
    const { opened } = await confirmed()
    expect(await peekSession(people, other.token)).toBeUndefined()
    expect(await peekSession(people, opened.token)).toBeDefined()
  })

  it('of an account without a password is added and removed after a fresh sign-in only', async () => {
    const { passwordHash: _, ...without } = { ...owner, singleSignOn: true }
    await people.store.redis.hset(people.store.keys.desk.accounts, owner.id, JSON.stringify(without))
    session = await openSession(people, without, origin())
    const secret = await offered()
    house.now += FRESH_MS + 1
    expect(await offerSecondFactor(people, session, origin(), undefined)).toBe('fresh-sign-in-needed')
    session = await openSession(people, without, origin())
    await offered()
    house.now -= FRESH_MS + 1
    const done = await confirmSecondFactor(people, session, origin(), codeAt(await offered(), house.now))
    if (typeof done === 'string') throw new Error(done)
    // The session of the confirmation is new, but the sign-in is not.
    house.now += 2 * FRESH_MS + 2
    const code = codeAt(secret, house.now)
    const removed = await removeSecondFactor(people, done.opened, origin(), { code })
    expect(removed).toBe('fresh-sign-in-needed')
  })
})

describe('a code', () => {
  it.each([
    [-2, false],
    [-1, true],
    [1, true],
    [2, false],
  ])('of %i steps away: %j', async (steps, counts) => {
    const { secret, half } = await confirmed()
    // Several time steps after the code of the confirmation.
    house.now += 10 * STEP_MS
    const outcome = await give(half, codeAt(secret, house.now + steps * STEP_MS))
    expect(typeof outcome === 'object').toBe(counts)
  })

  it('is accepted once, and no older code after it', async () => {
    const { secret, half } = await confirmed()
    house.now += 10 * STEP_MS
    const [before, code, after] = [-1, 0, 1].map((steps) => codeAt(secret, house.now + steps * STEP_MS))
    const whole = await give(half, code!)
    expect(whole).toMatchObject({ secondFactor: true, half: false })
    expect(await peekSession(people, half.token)).toBeUndefined()
    expect(await give(whole as OpenedSession, code!)).toBe('wrong-code')
    expect(await give(whole as OpenedSession, before!)).toBe('wrong-code')
    expect(typeof (await give(whole as OpenedSession, after!))).toBe('object')
  })

  it('that has confirmed the second factor is not accepted again', async () => {
    const { secret, half } = await confirmed()
    expect(await give(half, codeAt(secret, house.now))).toBe('wrong-code')
  })

  it('is accepted once when two requests give it at the same time', async () => {
    const { secret, half } = await confirmed()
    house.now += 10 * STEP_MS
    const code = codeAt(secret, house.now)
    const outcomes = await Promise.all([give(half, code), give(half, code)])
    expect(outcomes.filter((outcome) => outcome === 'wrong-code')).toHaveLength(1)
  })

  it('is not accepted when the account has a new epoch or no second factor', async () => {
    expect(await give(session, '123456')).toBe('wrong-code')
    const { secret, half } = await confirmed()
    house.now += 10 * STEP_MS
    const account = await ownerNow()
    const { accounts } = people.store.keys.desk
    await people.store.redis.hset(accounts, owner.id, JSON.stringify({ ...account, epoch: 3 }))
    expect(await give(half, codeAt(secret, house.now))).toBe('wrong-code')
  })
})

describe('a recovery code', () => {
  it('is accepted once, in upper or lower case, and the other codes stay valid', async () => {
    const { half, recoveryCodes } = await confirmed()
    const [first = '', second = ''] = recoveryCodes
    expect(first).toMatch(/^([0-9a-f]{5}-){3}[0-9a-f]{5}$/)
    const whole = await give(half, first.toUpperCase())
    expect(whole).toMatchObject({ secondFactor: true })
    expect(await give(whole as OpenedSession, first)).toBe('wrong-code')
    expect((await ownerNow())?.totp?.recoveryHashes).toHaveLength(9)
    expect(typeof (await give(whole as OpenedSession, second))).toBe('object')
    expect(await give(whole as OpenedSession, 'fffff-fffff-fffff-fffff')).toBe('wrong-code')
  })
})
