import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newcomer } from '../support/browser.ts'
import { feedWith } from '../support/newsroom.ts'

const LIMIT = 20

let api: TestApi
beforeAll(async () => {
  api = await startApi({ writesPerMinute: LIMIT })
  await feedWith(api, 'other')
})
afterAll(() => api.close())

type Send = (path: string, method?: string) => Promise<{ status: number; headers: Headers }>

/** The statuses of more requests than the limit, one after the other. */
async function statusesOf(send: Send, path: string, method?: string): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < LIMIT + 3; n++) {
    const { status, headers } = await send(path, method)
    statuses.push(status)
    if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  return statuses
}
const limited = (status: number) => [...Array.from({ length: LIMIT }, () => status), 429, 429, 429]
const missing = '/v1/feeds/en/headlines/AAAAAAAAAAAAAAAAAAAAAA'

describe('refused requests of one key', () => {
  it.each([
    ['403 of a role', '/v1/audit', 'GET', 403],
    ['404 of a headline', missing, 'GET', 404],
    ['403 of a role for a hold', '/v1/feeds/other/headlines/AAAAAAAAAAAAAAAAAAAAAA/hold', 'POST', 403],
    ['404 of a hold', `${missing}/hold`, 'POST', 404],
    ['404 of a withdrawal', `${missing}/withdraw`, 'POST', 404],
  ])('are limited: %s', async (_what, path, method, status) => {
    const key = await api.keyFor('editor', 'en')
    const send: Send = (to, by) => api.request(to, { method: by ?? 'GET', key })
    expect(await statusesOf(send, path, method)).toEqual(limited(status))
  })

  it('never stop a hold or a withdrawal of a headline that exists', async () => {
    const key = await api.keyFor('editor', 'en')
    const { id } = (await api.post('/v1/feeds/en/headlines', { text: 'Bridge closed' }, {}, key)).body
      .headline
    const send: Send = (to, by) => api.request(to, { method: by ?? 'GET', key })
    expect((await statusesOf(send, '/v1/audit')).at(-1)).toBe(429)

    expect((await api.post(`/v1/feeds/en/headlines/${id}/hold`, {}, {}, key)).status).toBe(200)
    expect((await api.post(`/v1/feeds/en/headlines/${id}/withdraw`, {}, {}, key)).status).toBe(200)
  })
})

it('refused requests of one session are limited', async () => {
  const browser = await newcomer(api, 'ada@example.org', { en: 'editor' })
  const send: Send = (path) => browser.get(path)
  expect(await statusesOf(send, '/v1/audit')).toEqual(limited(403))
})

it('requests with a cookie from other sites are limited by their address', async () => {
  const browser = await newcomer(api, 'bea@example.org', { en: 'editor' })
  const statuses: number[] = []
  for (let n = 0; n < 62; n++) {
    const headers = { origin: 'https://other.example', 'sec-fetch-site': 'cross-site' }
    const { status } = await browser.send('/v1/feeds/en/headlines', { method: 'POST', body: {}, headers })
    statuses.push(status)
  }
  expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 403))
  expect(statuses.slice(60)).toEqual([429, 429])
})

it('requests to unknown paths are limited by their address', async () => {
  const headers = { 'x-forwarded-for': '192.0.2.77' }
  const ask = () => api.request('/v1/none', { headers })
  const statuses = new Set<number>()
  for (let n = 0; n < 600; n += 50)
    for (const { status } of await Promise.all(Array.from({ length: 50 }, ask))) statuses.add(status)
  expect([...statuses]).toEqual([404])
  expect((await ask()).status).toBe(429)
})
