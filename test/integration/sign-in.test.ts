import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { makeFirstAdmin } from '../../src/people/make-first-admin.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { cpuMsOf } from '../support/cpu-time.ts'
import { readAudit } from '../support/desk-audit.ts'

/** Takes some 30 times as long as a usual one. */
const SLOW_HASH = `$argon2id$v=19$m=19456,t=60,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(() => api.close())

let lastAddress = 0
/** A browser without cookies. */
const stranger = () => new Browser(api, `203.0.113.${++lastAddress}`)

describe('a refused sign-in', () => {
  it('has the same answer for every reason', async () => {
    await newcomer(api, 'ada@example.org')
    const closed = await newcomer(api, 'bob@example.org')
    const { person } = (await closed.get('/v1/session')).body
    await api.post(`/v1/accounts/${person}/disable`, {}, {}, api.keys.admin)

    const replies = await Promise.all([
      stranger().signIn('nobody@example.org', password),
      stranger().signIn('ada@example.org', 'wrong'),
      stranger().signIn('bob@example.org', password),
      stranger().signIn('bob@example.org', 'wrong'),
    ])

    const seen = replies.map(({ status, headers, body: { requestId: _, ...body } }) => {
      const otherHeaders = [...headers].filter(([name]) => !/^(x-request-id|date|ratelimit)/.test(name))
      return { status, body, otherHeaders: Object.fromEntries(otherHeaders) }
    })
    expect(seen[0]).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } })
    for (const other of seen) expect(other).toEqual(seen[0])
  })

  it('takes as long and reads as much from Redis for an unknown account', async () => {
    await newcomer(api, 'tim@example.org')
    // Only the commands of this API's connection, since other tests use the same Redis.
    const sent = jest.spyOn(api.store.redis, 'sendCommand')
    const refused = async (email: string) => {
      sent.mockClear()
      expect((await stranger().signIn(email, 'wrong')).status).toBe(401)
      return sent.mock.calls.map(([{ name, args }]) =>
        name === 'hget' ? `${name} ${String(args[0])}` : name,
      )
    }
    await refused('warm@example.org')
    const [known, unknown] = [await refused('tim@example.org'), await refused('nobody@example.org')]
    sent.mockRestore()

    const { emails, accounts } = api.store.keys.desk
    expect(known).toEqual(expect.arrayContaining([`hget ${emails}`, `hget ${accounts}`]))
    expect(unknown).toEqual(known)

    const { passwords } = api.people
    const hash = await passwords.hash(password)
    const msOf = (stored: string | undefined) =>
      cpuMsOf(async () => {
        for (let n = 0; n < 5; n++) await passwords.isOf('wrong', stored)
      })
    expect(await msOf(undefined)).toBeGreaterThan((await msOf(hash)) / 4)
  })

  it.each([
    ['no password', { email: 'ada@example.org' }],
    ['an invalid email', { email: 'ada', password }],
    ['a password and a token', { email: 'ada@example.org', password, token: 'x' }],
    ['a book as the password', { email: 'ada@example.org', password: 'x'.repeat(257) }],
  ])('is refused as invalid with %s', async (_what, body) => {
    expect((await stranger().post('/v1/session', body)).body.code).toBe('invalid-body')
  })
})

describe('a client that guesses passwords', () => {
  it('is refused after ten tries, even with the right password; the owner is not refused', async () => {
    await newcomer(api, 'cat@example.org')
    const guesser = stranger()
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => guesser.signIn('cat@example.org', 'guess')),
    )

    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10)
    const refused = await guesser.signIn('cat@example.org', password)
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await stranger().signIn('cat@example.org', password)).status).toBe(200)
  })

  it('cannot find out from the refusal whether the account exists', async () => {
    const guesser = stranger()
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => guesser.signIn('none@example.org', 'guess')),
    )

    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(2)
  })

  it('has two tries from each of many addresses, and the owner can still sign in', async () => {
    await newcomer(api, 'dee@example.org')
    const guessers = Array.from({ length: 6 }, stranger)
    await Promise.all(
      guessers.flatMap((guesser) =>
        Array.from({ length: 10 }, () => guesser.signIn('dee@example.org', 'guess')),
      ),
    )

    const late = stranger()
    const tries = [1, 2, 3].map(() => late.signIn('dee@example.org', 'guess'))
    expect((await Promise.all(tries)).map(({ status }) => status).sort()).toEqual([401, 401, 429])
    expect((await stranger().signIn('dee@example.org', password)).status).toBe(200)
    const entries = (await readAudit(api.store)).filter(({ action }) => action === 'sign-ins-failed')
    expect(entries.at(-1)).toMatchObject({ act: { by: 'flashline' }, detail: { failed: 50 } })
  })

  it('is refused for all accounts after too many tries from one address', async () => {
    const guesser = stranger()
    const statuses: number[] = []
    for (let n = 0; n < 105; n++)
      statuses.push((await guesser.signIn(`person${n}@example.org`, 'guess')).status)

    expect(statuses.slice(0, 100).every((status) => status === 401)).toBe(true)
    expect(statuses.slice(100).every((status) => status === 429)).toBe(true)
  })

  it('is told to wait when too many passwords wait to be checked', async () => {
    const { passwords } = api.people
    // Two slow computations run, and the queue behind them is full.
    const slow = Array.from({ length: 2 }, () => passwords.isOf('guess', SLOW_HASH))
    const waiting = Array.from({ length: 64 }, () => passwords.isOf('guess', undefined))
    const refused = await stranger().signIn('guest@example.org', 'guess')
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests'])
    expect(refused.headers.get('retry-after')).toBe('1')

    await Promise.all([...slow, ...waiting])
    expect((await stranger().signIn('guest@example.org', 'guess')).status).toBe(401)
  })

  it('does not get the higher limits of a signed-in person', async () => {
    await newcomer(api, 'eli@example.org')
    const owner = stranger()
    for (let round = 0; round < 4; round++) {
      for (let slip = 0; slip < 4; slip++) await owner.signIn('eli@example.org', 'slip')
      expect((await owner.signIn('eli@example.org', password)).status).toBe(200)
    }
  })
})

describe('the first admin', () => {
  it('signs in once with the token, chooses a password, and may do everything', async () => {
    const house = await startApi()
    const token = await makeFirstAdmin(house.people, 'admin@localhost')
    const browser = new Browser(house)

    expect((await browser.post('/v1/session', { token })).body).toMatchObject({ roles: { '*': 'admin' } })
    expect((await browser.post('/v1/account/password', { password })).status).toBe(200)
    expect((await browser.get('/v1/accounts')).status).toBe(200)
    expect((await new Browser(house).post('/v1/session', { token })).body.code).toBe('sign-in-failed')
    expect((await new Browser(house).signIn('admin@localhost', password)).status).toBe(200)
    await house.close()
  })

  it('signs in within 24 hours or not at all, and is created once', async () => {
    const house = await startApi()
    const token = (await makeFirstAdmin(house.people, 'admin@localhost')) ?? ''
    expect(await makeFirstAdmin(house.people, 'other@localhost')).toBeUndefined()
    const now = house.clock.now()

    house.clock.now = () => now + 24 * 3_600_000
    expect((await new Browser(house).post('/v1/session', { token })).status).toBe(401)
    house.clock.now = () => now
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    expect((await new Browser(house).post('/v1/session', { token: wrong })).status).toBe(401)
    const both = [new Browser(house), new Browser(house)]
    const replies = await Promise.all(both.map((browser) => browser.post('/v1/session', { token })))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401])
    await house.close()
  })
})
