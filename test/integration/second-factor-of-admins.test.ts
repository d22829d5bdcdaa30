import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newcomer, type Browser } from '../support/browser.ts'
import { createTestFeed, openPolicy } from '../support/redis.ts'

let api: TestApi
let admin: Browser
let target: string
beforeAll(async () => {
  api = await startApi()
  await createTestFeed(api.store, { id: 'easy' }, { ...openPolicy, flashNeedsSecondFactor: false })
  admin = await newcomer(api, 'admin@example.org', { '*': 'admin' })
  target = (await (await newcomer(api, 'target@example.org')).get('/v1/session')).body.person
})
afterAll(() => api.close())

/** Every act that gives rights in a feed. */
function givingIn(feed: string, by: Browser) {
  const roles = { [feed]: 'editor' }
  return [
    () => by.post('/v1/keys', { name: 'Key', roles }),
    () => by.post('/v1/invitations', { email: `${feed}@example.org`, roles }),
    () => by.post(`/v1/accounts/${target}/roles`, { roles }),
    () => by.post(`/v1/accounts/${target}/enable`),
    () =>
      by.send(`/v1/feeds/${feed}/policy`, {
        method: 'PUT',
        body: { ...openPolicy, flashNeedsSecondFactor: false, maxDriftMs: 200_000 },
        headers: { 'if-match': '"1"' },
      }),
  ]
}
async function statusesOf(acts: readonly (() => Promise<{ status: number }>)[]): Promise<number[]> {
  const statuses: number[] = []
  for (const act of acts) statuses.push((await act()).status)
  return statuses
}

describe('an admin without a second factor', () => {
  it('gives nobody rights in a feed that asks for a second factor', async () => {
    const refused = await admin.post('/v1/keys', { name: 'Key', role: 'editor' })
    expect([refused.status, refused.body.code]).toEqual([403, 'second-factor-required'])
    expect(await statusesOf(givingIn('en', admin))).toEqual([403, 403, 403, 403, 403])
  })

  it('gives rights in other feeds, and takes rights away everywhere', async () => {
    const [key, invitation, raised] = givingIn('easy', admin)
    expect(await statusesOf([key!, invitation!, raised!])).toEqual([201, 201, 200])
    expect((await admin.post(`/v1/accounts/${target}/disable`)).status).toBe(200)
    expect((await admin.post(`/v1/accounts/${target}/roles`, { roles: { en: 'reader' } })).status).toBe(200)
  })

  it('does not thaw a key with rights in a feed that asks for a second factor', async () => {
    const thaw = async (feed: string) => {
      const { id } = (
        await api.request('/v1/keys', {
          method: 'POST',
          key: api.keys.admin,
          body: { name: feed, roles: { [feed]: 'editor' } },
        })
      ).body as unknown as { id: string }
      const { redis, keys } = api.store
      await redis.hset(
        keys.feed(feed).frozenKeys,
        id,
        JSON.stringify({ since: '2026-01-01T00:00:00.000Z', perMinute: 1 }),
      )
      return admin.post(`/v1/keys/${id}/thaw`)
    }
    const refused = await thaw('en')
    expect([refused.status, refused.body.code]).toEqual([403, 'second-factor-required'])
    expect((await thaw('easy')).status).toBe(204)
  })

  it('gives them with a second factor', async () => {
    await admin.addSecondFactor()
    expect(await statusesOf(givingIn('en', admin))).toEqual([201, 201, 200, 200, 200])
  })
})
