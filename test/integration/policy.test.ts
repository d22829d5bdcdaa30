import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, nobodyAlone, staffOf, type Person, type Staff } from '../support/newsroom.ts'
import { openPolicy } from '../support/redis.ts'

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
})
afterAll(() => api.close())

let feeds = 0
async function freshFeed(policy: Parameters<typeof feedWith>[2] = {}): Promise<string> {
  const id = `policy-${++feeds}`
  await feedWith(api, id, policy)
  return id
}

const put = (by: Person, feed: string, policy: object, seen: string | undefined) =>
  by.send('PUT', `/v1/feeds/${feed}/policy`, policy, seen === undefined ? {} : { 'If-Match': seen })
const approve = (by: Person, feed: string, seen: string) =>
  by.send('POST', `/v1/feeds/${feed}/policy/approve`, {}, { 'If-Match': seen })
const policyOf = (feed: string) => staff.rob.get(`/v1/feeds/${feed}/policy`)

describe('the policy of a feed', () => {
  it('is the default policy until one is set', async () => {
    await api.request('/v1/feeds', {
      method: 'POST',
      key: staff.eve.key,
      body: { id: 'usual', title: 'Usual', lang: 'en' },
    })
    const reply = await policyOf('usual')

    expect(reply.headers.get('etag')).toBe('"0"')
    expect(reply.body).toMatchObject({
      version: 0,
      policy: { alone: { flash: 'editor' }, maxGraphemes: 280 },
    })
    expect((await put(staff.dan, 'usual', { maxGraphemes: 200 }, '"0"')).body).toMatchObject({ version: 1 })
  })

  it('is set by a chief who names its version, and applies at once', async () => {
    const feed = await freshFeed()
    const strict = { ...openPolicy, alone: nobodyAlone }

    const reply = await put(staff.dan, feed, strict, '"1"')

    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"'])
    expect((await policyOf(feed)).body).toEqual({ version: 2, policy: strict })
    expect((await staff.bob.write({ text: 'x' }, { feed })).body.code).toBe('two-person-required')
  })

  it.each([
    ['an editor', 403, 'forbidden', '"1"', {}],
    ['without a version', 428, 'precondition-required', undefined, {}],
    ['with an older version', 412, 'stale-version', '"7"', {}],
    ['with a weak tag', 412, 'stale-version', 'W/"1"', {}],
    ['with an unknown member', 422, 'invalid-body', '"1"', { alone: { flash: 'everybody' } }],
  ])('is not set by, or %s', async (caller, status, code, seen, policy) => {
    const feed = await freshFeed()
    const reply = await put(caller === 'an editor' ? staff.bob : staff.dan, feed, policy, seen)

    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect((await policyOf(feed)).body).toMatchObject({ version: 1 })
  })

  it('is set by exactly one of twenty chiefs at the same time', async () => {
    const feed = await freshFeed()
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        put(staff.dan, feed, { ...openPolicy, maxGraphemes: 100 + n }, '"1"'),
      ),
    )

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const lost = replies.filter(({ status }) => status === 412)
    expect(lost).toHaveLength(19)
    expect(lost[0]?.body.current).toMatchObject({ version: 2 })
  })

  it.each([
    ['GET', '/v1/feeds/none/policy'],
    ['PUT', '/v1/feeds/none/policy'],
    ['POST', '/v1/feeds/none/policy/approve'],
  ])('is that of a feed that exists: %s', async (method, path) => {
    const reply = await staff.dan.send(method, path, method === 'GET' ? undefined : {}, { 'If-Match': '"1"' })

    expect([reply.status, reply.body.code]).toEqual([404, 'no-such-feed'])
  })
})

describe('a less strict policy under the two-person rule', () => {
  const strict = { alone: nobodyAlone }
  const wider = { ...openPolicy, alone: { ...nobodyAlone, routine: 'chief' } }

  it('waits for a second person', async () => {
    const feed = await freshFeed(strict)

    const proposed = await put(staff.dan, feed, wider, '"1"')
    expect(proposed.status).toBe(202)
    expect(proposed.body).toMatchObject({
      version: 2,
      policy: { alone: nobodyAlone },
      proposal: { policy: wider, by: staff.dan.id, name: 'Dan', at: expect.any(String) },
    })
    expect((await staff.dan.write({ text: 'x', urgency: 'routine' }, { feed })).body.code).toBe(
      'two-person-required',
    )
    expect((await approve(staff.dan, feed, '"2"')).body).toMatchObject({
      code: 'self-approval',
      detail: 'These persons may approve it: Deb, Eve.',
    })
    expect((await approve(staff.bob, feed, '"2"')).body.code).toBe('forbidden')

    const approved = await approve(staff.deb, feed, '"2"')
    expect(approved.body).toEqual({ version: 3, policy: wider })
    expect((await staff.dan.write({ text: 'x', urgency: 'routine' }, { feed })).status).toBe(201)
    expect((await approve(staff.deb, feed, '"3"')).body.code).toBe('nothing-to-approve')
  })

  it('is approved only in the version that the approver has read', async () => {
    const feed = await freshFeed(strict)
    await put(staff.dan, feed, wider, '"1"')
    await put(staff.dan, feed, openPolicy, '"2"')

    expect((await approve(staff.deb, feed, '"2"')).body.code).toBe('stale-version')
    expect((await policyOf(feed)).body).toMatchObject({ policy: { alone: nobodyAlone } })
  })

  it('is discarded by setting the current policy again', async () => {
    const feed = await freshFeed(strict)
    const { body } = await policyOf(feed)
    await put(staff.dan, feed, wider, '"1"')

    const back = await put(staff.dan, feed, body.policy, '"2"')

    expect([back.status, back.body]).toEqual([200, { version: 3, policy: body.policy }])
  })

  it('is distinguished from a stricter policy, which applies at once', async () => {
    const feed = await freshFeed(strict)
    const stricter = { ...openPolicy, alone: nobodyAlone, maxGraphemes: 100 }

    expect((await put(staff.dan, feed, stricter, '"1"')).status).toBe(200)
  })

  it('is in the audit with both names', async () => {
    const feed = await freshFeed(strict)
    await put(staff.dan, feed, wider, '"1"')
    await approve(staff.deb, feed, '"2"')

    const { body } = await staff.eve.get(`/v1/feeds/${feed}/audit`)
    expect(body.entries).toMatchObject([
      { action: 'policy-proposed', act: { person: staff.dan.id } },
      { action: 'policy-approved', act: { person: staff.deb.id } },
    ])
  })
})
