import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, newPerson, staffOf, type Person, type Staff } from '../support/newsroom.ts'
import { createTestFeed } from '../support/redis.ts'

interface Part {
  readonly feed: string
  readonly outcome?: string
  readonly headline: { readonly id: string; readonly status: string }
  readonly position?: string | null
  readonly lagMs?: number
  readonly problem?: { readonly code: string }
}
interface Edition {
  readonly edition: string
  readonly parts: readonly Part[]
}

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  await feedWith(api, 'ar')
  await feedWith(api, 'es', { maxGraphemes: 40 })
})
afterAll(() => api.close())

let wishes = 0
const fresh = () => ++wishes
const wish = (n: number, es = `Puente ${n} cerrado`) => ({
  urgency: 'urgent',
  parts: { en: { text: `Bridge ${n} closed` }, ar: { text: `إغلاق الجسر ${n}` }, es: { text: es } },
})
const tooLong = (n: number) => `Puente ${n} cerrado tras el hallazgo de una grieta en uno de sus pilares`

async function send(who: Person, path: string, body: object, key?: string, method = 'POST') {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
  const reply = await who.send(method, path, body, headers)
  return { status: reply.status, body: reply.body as unknown as Edition & Part & { code: string } }
}

const post = (who: Person, body: object, key?: string) => send(who, '/v1/editions', body, key)
const put = (who: Person, edition: string, feed: string, body: object) =>
  send(who, `/v1/editions/${edition}/parts/${feed}`, body, undefined, 'PUT')
const act = (who: Person, edition: string, action: string, body: object = {}, key?: string) =>
  send(who, `/v1/editions/${edition}/${action}`, body, key)
const read = async (who: Person, edition: string) => {
  const { status, body } = await who.get(`/v1/editions/${edition}`)
  return { status, body: body as unknown as Edition }
}

/** An edition that is out in all three feeds, with the id of each part. */
async function released(common: object = {}) {
  const { body } = await post(staff.bob, { ...wish(fresh()), ...common })
  const idIn = (feed: string) => body.parts.find((part) => part.feed === feed)?.headline.id ?? ''
  return { edition: body.edition, en: idIn('en'), ar: idIn('ar'), es: idIn('es') }
}

describe('one wish for several feeds', () => {
  it('makes a headline in each, with the common members and a position of its own', async () => {
    const { status, body } = await post(staff.bob, wish(fresh()))

    expect(status).toBe(200)
    expect(body.parts).toMatchObject([
      { feed: 'en', outcome: 'accepted', headline: { version: 1, status: 'live' } },
      { feed: 'ar', outcome: 'accepted', headline: { status: 'live' } },
      { feed: 'es', outcome: 'accepted', headline: { status: 'live' } },
    ])
    for (const { position } of body.parts) expect(position).toMatch(/^\w+:\d+$/)
    const [{ headline } = { headline: { id: '' } }] = body.parts
    expect((await staff.rob.read(headline.id)).body).toMatchObject({
      edition: body.edition,
      content: { urgency: 'urgent' },
    })
    expect((await staff.rob.get('/v1/feeds/en/headlines?limit=1')).body).toMatchObject({
      headlines: [{ id: headline.id, edition: body.edition }],
    })
  })

  it('is told with status, text, position and lag behind the first part', async () => {
    const { edition, en, ar, es } = await released()

    const { body } = await read(staff.rob, edition)

    expect(body.parts.map(({ feed }) => feed)).toEqual(['ar', 'en', 'es'])
    expect(body).toMatchObject({
      edition,
      parts: [
        { id: ar, status: 'live', position: expect.any(String), content: { text: expect.any(String) } },
        { id: en, status: 'live' },
        { id: es, status: 'live' },
      ],
    })
    expect(Math.min(...body.parts.map(({ lagMs }) => lagMs ?? -1))).toBe(0)
  })

  it('goes out in the other feeds when one refuses its part, which is sent again alone', async () => {
    const n = fresh()
    const { body } = await post(staff.bob, wish(n, tooLong(n)))
    expect(body.parts.at(2)).toMatchObject({
      feed: 'es',
      outcome: 'refused',
      problem: { code: 'text-too-long', status: 422, maxGraphemes: 40 },
    })
    expect(body.parts.slice(0, 2)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])

    const again = await put(staff.bob, body.edition, 'es', { text: `Puente ${n} cerrado` })

    expect(again).toMatchObject({ status: 201, body: { feed: 'es', headline: { status: 'live' } } })
    expect((await read(staff.rob, body.edition)).body.parts).toHaveLength(3)
  })

  it('posts nothing twice when it is repeated, and tries again only the part that failed', async () => {
    const n = fresh()
    const key = `wish ${n}`
    const first = await post(staff.bob, wish(n, tooLong(n)), key)

    const again = await post(staff.bob, wish(n, `Puente ${n} cerrado`), key)

    expect(again.body.edition).toBe(first.body.edition)
    expect(again.body.parts.slice(0, 2)).toEqual(first.body.parts.slice(0, 2))
    expect(again.body.parts.at(2)).toMatchObject({ outcome: 'accepted' })
    const third = await post(staff.bob, wish(n, `Puente ${n} cerrado`), key)
    expect(third.body).toEqual(again.body)
  })

  it('refuses the part of a feed without the role for it, and of an unknown feed', async () => {
    const local = await newPerson(api, 'Local', { en: 'editor', ar: 'reader' })
    const n = fresh()
    const { parts } = wish(n)

    const { body } = await post(local, { parts: { ...parts, none: { text: 'No feed' } } })

    expect(body.parts.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'forbidden',
      'forbidden',
      'forbidden',
    ])
    expect((await put(staff.bob, body.edition, 'ar', { text: `الجسر ${n}` })).status).toBe(201)
    const seen = await read(local, body.edition)
    expect(seen.body.parts.map(({ feed }) => feed)).toEqual(['ar', 'en'])
    const stranger = await newPerson(api, 'Stranger', { es: 'reader' })
    expect((await read(stranger, body.edition)).status).toBe(404)
  })

  it('names the faults of a wish that cannot be read', async () => {
    expect((await post(staff.bob, { parts: {} })).body).toMatchObject({ code: 'invalid-body' })
    expect((await post(staff.bob, { parts: { en: { text: '' } } })).body).toMatchObject({
      code: 'invalid-body',
      errors: [{ field: '/parts/en/text' }],
    })
    expect((await read(staff.rob, 'nothing')).status).toBe(404)
  })
})

describe('a part', () => {
  it('is one headline in each feed, until it has ended', async () => {
    const { edition, ar } = await released()

    const second = await put(staff.bob, edition, 'ar', { text: `Another ${fresh()}` })
    expect(second).toMatchObject({ status: 409, body: { code: 'edition-part-exists', part: ar } })

    await staff.bob.act(ar, 'withdraw', undefined, {}, { feed: 'ar' })
    const third = await put(staff.bob, edition, 'ar', { text: `Another ${fresh()}` })
    expect(third.status).toBe(201)
    expect((await read(staff.rob, edition)).body.parts.at(0)).toMatchObject({ id: third.body.headline.id })
  })

  it('can be a headline that exists, of no other edition', async () => {
    const n = fresh()
    const { edition } = (await post(staff.bob, { parts: { en: { text: `Bridge ${n} closed` } } })).body
    const { id } = (await staff.bob.write({ text: `إغلاق ${n}` }, { feed: 'ar' })).body.headline

    const joined = await put(staff.ann, edition, 'ar', { headline: id })
    const again = await put(staff.ann, edition, 'ar', { headline: id })

    expect(joined).toMatchObject({ status: 200, body: { feed: 'ar', headline: { id, version: 1 } } })
    expect(again.body).toEqual(joined.body)
    expect((await read(staff.rob, edition)).body.parts.at(0)).toMatchObject({ id, edition })
    const audit = (await staff.dan.get('/v1/feeds/ar/audit?limit=500')).body.entries
    expect(audit.filter(({ action }) => action === 'edition-joined')).toMatchObject([{ headline: id }])
    const other = (await post(staff.bob, { parts: { en: { text: `Ferry ${n} stopped` } } })).body
    expect((await put(staff.bob, other.edition, 'ar', { headline: id })).body).toMatchObject({
      code: 'in-another-edition',
      edition,
    })
    expect((await put(staff.bob, edition, 'en', { headline: id })).body.code).toBe('no-such-headline')
  })
})

describe('a drill', () => {
  it('shares no edition with real feeds', async () => {
    await createTestFeed(api.store, { id: 'drill', lang: 'en', drill: true })
    const n = fresh()
    const parts = { drill: { text: `Drill ${n}` }, en: { text: `Drill ${n}` } }

    expect(await post(staff.bob, { parts })).toMatchObject({
      status: 422,
      body: { code: 'invalid-body', errors: [{ message: 'drills and real feeds share no edition' }] },
    })
    const { edition } = (await post(staff.bob, { parts: { en: parts.en } })).body
    expect((await put(staff.bob, edition, 'drill', parts.drill)).status).toBe(422)
    const { id } = (await staff.bob.write(parts.drill, { feed: 'drill' })).body.headline
    expect((await put(staff.bob, edition, 'drill', { headline: id })).status).toBe(422)
    expect((await read(staff.rob, edition)).body.parts.map(({ feed }) => feed)).toEqual(['en'])
  })

  it('has editions of its own', async () => {
    const { edition } = (await post(staff.bob, { parts: { drill: { text: `Drill ${fresh()}` } } })).body
    expect((await read(staff.rob, edition)).body.parts).toMatchObject([{ feed: 'drill', status: 'live' }])
  })
})

describe('an act on one part', () => {
  it('raises attention on the others, with the edition as the reason', async () => {
    const { edition, en, ar, es } = await released()
    await staff.bob.act(en, 'correct', 1, { text: `Ferry ${fresh()} closed`, note: 'It is a ferry.' })

    await flagSiblings(api.store, 'en')

    for (const [feed, id] of [
      ['ar', ar],
      ['es', es],
    ] as const) {
      expect((await staff.ann.read(id, feed)).body).toMatchObject({
        attention: { feed: 'en', id: en, action: 'correct', version: 2, edition },
      })
    }
    expect((await staff.ann.read(en)).body).not.toHaveProperty('attention')
  })

  it('raises attention on a part whose words another desk changes at the same time', async () => {
    const { en, ar } = await released()
    await staff.bob.act(en, 'correct', 1, { text: `Ferry ${fresh()} closed`, note: 'It is a ferry.' })
    await flagSiblings(api.store, 'en')

    const other = await staff.cat.act(ar, 'correct', 1, { text: `عبّارة ${fresh()}` }, { feed: 'ar' })
    expect(other.body.headline.version).toBe(2)
    expect((await staff.ann.read(ar, 'ar')).body).toMatchObject({ attention: { feed: 'en', id: en } })

    await staff.cat.act(ar, 'attended', 2, {}, { feed: 'ar' })
    await flagSiblings(api.store, 'en')
    expect((await staff.ann.read(ar, 'ar')).body).not.toHaveProperty('attention')
  })

  it('takes the attention from a part whose words are changed once it could be seen', async () => {
    const { en, ar } = await released()
    await staff.bob.act(en, 'correct', 1, { text: `Ferry ${fresh()} closed`, note: 'It is a ferry.' })
    await flagSiblings(api.store, 'en')
    const { states } = api.store.keys.feed('ar')
    const state = JSON.parse((await api.store.redis.hget(states, ar)) ?? '') as { attention: { at: number } }
    state.attention.at -= 5_000
    await api.store.redis.hset(states, ar, JSON.stringify(state))

    await staff.cat.act(ar, 'correct', 1, { text: `عبّارة ${fresh()}` }, { feed: 'ar' })
    expect((await staff.ann.read(ar, 'ar')).body).not.toHaveProperty('attention')
  })

  it('raises none in feeds that the person may not read', async () => {
    const { en, ar } = await released()
    const local = await newPerson(api, 'Local', { en: 'editor' })
    await local.act(en, 'hold', undefined)
    await flagSiblings(api.store, 'en')

    expect((await staff.ann.read(ar, 'ar')).body).not.toHaveProperty('attention')
  })
})

describe('one act on an edition', () => {
  it('withdraws all parts once, and raises no attention among them', async () => {
    const { edition, ar } = await released()

    const first = await act(staff.ann, edition, 'withdraw', { reason: 'Hoax' }, `withdraw ${edition}`)
    const again = await act(staff.ann, edition, 'withdraw', { reason: 'Hoax' }, `withdraw ${edition}`)
    const later = await act(staff.ann, edition, 'withdraw')

    expect(first.body.parts).toMatchObject(
      ['ar', 'en', 'es'].map((feed) => ({ feed, outcome: 'accepted', headline: { status: 'withdrawn' } })),
    )
    expect(again.body).toEqual(first.body)
    expect(later.body.parts.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await staff.rob.read(ar, 'ar')).body).toMatchObject({
      version: 2,
      versions: [{}, { action: 'withdraw', act: { person: staff.ann.id, reason: 'Hoax' } }],
    })
  })

  it('holds and resumes all parts, and tells readers of each feed in their language', async () => {
    const story = `story-${fresh()}`
    const { edition, en, ar } = await released({ story })
    const other = (await staff.bob.write({ text: `Traffic ${fresh()}`, story })).body.headline.id

    const held = await act(staff.ann, edition, 'hold', { notes: { ar: 'قيد التحقق' } })
    for (const feed of ['en', 'ar', 'es']) await flagSiblings(api.store, feed)

    expect(held.body.parts.map(({ headline }) => headline.status)).toEqual(['held', 'held', 'held'])
    expect((await staff.rob.read(ar, 'ar')).body.versions.at(1)).toMatchObject({
      content: { note: 'قيد التحقق' },
    })
    for (const { feed, id } of [
      { feed: 'en', id: en },
      { feed: 'ar', id: ar },
    ]) {
      expect((await staff.rob.read(id, feed)).body).not.toHaveProperty('attention')
    }
    expect((await staff.rob.read(other)).body).toHaveProperty('attention')
    const resumed = await act(staff.bob, edition, 'resume')
    expect(resumed.body.parts.map(({ headline }) => headline.status)).toEqual(['live', 'live', 'live'])
  })

  it('is done where the person may, and refused by name elsewhere', async () => {
    const { edition, ar } = await released()
    const local = await newPerson(api, 'Local', { en: 'editor', ar: 'reader' })

    const { body } = await act(local, edition, 'withdraw')

    expect(body.parts).toMatchObject([
      { feed: 'ar', outcome: 'refused', headline: { id: ar }, problem: { code: 'forbidden' } },
      { feed: 'en', outcome: 'accepted' },
    ])
    expect((await staff.rob.read(ar, 'ar')).body.status).toBe('live')
  })
})
