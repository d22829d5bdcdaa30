import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import { SingleSignOn } from '../../src/people/single-sign-on.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { startProvider } from '../support/oidc-provider.ts'

type Provider = Awaited<ReturnType<typeof startProvider>>

let provider: Provider
let api: TestApi
beforeAll(async () => {
  // The provider prints long warnings about its test configuration.
  for (const word of ['warn', 'info'] as const) jest.spyOn(console, word).mockImplementation(() => undefined)
  provider = await startProvider()
  api = await startApi({
    change: ({ people, logger }) => ({
      singleSignOn: new SingleSignOn(
        people,
        { ...provider.settings, secondFactor: ['mfa'] },
        logger,
        provider.fetch,
      ),
    }),
  })
})
beforeEach(() => {
  provider.person.amr = ['pwd']
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(async () => {
  await api.close()
  provider.close()
})

const as = (email: string | undefined, email_verified = true, name = 'Of The Provider') => {
  provider.person.claims = { ...(email !== undefined && { email }), email_verified, name }
}
const start = async (browser: Browser) => (await browser.get('/v1/sso/start')).headers.get('location') ?? ''
/** Sends the browser back from the provider with the provider's answer. */
const comeBack = (browser: Browser, { search }: URL | { search: string }) =>
  browser.send(`/v1/sso/callback${search}`, { headers: { 'sec-fetch-site': 'cross-site', origin: '' } })
const signIn = async (browser: Browser) => comeBack(browser, await provider.visit(await start(browser)))
const whoIs = async (browser: Browser) => (await browser.get('/v1/session')).body

describe('single sign-on', () => {
  it('opens a session for the account with the verified email', async () => {
    await newcomer(api, 'ada@example.org', { en: 'editor' })
    as('Ada@Example.org')
    const browser = new Browser(api)
    const reply = await signIn(browser)

    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/'])
    expect(await whoIs(browser)).toMatchObject({
      email: 'ada@example.org',
      roles: { en: 'editor' },
      secondFactor: false,
    })
    expect((await browser.post('/v1/feeds/en/headlines', { text: 'x' })).status).toBe(201)
  })

  it('ends the earlier session of the browser', async () => {
    const browser = await newcomer(api, 'eva@example.org', { en: 'editor' })
    const before = new Map(browser.cookies)
    const other = new Browser(api)
    await other.signIn('eva@example.org', password)
    as('eva@example.org')
    expect((await signIn(browser)).status).toBe(302)

    const stale = new Browser(api)
    for (const [name, value] of before) stale.cookies.set(name, value)
    expect((await stale.get('/v1/session')).status).toBe(401)
    expect((await other.get('/v1/session')).status).toBe(200)
    expect(await whoIs(browser)).toMatchObject({ email: 'eva@example.org' })
  })

  it('requests a code with PKCE, state and nonce, which are new every time', async () => {
    const [first, second] = [new URL(await start(new Browser(api))), new URL(await start(new Browser(api)))]

    expect(Object.fromEntries(first.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: provider.settings.redirectUrl,
    })
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.searchParams.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name))
    }
  })

  it('creates the account of an invited person', async () => {
    await api.post(
      '/v1/invitations',
      { email: 'bob@example.org', roles: { en: 'reporter' } },
      {},
      api.keys.admin,
    )
    as('bob@example.org', true, 'Bob')
    const browser = new Browser(api)
    await signIn(browser)

    expect(await whoIs(browser)).toMatchObject({ name: 'Bob', roles: { en: 'reporter' } })
    // The account has no password, so none is required.
    expect((await browser.post('/v1/account/second-factor')).status).toBe(201)
    expect((await api.request('/v1/invitations', { key: api.keys.admin })).body.invitations).toEqual([])
  })

  it('counts as a second factor when the provider reports an accepted value', async () => {
    await newcomer(api, 'cat@example.org')
    as('cat@example.org')
    provider.person.amr = ['pwd', 'mfa']
    const browser = new Browser(api)
    await signIn(browser)

    expect(await whoIs(browser)).toMatchObject({ secondFactor: true })
  })
})

describe('a person with single sign-on only', () => {
  const signedIn = async (browser: Browser) => {
    await signIn(browser)
    await whoIs(browser)
    return browser
  }
  const invited = async (email: string) => {
    await api.post('/v1/invitations', { email, roles: { en: 'reporter' } }, {}, api.keys.admin)
    as(email)
    return signedIn(new Browser(api))
  }

  it('sets a first password soon after a sign-in only', async () => {
    const browser = await invited('una@example.org')
    const now = Date.now()
    api.clock.now = () => now + 11 * 60_000
    const late = await browser.post('/v1/account/password', { password })
    expect([late.status, late.body.code]).toEqual([403, 'fresh-sign-in-needed'])
    expect((await browser.post('/v1/account/second-factor')).body.code).toBe('fresh-sign-in-needed')
    await signedIn(browser)
    expect((await browser.post('/v1/account/password', { password })).status).toBe(200)
  })

  it('does not remove a second factor, or set a password beside it, with a sign-in alone', async () => {
    const browser = await invited('una2@example.org')
    const { secret } = (await browser.post('/v1/account/second-factor')).body
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    await browser.post('/v1/account/second-factor/confirm', { code: totp.generate() })
    const other = await signedIn(new Browser(api))

    const removed = await other.post('/v1/account/second-factor/remove', { code: '000000' })
    expect([removed.status, removed.body.code]).toEqual([401, 'wrong-code'])
    const set = await other.post('/v1/account/password', { password })
    expect([set.status, set.body.code]).toEqual([403, 'second-factor-required'])
  })
})

it('where passwords are switched off, none opens or sets anything', async () => {
  const known = await newcomer(api, 'pat@example.org')
  const only = await startApi({ ssoOnly: true, prefix: api.prefix })
  const { token } = (
    await api.post('/v1/invitations', { email: 'x@example.org', roles: { en: 'reader' } }, {}, api.keys.admin)
  ).body
  const there = new Browser(only)
  there.cookies.set('flashline', known.cookies.get('flashline') ?? '')
  there.csrfToken = known.csrfToken
  const replies = [
    await new Browser(only).signIn('pat@example.org', password),
    await new Browser(only).post('/v1/invitations/accept', { token, name: 'Pat', password }),
    await there.post('/v1/account/password', { current: password, password: `${password} 2` }),
  ]
  await only.close()

  expect(replies.map(({ status, body }) => [status, body.code])).toEqual(replies.map(() => [403, 'sso-only']))
})

describe('single sign-on refuses', () => {
  const refused = async (browser: Browser, reply: { status: number; body: { code: string } }) => {
    expect(browser.cookies.has('flashline')).toBe(false)
    return [reply.status, reply.body.code]
  }

  it('a person without account and invitation', async () => {
    as('stranger@example.org')
    const browser = new Browser(api)

    expect(await refused(browser, await signIn(browser))).toEqual([403, 'sso-unknown-person'])
  })

  it('a disabled account', async () => {
    const known = await newcomer(api, 'dan@example.org')
    const { person } = await whoIs(known)
    await api.post(`/v1/accounts/${person}/disable`, {}, {}, api.keys.admin)
    as('dan@example.org')
    const browser = new Browser(api)

    expect(await refused(browser, await signIn(browser))).toEqual([403, 'sso-unknown-person'])
  })

  it.each([
    ['an email that is not verified', 'ada@example.org', false],
    ['no email', undefined, true],
  ])('%s', async (_what, email, verified) => {
    as(email, verified)
    const browser = new Browser(api)

    expect(await refused(browser, await signIn(browser))).toEqual([403, 'sso-email-unverified'])
  })

  it('a wrong state', async () => {
    as('ada@example.org')
    const browser = new Browser(api)
    const back = await provider.visit(await start(browser))
    back.searchParams.set('state', 'A'.repeat(43))

    expect(await refused(browser, await comeBack(browser, back))).toEqual([400, 'sso-failed'])
  })

  it('a repeated answer', async () => {
    as('ada@example.org')
    const browser = new Browser(api)
    const url = await start(browser)
    // Two valid codes for one started sign-in.
    const [back, other] = [await provider.visit(url), await provider.visit(url)]
    expect((await comeBack(browser, back)).status).toBe(302)
    const again = new Browser(api)
    for (const [name, value] of browser.cookies) if (name !== 'flashline') again.cookies.set(name, value)

    expect(await refused(again, await comeBack(again, back))).toEqual([400, 'sso-failed'])
    expect(await refused(again, await comeBack(again, other))).toEqual([400, 'sso-failed'])
  })

  it('a code of another sign-in', async () => {
    as('ada@example.org')
    const [attacker, victim] = [new Browser(api), new Browser(api)]
    const stolen = await provider.visit(await start(attacker))
    const own = new URL(await start(victim))
    stolen.searchParams.set('state', own.searchParams.get('state') ?? '')

    expect(await refused(victim, await comeBack(victim, stolen))).toEqual([400, 'sso-failed'])
  })

  it('a browser that did not start the sign-in', async () => {
    as('ada@example.org')
    const back = await provider.visit(await start(new Browser(api)))
    const other = new Browser(api)

    expect(await refused(other, await comeBack(other, back))).toEqual([400, 'sso-failed'])
    await start(other)
    expect(await refused(other, await comeBack(other, back))).toEqual([400, 'sso-failed'])
  })

  it('a refusal of the provider', async () => {
    const browser = new Browser(api)
    const { searchParams } = new URL(await start(browser))
    const search = `?error=access_denied&state=${searchParams.get('state')}&iss=${provider.settings.issuer}`

    expect(await refused(browser, await comeBack(browser, { search }))).toEqual([400, 'sso-failed'])
  })

  it('everybody while the provider is not reachable, and not longer', async () => {
    const late = await startApi({
      change: ({ people, logger }) => ({
        singleSignOn: new SingleSignOn(
          people,
          { ...provider.settings, secondFactor: [] },
          logger,
          provider.fetch,
        ),
      }),
    })
    provider.goDown()
    const browser = new Browser(late)
    const reply = await browser.get('/v1/sso/start')
    expect([reply.status, reply.body.code]).toEqual([503, 'sso-unavailable'])
    provider.comeBack()
    expect(await start(browser)).toContain(provider.settings.issuer)
    await late.close()
  })

  it('everybody when it is not configured', async () => {
    const plain = await startApi()

    expect((await new Browser(plain).get('/v1/sso/start')).body.code).toBe('no-such-route')
    await plain.close()
  })
})
