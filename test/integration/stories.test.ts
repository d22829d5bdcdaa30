import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, newPerson, staffOf, type Staff } from '../support/newsroom.ts'

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  await feedWith(api, 'ar')
  await feedWith(api, 'es')
})
afterAll(() => api.close())

let stories = 0
/** Headlines of one story in three feeds. */
async function freshStory() {
  const story = `story-${++stories}`
  const write = async (feed: string, extra: object = {}) =>
    (await staff.bob.write({ text: `Bridge closed ${feed}`, story, ...extra }, { feed })).body.headline.id
  const releaseAt = new Date(Date.now() + 3_600_000).toISOString()
  const lines = { en: await write('en'), ar: await write('ar'), es: await write('es', { releaseAt }) }
  return { story, ...lines }
}

/** Makes a waiting headline too late, so that its release marks it as needs-decision. */
async function missTime(id: string, feed: string): Promise<void> {
  const { due } = api.store.keys.feed(feed)
  const waiting = (await api.store.redis.zrange(due, '0', '-1')).find((member) => member.endsWith(id))
  await api.store.redis.zadd(due, String(Date.now() - 3_600_000), waiting ?? '')
  await releaseDue(api.store, feed)
  expect((await staff.ann.read(id, feed)).body.status).toBe('needs-decision')
}

describe('the headlines of one story', () => {
  it('are listed over all feeds, drafts and waiting headlines included', async () => {
    const { story, en, ar, es } = await freshStory()

    const { status, body } = await staff.rob.get(`/v1/stories/${story}`)

    expect(status).toBe(200)
    expect(body.lines).toMatchObject([
      { feed: 'ar', id: ar, status: 'live', version: 1, content: { text: 'Bridge closed ar', story } },
      { feed: 'en', id: en, status: 'live' },
      { feed: 'es', id: es, status: 'due' },
    ])
    expect(body.lines[0]).not.toHaveProperty('versions')
  })

  it('are listed only to people who may read their feed', async () => {
    const { story, ar } = await freshStory()
    const local = await newPerson(api, 'Local', { ar: 'reader' })

    expect((await local.get(`/v1/stories/${story}`)).body.lines).toMatchObject([{ feed: 'ar', id: ar }])
    expect((await api.request(`/v1/stories/${story}`)).status).toBe(401)
  })

  it('get no attention by a person who may not read their feed', async () => {
    const { story, en, ar } = await freshStory()
    const local = await newPerson(api, 'Local', { es: 'reporter', ar: 'reader' })
    const { body } = await local.write({ text: 'Local bridge', story, then: 'submit' }, { feed: 'es' })
    const { id } = body.headline
    await staff.bob.act(id, 'approve', 1, {}, { feed: 'es' })
    expect((await local.act(id, 'hold', undefined, {}, { feed: 'es' })).status).toBe(200)
    await flagSiblings(api.store, 'es')

    expect((await staff.bob.read(en, 'en')).body).not.toHaveProperty('attention')
    expect((await staff.bob.read(ar, 'ar')).body).toMatchObject({ attention: { feed: 'es', id } })
  })

  it('are an empty list for an unknown story', async () => {
    expect((await staff.rob.get('/v1/stories/unheard-of')).body.lines).toEqual([])
    expect((await staff.rob.get('/v1/stories/No%20Story')).body.code).toBe('malformed-request')
  })

  it('are flagged when one is corrected, until an editor has attended to them', async () => {
    const { en, ar } = await freshStory()
    const note = 'It is another bridge.'
    await staff.bob.act(en, 'correct', 1, { text: 'Ferry closed', note })
    await flagSiblings(api.store, 'en')
    const flagged = await staff.ann.read(ar, 'ar')
    expect(flagged.body).toMatchObject({
      version: 1,
      attention: { feed: 'en', id: en, action: 'correct', version: 2 },
      allowed: expect.arrayContaining(['attended']),
    })

    const attended = await staff.ann.act(ar, 'attended', 1, {}, { feed: 'ar' })

    expect(attended.body).toMatchObject({ headline: { version: 2, status: 'live' }, position: null })
    const { body } = await staff.ann.read(ar, 'ar')
    expect(body).not.toHaveProperty('attention')
    expect((await staff.ann.act(ar, 'attended', 2, {}, { feed: 'ar' })).body.code).toBe('illegal-action')
  })
})

it('a needs-decision headline is flagged too, before it is released', async () => {
  const story = 'missed'
  const out = (await staff.bob.write({ text: 'Bridge closed', story })).body.headline.id
  const releaseAt = new Date(Date.now() + 3_600_000).toISOString()
  const missed = (await staff.bob.write({ text: 'Bridge shut', story, releaseAt }, { feed: 'ar' })).body
    .headline.id
  await missTime(missed, 'ar')

  await staff.bob.act(out, 'withdraw', undefined)
  await flagSiblings(api.store, 'en')

  expect((await staff.ann.read(missed, 'ar')).body).toMatchObject({
    attention: { id: out, action: 'withdraw' },
    allowed: expect.arrayContaining(['attended']),
  })
})

describe('a cascade', () => {
  it('withdraws all headlines of the story with one of them', async () => {
    const { en, ar, es } = await freshStory()

    const reply = await staff.ann.act(en, 'withdraw', undefined, { cascade: true, reason: 'Hoax' })

    expect(reply.body.headline.status).toBe('withdrawn')
    expect(reply.body.siblings).toEqual([
      { feed: 'ar', id: ar, outcome: 'withdrawn' },
      { feed: 'es', id: es, outcome: 'withdrawn' },
    ])
    expect((await staff.rob.read(ar, 'ar')).body).toMatchObject({
      status: 'withdrawn',
      versions: [{}, { action: 'withdraw', act: { person: staff.ann.id, reason: 'Hoax' } }],
    })
    expect((await staff.rob.read(es, 'es')).body.status).toBe('withdrawn')
  })

  it('holds the other live headlines when one is corrected', async () => {
    const { en, ar, es } = await freshStory()

    const reply = await staff.bob.act(en, 'correct', 1, { text: 'Ferry closed', cascade: true })

    expect(reply.body.siblings).toEqual([{ feed: 'ar', id: ar, outcome: 'held' }])
    expect((await staff.rob.read(es, 'es')).body.status).toBe('due')
    expect((await staff.rob.read(ar, 'ar')).body).toMatchObject({
      status: 'held',
      versions: [{}, { act: { reason: `The headline en/${en} of its story` } }],
    })
  })

  it('withdraws a needs-decision headline before it is released', async () => {
    const { en, es } = await freshStory()
    await missTime(es, 'es')

    const reply = await staff.ann.act(en, 'withdraw', undefined, { cascade: true })

    expect(reply.body.siblings).toContainEqual({ feed: 'es', id: es, outcome: 'withdrawn' })
    expect((await staff.rob.read(es, 'es')).body.status).toBe('withdrawn')
  })

  it('withdraws a held headline, and does not change drafts and withdrawn headlines', async () => {
    const { en, ar, es, story } = await freshStory()
    await staff.bob.act(ar, 'hold', undefined, {}, { feed: 'ar' })
    await staff.bob.act(es, 'undo', 1, {}, { feed: 'es' })
    const gone = (await staff.bob.write({ text: 'Bridge shut', story }, { feed: 'es' })).body.headline.id
    await staff.bob.act(gone, 'withdraw', undefined, {}, { feed: 'es' })

    const reply = await staff.ann.act(en, 'withdraw', undefined, { cascade: true })

    expect(reply.body.siblings).toEqual([{ feed: 'ar', id: ar, outcome: 'withdrawn' }])
    expect((await staff.rob.read(es, 'es')).body.status).toBe('draft')
  })

  it('does not hold held and needs-decision headlines when one is corrected', async () => {
    const { en, ar, es } = await freshStory()
    await staff.bob.act(ar, 'hold', undefined, {}, { feed: 'ar' })
    await missTime(es, 'es')

    const reply = await staff.bob.act(en, 'correct', 1, { text: 'Ferry closed', cascade: true })

    expect(reply.body.siblings).toEqual([])
    expect((await staff.rob.read(es, 'es')).body.status).toBe('needs-decision')
  })

  it('takes effect once when the request is repeated', async () => {
    const { en, ar } = await freshStory()
    const headers = { 'Idempotency-Key': `cascade ${en}` }
    const ask = () => staff.ann.act(en, 'withdraw', undefined, { cascade: true }, { headers })
    const [first, again] = [await ask(), await ask()]

    expect(again.body.headline).toEqual(first.body.headline)
    expect((await staff.rob.read(ar, 'ar')).body.version).toBe(2)
  })

  it('does not change feeds in which the caller has no rights', async () => {
    const { en, ar } = await freshStory()
    const local = await newPerson(api, 'Local', { en: 'editor', ar: 'reader' })

    const reply = await local.act(en, 'withdraw', undefined, { cascade: true })

    expect(reply.body.siblings).toEqual([])
    expect((await staff.rob.read(ar, 'ar')).body.status).toBe('live')
  })

  it('changes no other headline when the headline has no story', async () => {
    const { body } = await staff.bob.write({ text: 'Alone' })
    const reply = await staff.ann.act(body.headline.id, 'withdraw', undefined, { cascade: true })

    expect(reply.body.siblings).toEqual([])
  })
})
