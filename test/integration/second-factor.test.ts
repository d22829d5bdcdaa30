import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { readAudit } from '../support/desk-audit.ts'

const STEP_MS = 30_000

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(() => api.close())

const later = (ms: number) => {
  const now = api.clock.now() + ms
  api.clock.now = () => now
}
const codeOf = (secret: string, offsetMs = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: api.clock.now() + offsetMs })

/** A person with an active second factor. The clock is one time step later, so that the next code is new. */
async function withSecondFactor(email: string) {
  const browser = await newcomer(api, email)
  const { secret } = (await browser.post('/v1/account/second-factor', { password })).body
  const confirmed = await browser.post('/v1/account/second-factor/confirm', { code: codeOf(secret) })
  later(STEP_MS)
  return { browser, secret, recoveryCodes: confirmed.body.recoveryCodes }
}
const half = async (email: string) => {
  const browser = new Browser(api)
  expect((await browser.signIn(email, password)).body.code).toBe('second-factor-required')
  return browser
}
const give = (browser: Browser, code: string) => browser.post('/v1/session/second-factor', { code })

describe('a second factor', () => {
  it('is active after its confirmation with a code, and the session gets a new token', async () => {
    const browser = await newcomer(api, 'ada@example.org')
    const offered = await browser.post('/v1/account/second-factor', { password })
    const { secret, uri } = offered.body
    expect(uri).toMatch(/^otpauth:\/\/totp\/Flashline:ada%40example\.org\?.*secret=/)
    expect((await new Browser(api).signIn('ada@example.org', password)).status).toBe(200)
    const before = browser.cookies.get('flashline')

    const wrong = await browser.post('/v1/account/second-factor/confirm', { code: '000000' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong-code'])
    const confirmed = await browser.post('/v1/account/second-factor/confirm', { code: codeOf(secret) })

    expect(confirmed.body).toMatchObject({ secondFactor: true })
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10)
    expect(browser.cookies.get('flashline')).not.toBe(before)
    expect((await browser.get('/v1/session')).body).toMatchObject({ secondFactor: true })
    expect((await browser.post('/v1/account/second-factor', { password })).body.code).toBe(
      'second-factor-exists',
    )
  })

  it('requires the password, so that an unlocked computer is not enough', async () => {
    const browser = await newcomer(api, 'ann@example.org')

    for (const body of [{}, { password: 'wrong' }]) {
      const refused = await browser.post('/v1/account/second-factor', body)
      expect([refused.status, refused.body.code]).toEqual([401, 'wrong-password'])
    }
    expect((await browser.post('/v1/account/second-factor/confirm', { code: '000000' })).status).toBe(401)
    const stored = Object.values(await api.store.redis.hgetall(api.store.keys.desk.accounts))
    const own = stored.find((account) => account.includes('ann@example.org'))
    expect(own).toBeDefined()
    expect(own).not.toContain('totpOffer')
  })

  it('is requested only after the right password, and completes the sign-in', async () => {
    const { secret } = await withSecondFactor('bea@example.org')
    expect((await new Browser(api).signIn('bea@example.org', 'wrong')).body.code).toBe('sign-in-failed')

    const browser = await half('bea@example.org')
    const halfToken = browser.cookies.get('flashline')
    const waiting = await browser.get('/v1/session')
    expect([waiting.status, waiting.body]).toMatchObject([
      401,
      { detail: expect.stringContaining('/v1/session/second-factor') },
    ])
    expect((await browser.get('/v1/sessions')).status).toBe(401)
    const given = await give(browser, codeOf(secret))
    expect([given.status, given.body]).toMatchObject([200, { secondFactor: true }])
    expect(browser.cookies.get('flashline')).not.toBe(halfToken)
  })

  it('accepts a code once', async () => {
    const { secret } = await withSecondFactor('cat@example.org')
    const code = codeOf(secret)

    expect((await give(await half('cat@example.org'), code)).status).toBe(200)
    expect((await give(await half('cat@example.org'), code)).body.code).toBe('wrong-code')
    // An older code is refused too, since another person may have read it.
    expect((await give(await half('cat@example.org'), codeOf(secret, -STEP_MS))).body.code).toBe('wrong-code')
    later(STEP_MS)
    const both = await Promise.all([half('cat@example.org'), half('cat@example.org')])
    const replies = await Promise.all(both.map((browser) => give(browser, codeOf(secret))))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('accepts codes of a clock that is wrong by at most one step', async () => {
    const { secret } = await withSecondFactor('dan@example.org')
    later(10 * STEP_MS)

    expect((await give(await half('dan@example.org'), codeOf(secret, -2 * STEP_MS))).status).toBe(401)
    expect((await give(await half('dan@example.org'), codeOf(secret, 2 * STEP_MS))).status).toBe(401)
    expect((await give(await half('dan@example.org'), codeOf(secret, -STEP_MS))).status).toBe(200)
    expect((await give(await half('dan@example.org'), codeOf(secret, STEP_MS))).status).toBe(200)
  })

  it('has recovery codes, each accepted once', async () => {
    const { recoveryCodes } = await withSecondFactor('eve@example.org')
    const [first = '', second = ''] = recoveryCodes

    expect((await give(await half('eve@example.org'), first.toUpperCase())).status).toBe(200)
    expect((await give(await half('eve@example.org'), first)).body.code).toBe('wrong-code')
    expect((await give(await half('eve@example.org'), second)).status).toBe(200)
    const stored = JSON.stringify(await api.store.redis.hgetall(api.store.keys.desk.accounts))
    expect(stored).not.toContain(recoveryCodes[2])
  })

  it('that a session waits for is named, and where its code is sent', async () => {
    await withSecondFactor('liz@example.org')
    const { status, body } = await (await half('liz@example.org')).get('/v1/session')
    const detail = expect.stringContaining('second factor: send the code to `/v1/session/second-factor`')
    expect([status, body]).toMatchObject([401, { code: 'unauthenticated', detail }])
  })

  it('allows ten tries only', async () => {
    const { secret } = await withSecondFactor('fay@example.org')
    const browser = await half('fay@example.org')
    const tries = await Promise.all(Array.from({ length: 11 }, () => give(browser, '000000')))

    expect(tries.filter(({ status }) => status === 429)).toHaveLength(1)
    expect((await give(browser, codeOf(secret))).status).toBe(429)
  })

  it('must be given within five minutes, and in a session', async () => {
    const { secret } = await withSecondFactor('gil@example.org')
    const browser = await half('gil@example.org')
    later(5 * 60_000)

    expect((await give(browser, codeOf(secret))).body.code).toBe('unauthenticated')
    expect((await give(new Browser(api), codeOf(secret))).body.code).toBe('unauthenticated')
  })

  it('is removed with the password and a code, and the other sessions end', async () => {
    const { browser, secret } = await withSecondFactor('hal@example.org')
    const other = await half('hal@example.org')
    await give(other, codeOf(secret))

    const wrong = await browser.post('/v1/account/second-factor/remove', { password: 'wrong', code: '' })
    expect(wrong.body.code).toBe('wrong-password')
    const old = await browser.post('/v1/account/second-factor/remove', { password, code: codeOf(secret) })
    expect(old.body.code).toBe('wrong-code')
    later(STEP_MS)
    const proof = { password, code: codeOf(secret) }
    const removed = await browser.post('/v1/account/second-factor/remove', proof)
    expect([removed.status, removed.body]).toMatchObject([200, { secondFactor: false }])
    expect((await other.get('/v1/session')).status).toBe(401)
    expect((await new Browser(api).signIn('hal@example.org', password)).status).toBe(200)
    const again = await browser.post('/v1/account/second-factor/remove', proof)
    expect(again.body.code).toBe('no-second-factor')
  })

  it('ends the sessions from before its confirmation', async () => {
    const before = await newcomer(api, 'ivy@example.org')
    const browser = new Browser(api)
    await browser.signIn('ivy@example.org', password)
    const { secret } = (await browser.post('/v1/account/second-factor', { password })).body
    await browser.post('/v1/account/second-factor/confirm', { code: codeOf(secret) })

    expect((await before.get('/v1/session')).status).toBe(401)
    expect((await browser.get('/v1/session')).status).toBe(200)
  })

  it('opens a session with the password in spite of failed tries from the same address', async () => {
    const email = 'jo@example.org'
    const { browser, secret, recoveryCodes } = await withSecondFactor(email)
    const signIn = (given: object) => new Browser(api).post('/v1/session', { email, ...given })
    for (let n = 0; n < 10; n++) expect((await signIn({ password: 'wrong' })).status).toBe(401)

    expect((await signIn({ password })).status).toBe(429)
    const code = codeOf(secret)
    expect((await signIn({ password: 'wrong', code })).status).toBe(429)
    expect((await signIn({ password, code: '000000' })).status).toBe(429)
    const opened = await signIn({ password, code })
    expect([opened.status, opened.body]).toMatchObject([200, { secondFactor: true }])
    // The tries of others do not stop a person who is signed in.
    const proof = { password, code: recoveryCodes[0] }
    expect((await browser.post('/v1/account/second-factor/remove', proof)).status).toBe(200)
  })

  it('lets its owner in however many tries have failed from the same address, and an open session goes on', async () => {
    const address = '203.0.113.99'
    const email = 'sam@example.org'
    const { secret, recoveryCodes } = await withSecondFactor(email)
    const browser = new Browser(api, address)
    await browser.signIn(email, password)
    expect((await give(browser, codeOf(secret))).status).toBe(200)
    later(STEP_MS)
    const halfway = new Browser(api, address)
    await halfway.signIn(email, password)
    // As many as one address may fail with, for the addresses of other people.
    for (let n = 0; n < 101; n++) await api.people.throttle.count(`password person${n}`, address)

    const signIn = (given: object) => new Browser(api, address).post('/v1/session', { email, ...given })
    expect((await signIn({ password })).status).toBe(429)
    expect((await give(halfway, codeOf(secret))).status).toBe(200)
    later(STEP_MS)
    expect((await signIn({ password, code: codeOf(secret) })).status).toBe(200)
    const proof = { password, code: recoveryCodes[0] }
    expect((await browser.post('/v1/account/second-factor/remove', proof)).status).toBe(200)
  })

  it('may come with the password, and a wrong one is told', async () => {
    const { secret } = await withSecondFactor('kay@example.org')
    const signIn = (code: string) =>
      new Browser(api).post('/v1/session', { email: 'kay@example.org', password, code })
    expect((await signIn('000000')).body.code).toBe('wrong-code')
    expect((await signIn(codeOf(secret))).status).toBe(200)
  })

  it('codes that come with the password are limited too', async () => {
    const { secret } = await withSecondFactor('lou@example.org')
    const signIn = (code: string) =>
      new Browser(api).post('/v1/session', { email: 'lou@example.org', password, code })
    for (let n = 0; n < 10; n++) await signIn('000000')
    expect((await signIn(codeOf(secret))).status).toBe(429)
  })

  it('failed tries are shown to an admin from the tenth on, by account and by address', async () => {
    await newcomer(api, 'max@example.org')
    const fail = () => new Browser(api, '203.0.113.77').signIn('max@example.org', 'wrong')
    const listed = async () => {
      const { accounts } = (await api.request('/v1/accounts', { key: api.keys.admin })).body
      return accounts.find(({ email }) => email === 'max@example.org')
    }
    for (let n = 0; n < 9; n++) await fail()
    expect(await listed()).not.toHaveProperty('failedSignIns')
    await fail()
    expect(await listed()).toMatchObject({ failedSignIns: 10 })
    expect((await readAudit(api.store)).at(-1)).toMatchObject({
      action: 'sign-ins-failed',
      detail: { failed: 10, lastFrom: '203.0.113.77', failedFromAddress: 10 },
    })
  })

  it('is not available to keys', async () => {
    const reply = await api.post('/v1/account/second-factor', {})

    expect([reply.status, reply.body.code]).toEqual([403, 'session-needed'])
  })
})
