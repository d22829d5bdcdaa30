import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readAfter } from '../../src/eventlog/read-log.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, nobodyAlone, staffOf, type Staff } from '../support/newsroom.ts'

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  await feedWith(api, 'two', { alone: nobodyAlone })
  await feedWith(api, 'one')
})
afterAll(() => api.close())

const feed = 'two'

async function shown(text: string): Promise<string> {
  const { body } = await staff.ann.write({ text, then: 'submit' }, { feed })
  expect((await staff.bob.act(body.headline.id, 'approve', 1, {}, { feed })).status).toBe(200)
  return body.headline.id
}

async function newestEvent(of: string): Promise<string> {
  return (await readAfter(api.store, of, 0, 1_000)).at(-1)?.json ?? ''
}

it.each(['hold', 'withdraw', 'expire'])(
  'under the two-person rule a %s takes effect at once, and readers get no note by one person',
  async (action) => {
    const id = await shown(`Words to ${action}`)
    const act = () =>
      staff.bob.act(
        id,
        action,
        2,
        { note: `New words, ${action}`, reason: 'Why' },
        { feed, headers: { 'idempotency-key': action } },
      )
    const first = await act()
    const expected = { warning: { code: 'two-person-required' } }
    expect([first.status, first.body]).toMatchObject([200, expected])
    // A repeated request gets the same answer.
    expect((await act()).body).toMatchObject(expected)
    expect(await newestEvent(feed)).toContain(`"op":"${action}"`)
    expect(await newestEvent(feed)).not.toContain('New words')
    const { body } = await staff.dan.get(`/v1/feeds/${feed}/audit?limit=500`)
    expect(body.entries.filter((entry) => entry.headline === id && entry.action === action)).toContainEqual(
      expect.objectContaining({
        act: expect.objectContaining({ reason: `Why / New words, ${action}` }) as unknown,
      }),
    )
  },
)

it('under the two-person rule a retraction by one person has no note', async () => {
  await shown('Words to retract')
  const since = new Date(Date.now() - 60_000).toISOString()
  const body = { since, reason: 'Why', note: 'New words' }
  expect((await staff.dan.send('POST', `/v1/feeds/${feed}/retract`, body)).status).toBe(200)
  expect(await newestEvent(feed)).toContain('"op":"withdraw"')
  expect(await newestEvent(feed)).not.toContain('New words')
})

it('without the two-person rule a reporter says in a note why a headline is held', async () => {
  const { body } = await staff.bob.write({ text: 'Words to hold' }, { feed: 'one' })
  const held = await staff.ann.act(body.headline.id, 'hold', undefined, { note: 'We check' }, { feed: 'one' })
  expect(held.body).not.toHaveProperty('warning')
  expect(await newestEvent('one')).toContain('We check')
})
