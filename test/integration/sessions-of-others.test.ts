import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'

let api: TestApi
let ann: Browser
let person: string
beforeAll(async () => {
  api = await startApi()
  ann = await newcomer(api, 'ann@example.org')
  person = (await ann.get('/v1/session')).body.person
})
afterAll(() => api.close())

const signedIn = async () => {
  const browser = new Browser(api, '203.0.113.7')
  await browser.signIn('ann@example.org', password)
  return browser
}
const isIn = async (browser: Browser) => (await browser.get('/v1/session')).status === 200
const listed = async () =>
  (await ann.get('/v1/sessions')).body.sessions as unknown as { id: string; current: boolean }[]

it('a person ends one of the own sessions, and no session of another person', async () => {
  const other = await signedIn()
  const { id = '' } = (await listed()).find(({ current }) => !current) ?? {}
  const stranger = await newcomer(api, 'bob@example.org')
  expect((await stranger.delete(`/v1/sessions/${id}`)).body.code).toBe('no-such-session')
  expect(await isIn(other)).toBe(true)
  expect((await ann.delete(`/v1/sessions/${id}`)).status).toBe(204)
  expect([await isIn(other), await isIn(ann)]).toEqual([false, true])
  expect((await ann.delete(`/v1/sessions/${id}`)).body.code).toBe('no-such-session')
})

it('an admin sees and ends all sessions of another person, who signs in again', async () => {
  const path = `/v1/accounts/${person}/sessions`
  const key = api.keys.admin
  const other = await signedIn()
  const { sessions } = (await api.request(path, { key })).body
  expect(sessions.map(({ ip, current }) => [ip, current])).toEqual([
    ['203.0.113.7', false],
    ['198.51.100.1', false],
  ])
  expect((await api.request(path, { key: api.keys.editor })).status).toBe(403)
  expect((await api.request(path, { method: 'DELETE', key })).status).toBe(204)
  expect([await isIn(other), await isIn(ann)]).toEqual([false, false])
  expect(await isIn(await signedIn())).toBe(true)
  const unknown = { method: 'DELETE', key }
  expect((await api.request('/v1/accounts/u_0/sessions', unknown)).body.code).toBe('no-such-account')
})
