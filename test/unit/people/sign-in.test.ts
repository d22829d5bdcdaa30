import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsOf, type Account } from '../../../src/people/account.ts'
import { knowsPassword } from '../../../src/people/knows-password.ts'
import { makeFirstAdmin } from '../../../src/people/make-first-admin.ts'
import { changePassword, signOut, signOutEverywhere } from '../../../src/people/own-account.ts'
import type { People } from '../../../src/people/people.ts'
import { hashOf } from '../../../src/people/secrets.ts'
import {
  openSession,
  peekSession,
  type LiveSession,
  type OpenedSession,
} from '../../../src/people/sessions.ts'
import { signIn, signInToken, type SignIn } from '../../../src/people/sign-in.ts'
import { BusyError } from '../../../src/platform/errors.ts'
import { readAudit } from '../../support/desk-audit.ts'
import { House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

const DAY = 86_400_000
const password = 'correct horse battery'

let opened: Awaited<ReturnType<typeof openTestStore>>
let house: House
let people: People
let owner: Account
let addresses = 0
const origin = () => ({ ip: `198.51.100.${++addresses % 250}`, agent: 'test' })
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  house = new House(opened)
  people = house.people
  owner = await house.person({ en: 'editor' }, { email: 'ann@example.org' })
})

const enter = (given: SignIn) => signIn(people, origin(), given)
const withPassword = (given = password, email = owner.email) => enter({ email, password: given })

async function write(account: Account): Promise<void> {
  const { accounts } = people.store.keys.desk
  await people.store.redis.hset(accounts, account.id, JSON.stringify(account))
}

async function ownerNow(): Promise<Account> {
  return (await accountsOf(people.store).read(owner.id))!.record
}

async function signedIn(): Promise<OpenedSession> {
  const session = await withPassword()
  if (typeof session === 'string') throw new Error(session)
  return session
}

const nothing = () => Promise.resolve()

describe('a sign-in', () => {
  it('opens a session with the right password, with an audit entry', async () => {
    const session = await signedIn()
    expect(session).toMatchObject({ account: owner.id, half: false, secondFactor: false })
    expect(await peekSession(people, session.token)).toBeDefined()
    expect((await readAudit(people.store)).at(-1)).toMatchObject({
      action: 'signed-in',
      act: { by: `user:${owner.id}`, ip: session.ip },
      detail: { method: 'password' },
    })
  })

  it('opens a half session, without an audit entry, when the account has a second factor', async () => {
    await write({ ...owner, totp: { secret: 'ABC', usedStep: 0, recoveryHashes: [] } })
    expect(await withPassword()).toMatchObject({ half: true, secondFactor: false })
    expect((await readAudit(people.store)).map(({ action }) => action)).not.toContain('signed-in')
  })

  it.each<[string, () => unknown, () => Promise<unknown>]>([
    ['a wrong password', () => withPassword('wrong'), nothing],
    ['no password', () => withPassword(''), nothing],
    ['an unknown email', () => withPassword(password, 'nobody@example.org'), nothing],
    ['the account disabled', () => withPassword(), () => write({ ...owner, disabled: true })],
    [
      'the account disabled, before a second factor',
      () => withPassword(),
      () => write({ ...owner, disabled: true, totp: { secret: 'ABC', usedStep: 0, recoveryHashes: [] } }),
    ],
    [
      'an account without a password',
      () => withPassword(),
      () => {
        const { passwordHash: _, ...rest } = owner
        return write(rest)
      },
    ],
  ])('fails with %s', async (_what, attempt, before) => {
    await before()
    expect(await attempt()).toBe('sign-in-failed')
    expect(await people.store.redis.exists(people.store.keys.desk.sessionsOf(owner.id))).toBe(0)
  })

  it('has the number of failed tries before it in its audit entry', async () => {
    for (let n = 0; n < 3; n++) await withPassword('wrong')
    await signedIn()
    expect((await readAudit(people.store)).at(-1)).toMatchObject({ detail: { failedBefore: 3 } })
  })

  it('that guesses is in the audit at the tenth and the fiftieth try, and only for an existing account', async () => {
    for (let n = 0; n < 51; n++) await withPassword('wrong', 'nobody@example.org')
    expect((await readAudit(people.store)).map(({ action }) => action)).not.toContain('sign-ins-failed')
    for (let n = 0; n < 51; n++) await withPassword('wrong')
    const entries = (await readAudit(people.store)).filter(({ action }) => action === 'sign-ins-failed')
    expect(entries).toMatchObject([
      { detail: { account: owner.id, failed: 10 } },
      { detail: { account: owner.id, failed: 50 } },
    ])
  })

  it('is refused after ten wrong passwords from one address', async () => {
    const here = origin()
    const given = { email: owner.email, password: 'wrong' }
    for (let n = 0; n < 10; n++) expect(await signIn(people, here, given)).toBe('sign-in-failed')
    await expect(signIn(people, here, { ...given, password })).rejects.toBeInstanceOf(BusyError)
    expect(await withPassword()).toMatchObject({ account: owner.id })
  })
})

describe('a token that signs in once', () => {
  const secret = 'S'.repeat(43)
  const giveToken = () => write({ ...owner, signInToken: { hash: hashOf(secret), until: house.now + 1_000 } })
  const token = () => signInToken(owner.id, secret)

  it('is valid once', async () => {
    await giveToken()
    expect(await enter({ token: token() })).toMatchObject({ account: owner.id, half: false })
    expect(await enter({ token: token() })).toBe('sign-in-failed')
    expect(await ownerNow()).not.toHaveProperty('signInToken')
  })

  it('expires at its time, to the millisecond', async () => {
    await giveToken()
    house.now += 1_000
    expect(await enter({ token: token() })).toBe('sign-in-failed')
    house.now -= 1
    expect(await enter({ token: token() })).toMatchObject({ account: owner.id })
  })

  it('is valid for one account, and only with its secret', async () => {
    await giveToken()
    const other = await house.person()
    for (const wrong of [
      signInToken(other.id, secret),
      signInToken(owner.id, 'T'.repeat(43)),
      signInToken(owner.id, ''),
      `${token()}x`,
      '',
    ])
      expect(await enter({ token: wrong })).toBe('sign-in-failed')
    await write({ ...(await ownerNow()), disabled: true })
    expect(await enter({ token: token() })).toBe('sign-in-failed')
  })

  it('is created for the first admin, for a day, when no account exists', async () => {
    expect(await makeFirstAdmin(people, 'first@example.org')).toBeUndefined()
    const empty = new House(opened)
    const first = (await makeFirstAdmin(empty.people, 'first@example.org')) ?? ''
    expect(await makeFirstAdmin(empty.people, 'second@example.org')).toBeUndefined()
    empty.now += DAY
    expect(await signIn(empty.people, origin(), { token: first })).toBe('sign-in-failed')
    empty.now -= 1
    const session = await signIn(empty.people, origin(), { token: first })
    expect(session).toMatchObject({ owner: { roles: { '*': 'admin' }, email: 'first@example.org' } })
  })
})

describe('a signed-in person', () => {
  const knows = (session: LiveSession, given?: string, from = origin()) =>
    knowsPassword(people, session, from, given)

  it('gives the password again, with ten tries from one address', async () => {
    const session = await signedIn()
    expect(await knows(session, password)).toBe('known')
    expect(await knows(session, 'wrong')).toBe('wrong-password')
    expect(await knows(session, undefined)).toBe('wrong-password')
    const here = origin()
    for (let n = 0; n < 10; n++) expect(await knows(session, 'wrong', here)).toBe('wrong-password')
    await expect(knows(session, password, here)).rejects.toBeInstanceOf(BusyError)
  })

  it('needs no password when the account has none', async () => {
    const { passwordHash: _, ...rest } = owner
    await write(rest)
    expect(await knows(await openSession(people, rest, origin()), undefined)).toBe('known')
  })

  it('gets a new session for a new password, and all other sessions end', async () => {
    const [session, other] = [await signedIn(), await signedIn()]
    const change = (current: string | undefined, next = 'another password') =>
      changePassword(people, session, origin(), { current, password: next })
    expect(await change('wrong')).toBe('wrong-password')
    expect(await change(undefined)).toBe('wrong-password')
    const opened = await change(password)
    expect(opened).toMatchObject({ account: owner.id, half: false })
    for (const ended of [session, other]) expect(await peekSession(people, ended.token)).toBeUndefined()
    expect(await peekSession(people, (opened as OpenedSession).token)).toBeDefined()
    expect(await withPassword()).toBe('sign-in-failed')
    expect(await withPassword('another password')).toMatchObject({ account: owner.id })
  })

  it('cannot change a password that was changed meanwhile', async () => {
    const session = await signedIn()
    const from = (password: string) =>
      changePassword(people, session, origin(), { current: 'correct horse battery', password })
    const outcomes = await Promise.all([from('one password more'), from('two passwords more')])
    expect(outcomes.filter((outcome) => outcome === 'unauthenticated')).toHaveLength(1)
  })

  it('keeps its second factor in the new session', async () => {
    const session = await openSession(people, owner, origin(), { secondFactor: true })
    expect(
      await changePassword(people, session, origin(), { current: password, password: 'another password' }),
    ).toMatchObject({ secondFactor: true })
  })

  it('signs out of one session, or of all', async () => {
    const [one, two, three] = [await signedIn(), await signedIn(), await signedIn()]
    await signOut(people, one, origin())
    expect(await peekSession(people, one.token)).toBeUndefined()
    expect(await peekSession(people, two.token)).toBeDefined()
    await signOutEverywhere(people, two, origin())
    for (const { token } of [two, three]) expect(await peekSession(people, token)).toBeUndefined()
    expect((await readAudit(people.store)).slice(-2).map(({ action }) => action)).toEqual([
      'signed-out',
      'signed-out-everywhere',
    ])
  })
})
