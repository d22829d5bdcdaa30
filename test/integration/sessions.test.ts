import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { readAudit } from '../support/desk-audit.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { sessionMs } from '../support/people.ts'

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
const token = (browser: Browser) => browser.cookies.get('flashline') ?? ''
const withToken = (value: string) => {
  const other = new Browser(api)
  other.cookies.set('flashline', value)
  return other
}

describe('a session', () => {
  it('shows the signed-in person and their role in each feed', async () => {
    const browser = await newcomer(api, 'ada@example.org', { en: 'editor' })

    const { body } = await browser.get('/v1/session')
    expect(body).toMatchObject({
      email: 'ada@example.org',
      roles: { en: 'editor' },
      secondFactor: false,
      credential: `user:${body.person}`,
    })
    const posted = await browser.post('/v1/feeds/en/headlines', { text: 'Bridge closed' })
    expect(posted.status).toBe(201)
    expect((await browser.post('/v1/feeds/ar/headlines', { text: 'x' })).body.code).toBe('forbidden')
    expect((await browser.get('/v1/keys')).body.code).toBe('forbidden')
  })

  it('is in a cookie that no script reads and no other site sends', async () => {
    const browser = await newcomer(api, 'bea@example.org')

    const signedIn = await browser.signIn('BEA@example.org ', password)
    const [cookie] = signedIn.headers.getSetCookie()
    expect(cookie).toMatch(/^flashline=[A-Za-z0-9_-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = await browser.send('/v1/session', {
      method: 'POST',
      headers: { 'x-forwarded-proto': 'https', origin: api.url.replace('http:', 'https:') },
      body: { email: 'bea@example.org', password },
    })
    expect(secure.headers.getSetCookie()[0]).toMatch(
      /^__Host-flashline=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    // Over https the cookie for http is ignored.
    const plain = { 'x-forwarded-proto': 'https', cookie: `flashline=${token(browser)}` }
    expect((await browser.send('/v1/session', { headers: plain })).status).toBe(401)
  })

  it('is stored in Redis only under the hash of its token', async () => {
    const browser = await newcomer(api, 'cleo@example.org')
    const { redis, keys } = api.store
    const stored = await redis.keys(keys.desk.session('[0-9a-f]*'))
    const values = await Promise.all(stored.map((key) => redis.get(key)))

    expect(values.some((value) => value?.includes(browser.csrfToken))).toBe(true)
    expect([...stored, ...values].join()).not.toContain(token(browser))
  })

  it('ends after an hour without use, and not before', async () => {
    const browser = await newcomer(api, 'dan@example.org')

    for (let use = 0; use < 3; use++) {
      later(sessionMs.idle - 60_000)
      expect((await browser.get('/v1/session')).status).toBe(200)
    }
    later(sessionMs.idle + 1)
    expect((await browser.get('/v1/session')).status).toBe(401)
  })

  it('ends after twelve hours, even when it is used', async () => {
    const browser = await newcomer(api, 'eve@example.org')

    for (let spent = 0; spent < sessionMs.longest - sessionMs.idle; spent += sessionMs.idle / 2) {
      later(sessionMs.idle / 2)
      expect((await browser.get('/v1/session')).status).toBe(200)
    }
    later(sessionMs.idle / 2)
    await browser.get('/v1/session')
    later(sessionMs.idle / 2)
    expect((await browser.get('/v1/session')).status).toBe(401)
  })

  it('gets a new token at every sign-in; the old token is not valid', async () => {
    const browser = await newcomer(api, 'fay@example.org')
    const before = token(browser)
    await browser.signIn('fay@example.org', password)

    expect(token(browser)).not.toBe(before)
    expect((await withToken(before).get('/v1/session')).status).toBe(401)
    expect((await browser.get('/v1/session')).status).toBe(200)
  })

  it('never takes over a token that an attacker has set in the browser', async () => {
    const attacker = await newcomer(api, 'mallory@example.org')
    await newcomer(api, 'gil@example.org')
    const victim = withToken(token(attacker))
    await victim.signIn('gil@example.org', password)

    expect((await victim.get('/v1/session')).body).toMatchObject({ email: 'gil@example.org' })
    expect((await attacker.get('/v1/session')).status).toBe(401)
    const invented = withToken('A'.repeat(43))
    await invented.signIn('gil@example.org', password)
    expect(token(invented)).not.toBe('A'.repeat(43))
  })

  it('ends when the person signs out', async () => {
    const browser = await newcomer(api, 'hal@example.org')
    const before = token(browser)

    expect((await browser.delete('/v1/session')).status).toBe(204)
    expect(browser.cookies.has('flashline')).toBe(false)
    expect((await withToken(before).get('/v1/session')).status).toBe(401)
  })

  it('is listed with the other sessions of the account, and all end together', async () => {
    const first = await newcomer(api, 'ida@example.org')
    const second = new Browser(api, '203.0.113.4')
    await second.signIn('ida@example.org', password)

    const { sessions } = (await second.get('/v1/sessions')).body
    expect(sessions).toMatchObject([{ ip: '203.0.113.4', current: true }, { current: false }])
    expect((await first.delete('/v1/sessions')).status).toBe(204)
    expect((await first.get('/v1/session')).status).toBe(401)
    expect((await second.get('/v1/session')).status).toBe(401)
  })

  it('is the only remaining session after a new password, with a new token', async () => {
    const first = await newcomer(api, 'jan@example.org')
    const second = new Browser(api)
    await second.signIn('jan@example.org', password)
    const before = token(first)
    const next = 'another battery, another staple'

    const wrong = await first.post('/v1/account/password', { current: 'a wrong password', password: next })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong-password'])
    const changed = await first.post('/v1/account/password', { current: password, password: next })
    expect(changed.status).toBe(200)
    expect(token(first)).not.toBe(before)
    expect((await first.get('/v1/session')).status).toBe(200)
    expect((await second.get('/v1/session')).status).toBe(401)
    expect((await withToken(before).get('/v1/session')).status).toBe(401)
    expect((await second.signIn('jan@example.org', password)).status).toBe(401)
    expect((await second.signIn('jan@example.org', next)).status).toBe(200)
  })

  it('is limited in number: the oldest sessions end', async () => {
    const first = await newcomer(api, 'kim@example.org')
    const browsers = Array.from({ length: 50 }, () => new Browser(api))
    for (const browser of browsers) {
      later(1)
      await browser.signIn('kim@example.org', password)
    }

    expect((await first.get('/v1/session')).status).toBe(401)
    expect((await browsers[0]?.get('/v1/session'))?.status).toBe(200)
  })

  it('closes its desk streams when it ends, and is not prolonged by them', async () => {
    const browser = await newcomer(api, 'max@example.org')
    const open = async () => {
      const headers = { cookie: `flashline=${token(browser)}` }
      const { status, body } = await fetch(`${api.url}/v1/feeds/en/desk`, { headers })
      expect(status).toBe(200)
      const got = { text: '', ended: false }
      void (async () => {
        for await (const part of body!.pipeThrough(new TextDecoderStream())) got.text += part
      })().finally(() => (got.ended = true))
      return got
    }

    const first = await open()
    later(sessionMs.idle - 60_000)
    // The stream checks the session before it writes the next entry.
    await api.publish({ text: 'Seen by the desk', urgency: 'flash' })
    await eventually('the entry has come', 20_000, () => first.text.includes('"audit"'))
    later(60_001)
    await eventually('the stream has ended by itself', 20_000, () => first.ended)
    await browser.signIn('max@example.org', password)
    const second = await open()
    await browser.delete('/v1/session')
    await eventually('the stream has ended', 20_000, () => second.ended)
  })

  it('is valid on every process, and ends on all of them at once', async () => {
    const browser = await newcomer(api, 'lea@example.org')
    const other = await startApi({ prefix: api.prefix })
    const there = new Browser(other)
    there.cookies.set('flashline', token(browser))

    expect((await there.get('/v1/session')).status).toBe(200)
    await browser.delete('/v1/session')
    expect((await there.get('/v1/session')).status).toBe(401)
    await other.close()
  })
})

describe('a changing request with a cookie', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await newcomer(api, 'nia@example.org', { '*': 'editor' })
  })
  const post = (headers: Record<string, string>) =>
    browser.send('/v1/feeds/en/headlines', { method: 'POST', headers, body: { text: 'Ferry late' } })

  it.each([
    ['without the token', { 'x-csrf-token': '' }],
    ['with another token', { 'x-csrf-token': 'A'.repeat(43) }],
    ["from another site's page", { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from another origin, with any other headers', { origin: 'https://evil.example' }],
    ['from a sibling of this host', { 'sec-fetch-site': 'same-site' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['without any origin', { origin: '', 'sec-fetch-site': '' }],
  ])('is refused %s', async (_how, headers) => {
    const reply = await post(headers)

    expect([reply.status, reply.body.code]).toEqual([403, 'csrf-refused'])
  })

  it('is refused over https from a page that was loaded over http', async () => {
    const cookie = `__Host-flashline=${token(browser)}`

    expect((await post({ 'x-forwarded-proto': 'https', cookie })).body.code).toBe('csrf-refused')
    const origin = api.url.replace('http:', 'https:')
    expect((await post({ 'x-forwarded-proto': 'https', cookie, origin })).status).toBe(201)
  })

  it("is refused with another session's CSRF token", async () => {
    const other = await newcomer(api, 'oli@example.org')

    expect((await post({ 'x-csrf-token': other.csrfToken })).body.code).toBe('csrf-refused')
  })

  it.each([
    ['both', {}],
    ['Origin alone', { 'sec-fetch-site': '' }],
    ['Sec-Fetch-Site alone', { origin: '' }],
  ])('passes with the token and %s', async (_which, headers) => {
    expect((await post(headers)).status).toBe(201)
  })

  it('needs no CSRF token when it has a key', async () => {
    const reply = await api.post('/v1/feeds/en/headlines', { text: 'x' }, { origin: 'https://evil.example' })

    expect(reply.status).toBe(201)
  })

  it('is refused with a wrong key even when the cookie is valid', async () => {
    const reply = await browser.send('/v1/session', { headers: { authorization: 'Bearer fl_wrong' } })

    expect(reply.status).toBe(401)
  })

  it('is refused for a sign-in from another site too', async () => {
    const other = new Browser(api)
    const reply = await other.send('/v1/session', {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: { email: 'nia@example.org', password },
    })

    expect([reply.status, reply.body.code]).toEqual([403, 'csrf-refused'])
    expect(reply.headers.getSetCookie()).toEqual([])
  })
})

it('is written to the audit, without secrets', async () => {
  const browser = await newcomer(api, 'pia@example.org')
  const { person } = (await browser.get('/v1/session')).body
  await browser.signIn('pia@example.org', 'not the password')
  await browser.signIn('pia@example.org', password)
  await browser.delete('/v1/session')

  const entries = (await readAudit(api.store)).filter(({ act }) => act.person === person)
  expect(entries).toMatchObject([
    { action: 'account-made', act: { by: `user:${person}`, name: 'pia@example.org', ip: '198.51.100.1' } },
    { action: 'signed-in', detail: { method: 'password', failedBefore: 1 } },
    { action: 'signed-out' },
  ])
  const text = JSON.stringify(await readAudit(api.store))
  expect(text).not.toMatch(/argon2|inv_[0-9a-f]{16}_|secretHash|tokenHash|passwordHash|correct horse/)
})
