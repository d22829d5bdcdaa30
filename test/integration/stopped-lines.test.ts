import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { endDuty, readDuties } from '../../src/eventlog/duties/duty.ts'
import { thawKey } from '../../src/eventlog/feeds/freeze.ts'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, newPerson, nobodyAlone, staffOf, type Person, type Staff } from '../support/newsroom.ts'

const HOUR = 3_600_000
const LIMIT_MS = 10_000

let api: TestApi
let staff: Staff
/** Where the two-person rule is on in some feed, new keys wait for approval, so these tests have their own service. */
let strict: { api: TestApi; staff: Staff; rex: Person }
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  const strictApi = await startApi()
  strict = { api: strictApi, staff: await staffOf(strictApi), rex: await editor(strictApi) }
})
afterAll(() => Promise.all([api.close(), strict.api.close()]))

let feeds = 0
async function freshFeed(policy = {}, on = api): Promise<string> {
  const id = `waits-${++feeds}`
  await feedWith(on, id, policy)
  return id
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const statusOf = async (id: string, feed: string, by = staff.rob) => (await by.read(id, feed)).body.status
const idsOut = async (feed: string) =>
  (await readAfter(api.store, feed, 0, 10_000)).map((entry) => eventOf(entry).headline.id)
/** With an email, as every account of the service has. */
async function editor(on = api): Promise<Person> {
  const person = await newPerson(on, 'Rex', { '*': 'editor' })
  await on.store.redis.hset(on.store.keys.desk.emails, `${person.id}@example.org`, person.id)
  return person
}

interface Stopped {
  readonly lines: readonly { readonly id: string; readonly feed: string; readonly status: string }[]
  readonly more: boolean
  readonly done: boolean
}
const stoppedIn = ({ body }: { body: unknown }) => (body as { stopped?: Stopped }).stopped

async function waiting(by: Person, feed: string, releaseAt = inMs(HOUR)): Promise<string> {
  const { body } = await by.write({ text: `Waits ${Math.random()}`, releaseAt }, { feed })
  expect(body.headline.status).toBe('due')
  return body.headline.id
}

/** As many headlines of one key as a program can write, without a request for each. */
async function manyWaiting(by: Person, feed: string, count: number, dueAt = Date.now()): Promise<string[]> {
  const act = { by: `key:${by.keyId}`, person: by.id, name: 'Rex' }
  const ids = Array.from({ length: count }, newId)
  const saved = ids.map((id, n) => save(api.store, publish(id, `Line ${n}`, { feed, act, dueAt })))
  for (const { kind } of await Promise.all(saved)) expect(kind).toBe('saved')
  return ids
}

async function decisionsIn(feed: string, by = staff.eve): Promise<object[]> {
  const { body } = await by.get(`/v1/feeds/${feed}/audit?limit=500`)
  return body.entries.filter(({ action }) => action === 'needs-decision')
}

type Stoppable = Pick<Person, 'id' | 'keyId'>
const stops = {
  revoked: (person: Stoppable) => staff.eve.send('DELETE', `/v1/keys/${person.keyId}`),
  disabled: (person: Stoppable) => staff.eve.send('POST', `/v1/accounts/${person.id}/disable`),
  removed: (person: Stoppable) => staff.eve.send('DELETE', `/v1/accounts/${person.id}`),
}

describe.each([
  ['a revoked key', 'key-revoked', stops.revoked, (person: Person) => `key:${person.keyId}`],
  ['a disabled person', 'account-disabled', stops.disabled, (person: Person) => `person:${person.id}`],
  ['a removed person', 'account-removed', stops.removed, (person: Person) => `person:${person.id}`],
] as const)('headlines of %s that wait', (_, why, stop, causeOf) => {
  it('are listed, need a decision, have attention and stand in the audit', async () => {
    const [feed, second] = [await freshFeed(), await freshFeed()]
    const rex = await editor()
    const [mine, there, other] = [
      await waiting(rex, feed),
      await waiting(rex, second),
      await waiting(staff.bob, feed),
    ]

    const answer = await stop(rex)

    expect(answer.status).toBe(200)
    const stopped = stoppedIn(answer)
    expect(stopped).toMatchObject({ more: false, done: true })
    expect(stopped?.lines.map(({ id, feed: of, status }) => [id, of, status])).toEqual([
      [mine, feed, 'needs-decision'],
      [there, second, 'needs-decision'],
    ])
    expect([await statusOf(mine, feed), await statusOf(other, feed)]).toEqual(['needs-decision', 'due'])
    expect((await staff.rob.read(mine, feed)).body).toMatchObject({
      attention: { feed, id: mine, action: 'needs-decision', version: 1, why },
    })
    const listed = await staff.rob.get(`/v1/feeds/${feed}/headlines?attention=true&status=needs-decision`)
    expect(listed.body).toMatchObject({ headlines: [{ id: mine }] })
    expect(await decisionsIn(feed)).toMatchObject([
      { headline: mine, act: { person: staff.eve.id }, detail: { why, cause: causeOf(rex) } },
    ])
    expect([await readDuties(api.store, 'desk'), await readDuties(api.store, feed)]).toEqual([[], []])

    // The newsroom decides, and the attention is over.
    const decided = await staff.cat.act(mine, 'release', 1, {}, { feed })
    expect(decided.body.headline.status).toBe('live')
    expect((await staff.rob.read(mine, feed)).body).not.toHaveProperty('attention')
  })

  it('need none where the change is refused, and are released in time', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    const [id = ''] = await manyWaiting(rex, feed, 1)
    const refused = await stop({ keyId: 'unknown', id: 'unknown' })
    expect(refused.status).toBe(404)
    await releaseDue(api.store, feed)
    expect(await statusOf(id, feed)).toBe('live')
    expect(await readDuties(api.store, feed)).toEqual([])
  })
})

it('a key or account without headlines that wait is stopped with the answer of before', async () => {
  const [rex, max] = [await editor(), await editor()]
  expect((await stops.revoked(rex)).status).toBe(204)
  expect(stoppedIn(await stops.disabled(rex))).toBeUndefined()
  expect((await stops.removed(max)).status).toBe(204)
})

describe('the headlines that a stopped person', () => {
  it('wrote or released are concerned, also those that others have approved, and no others', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    const write = async (by: Person, then: string) =>
      (await by.write({ text: `Then ${Math.random()}`, then, releaseAt: inMs(HOUR) }, { feed })).body.headline
    const approved = await write(rex, 'submit')
    await staff.bob.act(approved.id, 'approve', approved.version, {}, { feed })
    const approver = await write(staff.ann, 'submit')
    await rex.act(approver.id, 'approve', approver.version, {}, { feed })
    const edited = await waiting(staff.bob, feed)
    await rex.act(edited, 'save', 1, { text: 'Better words' }, { feed })
    const returned = await write(staff.ann, 'submit')
    await rex.act(returned.id, 'return', returned.version, { reason: 'Source?' }, { feed })
    await staff.bob.act(returned.id, 'schedule', 2, { releaseAt: inMs(HOUR) }, { feed })
    expect(await statusOf(returned.id, feed)).toBe('due')

    const stopped = stoppedIn(await stops.disabled(rex))

    expect(stopped?.lines.map(({ id }) => id).sort()).toEqual([approved.id, approver.id, edited].sort())
  })

  it('approved need another approval where the rule of two persons is on', async () => {
    const { bob, cat, eve } = strict.staff
    const feed = await freshFeed({ alone: nobodyAlone }, strict.api)
    const { id } = (await bob.write({ text: 'Later', then: 'submit', releaseAt: inMs(HOUR) }, { feed })).body
      .headline
    await strict.rex.act(id, 'approve', 1, {}, { feed })
    const stopped = stoppedIn(await eve.send('POST', `/v1/accounts/${strict.rex.id}/disable`))
    expect(stopped?.lines).toMatchObject([{ id, status: 'needs-decision' }])

    const own = await bob.act(id, 'release', 2, {}, { feed })
    expect([own.status, own.body.code]).toEqual([403, 'two-person-required'])
    expect((await cat.act(id, 'release', 2, {}, { feed })).body.headline.status).toBe('live')
  })

  it('wrote and the newsroom has released again are not stopped again for the same person', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    const id = await waiting(rex, feed)
    expect(stoppedIn(await stops.disabled(rex))?.lines).toHaveLength(1)
    await staff.cat.act(id, 'schedule', 1, { releaseAt: inMs(HOUR) }, { feed })
    await staff.eve.send('POST', `/v1/accounts/${rex.id}/enable`)

    expect(stoppedIn(await stops.disabled(rex))).toBeUndefined()
    expect(await statusOf(id, feed)).toBe('due')
    // For their key the newsroom has not decided yet.
    expect(stoppedIn(await stops.revoked(rex))?.lines).toHaveLength(1)
  })
})

describe('a policy that lets fewer people publish alone', () => {
  const setPolicy = async (feed: string, policy: object) => {
    const { body } = await strict.staff.dan.get(`/v1/feeds/${feed}/policy`)
    const wanted = { ...body.policy, ...policy }
    return strict.staff.dan.send('PUT', `/v1/feeds/${feed}/policy`, wanted, {
      'If-Match': `"${body.version}"`,
    })
  }

  it('stops what was released alone and waits, of its urgencies, and no approved headline', async () => {
    const feed = await freshFeed({}, strict.api)
    const [alone, chief] = [await waiting(strict.staff.bob, feed), await waiting(strict.staff.dan, feed)]
    const routine = await strict.staff.bob.write(
      { text: 'Routine', urgency: 'routine', releaseAt: inMs(HOUR) },
      { feed },
    )
    const two = (
      await strict.staff.ann.write({ text: 'Two', then: 'submit', releaseAt: inMs(HOUR) }, { feed })
    ).body
    await strict.staff.bob.act(two.headline.id, 'approve', 1, {}, { feed })

    const first = await setPolicy(feed, { alone: { bulletin: 'chief' } })
    expect(first.status).toBe(200)
    expect(stoppedIn(first)?.lines).toMatchObject([{ id: alone, status: 'needs-decision' }])
    expect(first.body).toMatchObject({ version: 2, policy: { alone: { bulletin: 'chief' } } })
    const second = await setPolicy(feed, { alone: { bulletin: 'nobody' } })
    expect(stoppedIn(second)?.lines).toMatchObject([{ id: chief }])
    expect(
      stoppedIn(await setPolicy(feed, { maxGraphemes: 200, alone: { bulletin: 'nobody' } })),
    ).toBeUndefined()

    const still = [routine.body.headline.id, two.headline.id]
    expect(await Promise.all(still.map((id) => statusOf(id, feed, strict.staff.rob)))).toEqual(['due', 'due'])
    expect(await decisionsIn(feed, strict.staff.eve)).toMatchObject([
      { headline: alone, act: { person: strict.staff.dan.id }, detail: { why: 'policy' } },
      { headline: chief },
    ])
    expect((await strict.staff.bob.act(alone, 'release', 1, {}, { feed })).body.code).toBe(
      'two-person-required',
    )
    expect((await strict.staff.cat.act(alone, 'release', 1, {}, { feed })).body.headline.status).toBe('live')
    expect(await readDuties(strict.api.store, feed)).toEqual([])
  })

  it('stops them when it is approved, if it waited for a second person', async () => {
    const feed = await freshFeed({ alone: { flash: 'nobody' } }, strict.api)
    const id = await waiting(strict.staff.bob, feed)
    // Wider for a flash, stricter for a bulletin.
    const proposed = await setPolicy(feed, { alone: { flash: 'chief', bulletin: 'nobody' } })
    expect([proposed.status, stoppedIn(proposed), await statusOf(id, feed, strict.staff.rob)]).toEqual([
      202,
      undefined,
      'due',
    ])
    const approved = await strict.staff.deb.send(
      'POST',
      `/v1/feeds/${feed}/policy/approve`,
      {},
      { 'If-Match': '"2"' },
    )
    expect(stoppedIn(approved)?.lines).toMatchObject([{ id }])
  })
})

describe('a key that is frozen because it releases too fast', () => {
  const pacedFeed = () => freshFeed({ releasesPerMinute: 2 })
  const freezeKey = async (person: Person, feed: string) => {
    for (let n = 0; n < 2; n++) await person.write({ text: `Flood ${n}` }, { feed })
    const { body } = await person.write({ text: 'One too many' }, { feed })
    expect(body.code).toBe('key-frozen')
  }
  const becomes = (id: string, feed: string, status: string) =>
    eventually(`${id} is ${status}`, LIMIT_MS, async () => (await statusOf(id, feed)) === status)

  it('has its waiting headlines stopped in all feeds', async () => {
    const [feed, second] = [await pacedFeed(), await freshFeed()]
    const rex = await editor()
    const [here, there] = [await waiting(rex, second), await waiting(rex, feed)]
    await freezeKey(rex, feed).catch(() => undefined)
    await rex.write({ text: 'Again' }, { feed })

    await becomes(here, second, 'needs-decision')
    await becomes(there, feed, 'needs-decision')
    expect(await decisionsIn(second)).toMatchObject([
      { headline: here, act: { by: 'flashline' }, detail: { why: 'key-frozen', cause: `key:${rex.keyId}` } },
    ])
  })

  it('leaves the decision to the newsroom although it is thawed before the duty is done, and can be frozen again', async () => {
    const feed = await pacedFeed()
    const rex = await editor()
    const id = await waiting(rex, feed)
    const { keys, redis } = api.store
    // No headline of this feed can be put to a decision for now.
    const index = keys.feed(feed).status('needs-decision')
    await redis.set(index, 'x')
    await rex.write({ text: 'One' }, { feed })
    expect((await rex.write({ text: 'Two' }, { feed })).body.code).toBe('key-frozen')
    await api.duties.look()
    const act = { by: 'test', person: 'test', name: 'test' }
    expect(await thawKey(api.store, feed, rex.keyId, act)).toBe('thawed')
    expect(await statusOf(id, feed)).toBe('due')
    expect(await readDuties(api.store, feed)).toHaveLength(1)

    await freezeKey(rex, feed)
    await api.duties.look()
    expect(await readDuties(api.store, feed)).toHaveLength(2)
    await redis.del(index)
    await api.duties.look()
    await becomes(id, feed, 'needs-decision')
    const decisions = (await decisionsIn(feed)) as { headline: string }[]
    expect(decisions.filter(({ headline }) => headline === id)).toHaveLength(1)
    await eventually('the duties are done', LIMIT_MS, async () => {
      await api.duties.look()
      return (await readDuties(api.store, feed)).length === 0
    })
  })
})

describe('a duty that is noted and not done yet', () => {
  const duty = (person: Person, since = Date.now()) => ({
    why: 'key-revoked',
    since,
    by: `key:${person.keyId}`,
    act: { by: 'test', person: 'test', name: 'test' },
  })
  const note = (scope: { duties: string }, id: string, value: object) =>
    api.store.redis.hset(scope.duties, id, JSON.stringify(value))

  it('holds back the headlines that it may concern, and only these', async () => {
    const feed = await freshFeed()
    const { keys } = api.store
    const rex = await editor()
    const [[mine], [other]] = [await manyWaiting(rex, feed, 1), await manyWaiting(staff.bob, feed, 1)]
    await note(keys.feed(feed), 'd1', { ...duty(rex), mark: 'desk' })
    await releaseDue(api.store, feed)
    expect([await statusOf(mine!, feed), await idsOut(feed)]).toEqual(['due', [other]])

    // The change that the mark belongs to was never made.
    await api.duties.look()
    expect(await readDuties(api.store, feed)).toHaveLength(1)
    await note(keys.feed(feed), 'd1', { ...duty(rex, Date.now() - 31_000), mark: 'desk' })
    await api.duties.look()
    await releaseDue(api.store, feed)
    expect([await readDuties(api.store, feed), await idsOut(feed)]).toEqual([[], [other, mine]])
  })

  it('holds back 300 headlines without keeping the others, or any worker, waiting', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    await manyWaiting(rex, feed, 300)
    const [other] = await manyWaiting(staff.bob, feed, 1)
    await note(api.store.keys.feed(feed), 'd2', { ...duty(rex), mark: 'desk' })
    await releaseDue(api.store, feed)
    expect(await idsOut(feed)).toEqual([other])
    await endDuty(api.store, feed, 'd2')
    await releaseDue(api.store, feed)
    expect(new Set(await idsOut(feed)).size).toBe(301)
  })

  it('is carried out by two apis at once, each headline once, and tells what came out before', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    const since = Date.now() - 5_000
    const out = (await rex.write({ text: 'Came out' }, { feed })).body.headline.id
    const lines = await Promise.all(Array.from({ length: 150 }, () => waiting(rex, feed)))
    const other = await startApi({ prefix: api.prefix })
    await note(api.store.keys.desk, 'd3', duty(rex, since))
    const noted = (await readDuties(api.store, 'desk'))[0]!

    const answers = await Promise.all([api, other].map(({ duties }) => duties.fulfil('desk', noted)))
    await other.close()

    expect((await decisionsIn(feed)).length).toBe(lines.length)
    for (const { lines: told, done } of answers) {
      expect(done).toBe(true)
      if (told.length > 0) expect(told.at(-1)).toMatchObject({ id: out, status: 'live' })
    }
    expect(await readDuties(api.store, 'desk')).toEqual([])
  })

  it('stops a headline that is changed meanwhile in its new version', async () => {
    const feed = await freshFeed()
    const rex = await editor()
    const ids = await Promise.all(Array.from({ length: 40 }, () => waiting(rex, feed)))
    const saves = Promise.all(
      ids.map((id) => staff.bob.act(id, 'save', 1, { text: `Saved ${Math.random()}` }, { feed })),
    )
    const stopped = stoppedIn(await stops.revoked(rex))
    const saved = await saves
    expect(stopped?.lines).toHaveLength(ids.length)
    for (const id of ids) expect(await statusOf(id, feed)).toBe('needs-decision')
    expect(saved.map(({ status }) => status).filter((status) => status >= 500)).toEqual([])
  })
})

it('stops 2,000 headlines that wait, and names 500 of them', async () => {
  const feed = await freshFeed()
  const rex = await editor()
  const many = 2_000
  await manyWaiting(rex, feed, many, Date.now() + HOUR)
  const stopped = stoppedIn(await stops.disabled(rex))
  expect([stopped?.lines.length, stopped?.more, stopped?.done]).toEqual([500, true, true])
  expect(await api.store.redis.zcard(api.store.keys.feed(feed).status('due'))).toBe(0)
  expect(await api.store.redis.zcard(api.store.keys.feed(feed).status('needs-decision'))).toBe(many)
  expect(await api.store.redis.zcard(api.store.keys.feed(feed).due)).toBe(0)
}, 60_000)
