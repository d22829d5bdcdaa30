import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import { inviteAdmin } from '../../src/people/invite-admin.ts'
import { Browser, password, type BrowserReply } from '../support/browser.ts'
import { nobodyAlone } from '../support/newsroom.ts'
import { openNewsroomOfTwo, type NewsroomOfTwo } from '../support/two-admins/newsroom-of-two.ts'

/**
 * Ada and Ben are the only admins, and distrust each other. The tests are one day in their feed `two`, in this order:
 * neither of them releases, widens or exposes anything alone, and neither is ever stuck.
 */
describe('a day of two admins who distrust each other', () => {
  const lines = '/v1/feeds/two/headlines'
  const policyPath = '/v1/feeds/two/policy'
  let room: NewsroomOfTwo
  let ada: Browser
  let ben: Browser
  let recoveryCodes: readonly string[]
  let key: { readonly id: string; readonly key: string }
  beforeAll(async () => {
    room = await openNewsroomOfTwo()
    ada = room.cheat.browser
    ben = room.honest.browser
  })
  afterAll(() => room.close())

  const told = ({ status, body }: BrowserReply) => [status, status < 300 ? body.headline.status : body.code]
  const submit = async (by: Browser, text: string) =>
    `${lines}/${(await by.post(lines, { text, then: 'submit' })).body.headline.id}`
  const ownPolicy = (by: Browser, changes: object, version: number) =>
    by.send(policyPath, {
      method: 'PUT',
      body: {
        alone: nobodyAlone,
        undoMs: { bulletin: 0, urgent: 0, routine: 0 },
        duplicateWithinMs: 0,
        ...changes,
      },
      headers: { 'if-match': `"${version}"` },
    })

  it('08:00 Ben keeps recovery codes for his second factor', async () => {
    const removed = await ben.post('/v1/account/second-factor/remove', {
      password,
      code: room.honest.code(),
    })
    expect(removed.status).toBe(200)
    recoveryCodes = await newFactor(ben)
    expect(recoveryCodes).toHaveLength(10)
  })

  it('09:00 Ben cannot release his line alone; Ada approves the version that she has read', async () => {
    expect(told(await ben.post(lines, { text: 'Port closes' }))).toEqual([403, 'two-person-required'])
    const line = await submit(ben, 'Port closes')
    expect(told(await ben.approve(`${line}/approve`, 1))).toEqual([403, 'self-approval'])
    expect(told(await ada.approve(`${line}/approve`, 1))).toEqual([200, 'live'])
  })

  it('10:00 Ada changes her line after Ben has read it: his approval is refused, until he has read it again', async () => {
    const line = await submit(ada, 'Mayor speaks')
    const read = (await ben.get(line)).body.version
    const change = { body: { text: 'Mayor resigns' }, headers: { 'if-match': '"1"' } }
    expect((await ada.send(`${line}/save`, { method: 'POST', ...change })).status).toBe(200)
    expect(told(await ben.approve(`${line}/approve`, read))).toEqual([412, 'stale-version'])
    expect(told(await ada.approve(`${line}/approve`, 2))).toEqual([403, 'self-approval'])
    expect(told(await ben.approve(`${line}/approve`, 2))).toEqual([200, 'live'])
  })

  it('11:00 Ada makes the policy less strict: it waits, and Ben puts it aside', async () => {
    const wider = await ownPolicy(ada, { alone: { ...nobodyAlone, routine: 'editor' } }, 1)
    expect(wider.status).toBe(202)
    expect(told(await ada.approve(`${policyPath}/approve`, 2))).toEqual([403, 'self-approval'])
    expect((await ownPolicy(ben, { releasesPerMinute: 1 }, 2)).status).toBe(200)
    expect(told(await ada.approve(`${policyPath}/approve`, 3))).toEqual([409, 'nothing-to-approve'])
  })

  it('12:00 the key that Ada makes waits for Ben, and is no second person beside her', async () => {
    const made = await ada.post('/v1/keys', { name: 'Ticker', roles: { two: 'editor' } })
    key = made.body
    const early = await byKey(lines, { text: 'Early', then: 'keep' })
    expect([early.status, early.body]).toMatchObject([
      401,
      { detail: 'This key waits for the approval of a second admin: ben.' },
    ])
    expect(told(await ada.approve(`/v1/keys/${key.id}/approve`, 1))).toEqual([403, 'self-approval'])
    expect((await ben.approve(`/v1/keys/${key.id}/approve`, 1)).status).toBe(200)
    const line = await submit(ada, 'Storm nears')
    expect(told(await byKey(`${line}/approve`, {}, 1))).toEqual([403, 'self-approval'])
    expect(told(await ben.approve(`${line}/approve`, 1))).toEqual([200, 'live'])
  })

  it('13:00 the key approves too fast and is frozen: it writes drafts on, and another admin thaws it', async () => {
    const [first, second] = [await submit(ben, 'Tide rises'), await submit(ben, 'Dike holds')]
    expect(told(await byKey(`${first}/approve`, {}, 1))).toEqual([200, 'live'])
    expect(told(await byKey(`${second}/approve`, {}, 1))).toEqual([403, 'key-frozen'])
    expect(told(await byKey(lines, { text: 'A draft', then: 'keep' }))).toEqual([201, 'draft'])
    expect(told(await ada.approve(`${second}/approve`, 1))).toEqual([200, 'live'])
    expect(told(await ada.post(`/v1/keys/${key.id}/thaw`))).toEqual([403, 'self-approval'])
    expect((await ben.post(`/v1/keys/${key.id}/thaw`)).status).toBe(204)
  })

  it('14:00 wrong passwords from the newsroom lock nobody out who has a second factor', async () => {
    const stranger = new Browser(room.api, '203.0.113.9')
    const tries = Array.from({ length: 12 }, () => stranger.signIn(room.honest.email, 'a wrong password'))
    expect((await Promise.all(tries)).map(({ status }) => status)).toContain(429)
    expect((await ben.get('/v1/session')).status).toBe(200)
    expect((await ben.signIn(room.honest.email, password)).status).toBe(429)
    const code = recoveryCodes[0]
    const back = await ben.post('/v1/session', { email: room.honest.email, password, code })
    expect(back.status).toBe(200)
  })

  it('15:00 Ben has lost his telephone: a recovery code lets him in, and another one replaces the factor', async () => {
    const removed = await ben.post('/v1/account/second-factor/remove', { password, code: recoveryCodes[1] })
    expect(removed.status).toBe(200)
    // Without a second factor he gives nobody rights.
    const invited = await ben.post('/v1/invitations', { email: 'kim@example.org', roles: { two: 'editor' } })
    expect(told(invited)).toEqual([403, 'second-factor-required'])
    expect(await newFactor(ben)).toHaveLength(10)
  })

  it('16:00 Ada freezes the feed: nothing goes out, drafts are written, and Ben thaws it', async () => {
    const line = await submit(ada, 'Ferry stops')
    expect((await ada.post('/v1/feeds/two/freeze', { reason: 'A rumour' })).status).toBe(200)
    expect(told(await ben.approve(`${line}/approve`, 1))).toEqual([409, 'feed-frozen'])
    expect(told(await ben.post(lines, { text: 'A draft', then: 'keep' }))).toEqual([201, 'draft'])
    expect((await ben.post('/v1/feeds/two/thaw')).status).toBe(200)
    expect(told(await ben.approve(`${line}/approve`, 1))).toEqual([200, 'live'])
  })

  it('17:00 Ada cannot take the role of an admin from Ben, not even with a puppet of hers', async () => {
    const own = `/v1/accounts/${room.honest.id}`
    expect(told(await ada.post(`${own}/roles`, { roles: { two: 'editor' } }))).toEqual([
      409,
      'last-but-one-admin',
    ])
    expect(told(await ada.delete(own))).toEqual([409, 'last-but-one-admin'])
    const puppet = { email: 'puppet@example.org', roles: { '*': 'admin' } }
    const { token, id } = (await ada.post('/v1/invitations', puppet)).body
    const accepted = { token, name: 'Puppet', password }
    expect(told(await new Browser(room.api).post('/v1/invitations/accept', accepted))).toEqual([
      403,
      'waits-for-approval',
    ])
    expect(told(await ada.approve(`/v1/invitations/${id}/approve`, 1))).toEqual([403, 'self-approval'])
    expect((await ben.delete(`/v1/invitations/${id}`)).status).toBe(204)
  })

  it('18:00 Ada disables Ben: alone she gets nothing out, and the operator of the machine lets him in again', async () => {
    const line = await submit(ada, 'Alone at last')
    expect((await ada.post(`/v1/accounts/${room.honest.id}/disable`)).status).toBe(200)
    expect((await ben.get('/v1/session')).status).toBe(401)
    expect(told(await ada.approve(`${line}/approve`, 1))).toEqual([403, 'self-approval'])
    expect(told(await byKey(`${line}/approve`, {}, 1))).toEqual([403, 'self-approval'])
    expect((await ownPolicy(ada, {}, 3)).status).toBe(202)

    const invited = await inviteAdmin(room.api.store, 'ben-again@example.org', 'operator')
    if (typeof invited === 'string') throw new Error(invited)
    const again = new Browser(room.api)
    const { token } = invited
    expect((await again.post('/v1/invitations/accept', { token, name: 'Ben', password })).status).toBe(200)
    expect((await again.post(`/v1/accounts/${room.cheat.id}/disable`)).status).toBe(200)
    expect((await ada.get('/v1/session')).status).toBe(401)
    expect((await byKey(lines, { text: 'By the key', then: 'keep' })).status).toBe(401)
    await newFactor(again)
    expect((await again.post(`/v1/accounts/${room.honest.id}/enable`)).status).toBe(200)
    const { body } = await again.get('/v1/audit?after=0&limit=500')
    const { entries } = body as unknown as { entries: readonly { action: string; act: { by: string } }[] }
    expect(entries.filter(({ act }) => act.by === 'operator').map(({ action }) => action)).toEqual([
      'invited',
    ])
  })

  async function newFactor(browser: Browser): Promise<readonly string[]> {
    const { secret } = (await browser.post('/v1/account/second-factor', { password })).body
    const timestamp = room.api.clock.now()
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })
    return (await browser.post('/v1/account/second-factor/confirm', { code })).body.recoveryCodes
  }

  function byKey(path: string, body: object, version?: number): Promise<BrowserReply> {
    const headers = version === undefined ? {} : { 'if-match': `"${version}"` }
    return room.api.request(path, { method: 'POST', key: key.key, body, headers })
  }
})
