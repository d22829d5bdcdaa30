import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { readAfter, eventOf } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { ReleaseJob } from '../../src/fanout/queues.ts'
import { UnavailableError } from '../../src/platform/errors.ts'
import { eventually } from '../support/eventually.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { testRedisUrl } from '../support/redis.ts'

const SECOND = 1_000
const DAY = 86_400_000

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const events = async () => (await readAfter(api.store, 'en', 0, 1_000)).map(eventOf)
const eventsOf = async (id: string) => (await events()).filter(({ headline }) => headline.id === id)

describe('posting a headline', () => {
  it('is answered with the position after the release', async () => {
    const reply = await api.publish({ text: 'Bridge closed', speaker: 'Police' })

    const { id } = reply.body.headline
    expect(reply.status).toBe(201)
    expect(reply.body).toEqual({
      headline: { id, version: 1, status: 'live' },
      position: expect.stringMatching(/^[a-z2-7]{8}:\d+$/),
      durability: 'always',
      replication: 'none',
    })
    expect(reply.headers.get('location')).toBe(`/v1/feeds/en/headlines/${id}`)
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('flashline-durability')).toBe('always')
    expect(reply.headers.get('x-powered-by')).toBeNull()
    const [event] = await eventsOf(id)
    expect(event).toMatchObject({
      position: reply.body.position,
      op: 'publish',
      headline: { text: 'Bridge closed' },
    })
  })

  it('sets the default expiry of the feed when the editor gives none', async () => {
    const before = Date.now()
    const { body } = await api.publish()

    const [event] = await eventsOf(body.headline.id)
    const expiresAt = Date.parse((event?.headline as { expiresAt: string }).expiresAt)
    expect(expiresAt).toBeGreaterThanOrEqual(before + DAY)
    expect(expiresAt).toBeLessThan(before + DAY + 10 * SECOND)
  })

  it('keeps a scheduled headline out of the log', async () => {
    const releaseAt = inMs(DAY)
    const reply = await api.publish({ text: 'Embargoed', releaseAt })

    expect(reply.status).toBe(202)
    expect(reply.body).toEqual({
      headline: { id: reply.body.headline.id, version: 1, status: 'due' },
      position: null,
      durability: 'always',
      replication: 'none',
      releaseAt,
    })
    await releaseDue(api.store, 'en')
    expect(await eventsOf(reply.body.headline.id)).toEqual([])
    expect((await api.read(reply.body.headline.id)).body).toMatchObject({ status: 'due', releaseAt })
  })

  it('leaves the release to a worker when a worker answers the doorbell', async () => {
    // Longer than the time limit of the test, so that only the worker's release can end the wait.
    const patient = await startApi({ fallbackMs: 60 * SECOND })
    const connection = new Redis(testRedisUrl, { maxRetriesPerRequest: null })
    const release = ({ data }: { data: ReleaseJob }) => releaseDue(patient.store, data.feed)
    const worker = new Worker('release', release, { connection, prefix: patient.store.keys.queues })

    const reply = await patient.publish()

    expect(reply.status).toBe(201)
    expect((await patient.metrics.releaseFallback.get()).values).toEqual([])
    await worker.close()
    await connection.quit()
    await patient.close()
  })

  it('counts the headlines that the API releases itself', async () => {
    await api.publish()

    const [counted] = (await api.metrics.releaseFallback.get()).values
    expect(counted?.value).toBeGreaterThan(0)
  })

  it('writes no text and no key into the process log', async () => {
    await api.publish({ text: 'Not for the log' })

    const lines = api.logLines.join('')
    expect(lines).toContain('change-accepted')
    expect(lines).not.toContain('Not for the log')
    expect(lines).not.toContain(api.keys.editor)
  })
})

describe('a repeated request', () => {
  it('takes effect once and gets the first answer', async () => {
    const headers = { 'Idempotency-Key': 'once' }
    const first = await api.publish({ text: 'Once' }, headers)
    const again = await api.publish({ text: 'Once' }, headers)

    expect(again.status).toBe(201)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await eventsOf(first.body.headline.id)).toHaveLength(1)
  })

  it('takes effect once when both requests arrive at the same time', async () => {
    const headers = { 'Idempotency-Key': 'twins' }
    const replies = await Promise.all([1, 2, 3].map(() => api.publish({ text: 'Twins' }, headers)))

    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(replies.map(({ body }) => body.position)).size).toBe(1)
    expect(await eventsOf(replies[0]?.body.headline.id ?? '')).toHaveLength(1)
  })

  it('is refused when its idempotency key was used with another body', async () => {
    const headers = { 'Idempotency-Key': 'other-body' }
    await api.publish({ text: 'One' }, headers)

    const reply = await api.publish({ text: 'Two' }, headers)

    expect([reply.status, reply.body.code]).toEqual([422, 'idempotency-key-reused'])
  })

  it('gets the first answer even when its times would be refused now', async () => {
    const headers = { 'Idempotency-Key': 'late' }
    const body = { text: 'Soon', releaseAt: inMs(500) }
    const first = await api.publish(body, headers)
    expect(first.status).toBe(202)

    await eventually('the release time has come', 20_000, () =>
      Promise.resolve(Date.now() > Date.parse(body.releaseAt)),
    )
    const again = await api.publish(body, headers)
    const strange = await api.publish(body)

    expect(again.body.headline.id).toBe(first.body.headline.id)
    expect([strange.status, strange.body.code]).toEqual([422, 'embargo-in-past'])
  })

  it('gets the version of the first correction when a correction is repeated', async () => {
    const { body } = await api.publish()
    const headers = { 'Idempotency-Key': 'correct', 'If-Match': '"1"' }
    const first = await api.act(body.headline.id, 'correct', { text: 'Bridge open' }, headers)
    const again = await api.act(body.headline.id, 'correct', { text: 'Bridge open' }, headers)

    expect(first.status).toBe(200)
    expect(again.body).toEqual(first.body)
    expect(await eventsOf(body.headline.id)).toHaveLength(2)
  })

  it('is recognised only for the same caller', async () => {
    const headers = { 'Idempotency-Key': 'mine' }
    const first = await api.publish({ text: 'Mine' }, headers)
    const other = await api.post('/v1/feeds/en/headlines', { text: 'Mine' }, headers, api.keys.admin)

    expect(other.body.headline.id).not.toBe(first.body.headline.id)
  })
})

describe('correcting', () => {
  it('changes the given fields and keeps all other fields and the place', async () => {
    const { body } = await api.publish({
      text: 'Bridge closd',
      speaker: 'Police',
      tags: ['bridge'],
      note: 'first',
    })
    const { id } = body.headline
    const reply = await api.act(
      id,
      'correct',
      { text: 'Bridge closed', speaker: null },
      { 'If-Match': '"1"' },
    )

    expect(reply.status).toBe(200)
    expect(reply.body.headline).toEqual({ id, version: 2, status: 'live' })
    expect(reply.headers.get('etag')).toBe('"2"')
    const [published, corrected] = await eventsOf(id)
    expect(corrected?.headline).toMatchObject({ text: 'Bridge closed', tags: ['bridge'], version: 2 })
    expect(corrected?.headline.place).toBe(published?.headline.place)
    expect(corrected?.headline).not.toHaveProperty('speaker')
    expect(corrected?.headline).not.toHaveProperty('note')
  })

  it('keeps the time of a waiting headline and releases nothing', async () => {
    const releaseAt = inMs(DAY)
    const { body } = await api.publish({ text: 'Drft', releaseAt })
    const { id } = body.headline
    const reply = await api.act(id, 'correct', { text: 'Draft', expiresAt: null }, { 'If-Match': '"1"' })

    expect(reply.status).toBe(202)
    expect(reply.body).toMatchObject({ headline: { version: 2, status: 'due' }, position: null, releaseAt })
    expect(await eventsOf(id)).toEqual([])
    const { versions } = (await api.read(id)).body
    expect(versions[1]?.content.expiresAt).toBe(new Date(Date.parse(releaseAt) + DAY).toISOString())
  })

  it('accepts exactly one of two corrections of the same version', async () => {
    const { body } = await api.publish()
    const { id } = body.headline
    const replies = await Promise.all(
      ['left', 'right'].map((text) => api.act(id, 'correct', { text }, { 'If-Match': '"1"' })),
    )

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412])
    const lost = replies.find(({ status }) => status === 412)
    expect(lost?.body).toMatchObject({ code: 'stale-version', current: { id, version: 2 } })
    expect(await eventsOf(id)).toHaveLength(2)
  })

  it.each([
    [428, 'precondition-required', {}],
    [428, 'precondition-required', { 'If-Match': '*' }],
    [412, 'stale-version', { 'If-Match': '"7"' }],
    [412, 'stale-version', { 'If-Match': 'W/"1"' }],
    [412, 'stale-version', { 'If-Match': '"a", "b"' }],
    [400, 'malformed-request', { 'If-Match': 'one' }],
  ])('answers %i %s to %j', async (status, code, headers) => {
    const { body } = await api.publish()
    const reply = await api.act(body.headline.id, 'correct', { text: 'x' }, headers)

    expect([reply.status, reply.body.code]).toEqual([status, code])
  })
})

describe('withdrawing and expiring', () => {
  it('removes the headline and its text', async () => {
    const { body } = await api.publish({ text: 'Wrong' })
    const { id } = body.headline
    const reply = await api.act(id, 'withdraw', { reason: 'wrong name', note: 'We were wrong.' })

    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      headline: { version: 2, status: 'withdrawn' },
      position: expect.any(String),
    })
    const [, withdrawn] = await eventsOf(id)
    expect(withdrawn).toMatchObject({
      op: 'withdraw',
      headline: { status: 'withdrawn', note: 'We were wrong.' },
    })
    expect(JSON.stringify(withdrawn)).not.toContain('wrong name')
    expect(withdrawn?.headline).not.toHaveProperty('text')
  })

  it('requires neither body nor version', async () => {
    const { body } = await api.publish()

    expect((await api.act(body.headline.id, 'withdraw')).status).toBe(200)
  })

  it('accepts If-Match: *, and a version', async () => {
    const [one, two] = [await api.publish(), await api.publish()]

    expect((await api.act(one.body.headline.id, 'withdraw', {}, { 'If-Match': '*' })).status).toBe(200)
    expect((await api.act(two.body.headline.id, 'withdraw', {}, { 'If-Match': '"2"' })).status).toBe(412)
  })

  it('wins against a correction at the same time', async () => {
    const { body } = await api.publish()
    const { id } = body.headline
    const [corrected, withdrawn] = await Promise.all([
      api.act(id, 'correct', { text: 'Still here' }, { 'If-Match': '"1"' }),
      api.act(id, 'withdraw'),
    ])

    expect(withdrawn.status).toBe(200)
    expect([200, 412]).toContain(corrected.status)
    expect((await api.read(id)).body.status).toBe('withdrawn')
    expect((await eventsOf(id)).at(-1)?.op).toBe('withdraw')
  })

  it('prevents the release of a waiting headline', async () => {
    const { body } = await api.publish({ text: 'Not yet', releaseAt: inMs(DAY) })
    const { id } = body.headline
    const reply = await api.act(id, 'withdraw')

    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ headline: { version: 2, status: 'withdrawn' }, position: null })
    expect(await eventsOf(id)).toEqual([])
  })

  it('leaves no further acts, which are refused with a reason', async () => {
    const { body } = await api.publish()
    await api.act(body.headline.id, 'withdraw')
    const reply = await api.act(body.headline.id, 'correct', { text: 'Back' }, { 'If-Match': '"2"' })

    expect([reply.status, reply.body.code]).toEqual([409, 'illegal-action'])
    expect(reply.body).toMatchObject({
      status: 409,
      code: 'illegal-action',
      headlineStatus: 'withdrawn',
      allowed: [],
    })
  })

  it('expires a live headline, which can still be withdrawn', async () => {
    const { body } = await api.publish()
    const { id } = body.headline

    expect((await api.act(id, 'expire')).status).toBe(428)
    const expired = await api.act(id, 'expire', undefined, { 'If-Match': '"1"' })
    expect(expired.body).toMatchObject({
      headline: { version: 2, status: 'expired' },
      position: expect.any(String),
    })
    const refused = await api.act(id, 'expire', undefined, { 'If-Match': '"2"' })
    expect(refused.body).toMatchObject({
      code: 'illegal-action',
      headlineStatus: 'expired',
      allowed: ['withdraw', 'restore'],
    })
    expect((await api.act(id, 'withdraw')).status).toBe(200)
  })
})

it('shows the newsroom each act with actor, time and reason', async () => {
  const { body } = await api.publish({ text: 'First' })
  const { id } = body.headline
  await api.act(id, 'correct', { text: 'Second' }, { 'If-Match': '"1"' })
  await api.act(id, 'withdraw', { reason: 'duplicate' })

  const reply = await api.read(id)

  expect(reply.headers.get('etag')).toBe('"3"')
  expect(reply.body).toMatchObject({ id, version: 3, status: 'withdrawn' })
  expect(reply.body.versions).toMatchObject([
    {
      version: 1,
      action: 'release',
      content: { text: 'First' },
      act: { name: 'editor key' },
      position: body.position,
    },
    { version: 2, action: 'correct', content: { text: 'Second' } },
    { version: 3, action: 'withdraw', act: { reason: 'duplicate' } },
  ])
})

describe('when a part of the service fails', () => {
  it('releases a headline although the doorbell cannot be rung', async () => {
    const deaf = await startApi({
      change: ({ doorbell }) => ({
        doorbell: { ...doorbell, ring: () => Promise.reject(new Error('no queue')) },
      }),
    })

    expect((await deaf.publish()).status).toBe(201)
    const [lost] = (await deaf.metrics.doorbellsLost.get()).values
    expect(lost?.value).toBe(1)
    await deaf.close()
  })

  it('answers 202, not 503, when Redis fails after the headline is saved', async () => {
    const cut = await startApi({
      change: ({ store }) => ({
        store: {
          ...store,
          scripts: { ...store.scripts, 'release-due': () => Promise.reject(new UnavailableError('gone')) },
        },
      }),
    })
    const reply = await cut.publish()

    expect(reply.status).toBe(202)
    expect(reply.body).toMatchObject({
      headline: { status: 'due' },
      position: null,
      releaseAt: expect.any(String),
    })
    await releaseDue(cut.store, 'en')
    expect((await cut.read(reply.body.headline.id)).body.status).toBe('live')
    await cut.close()
  })

  it('logs an internal error once, with the request and without the text', async () => {
    const fault = Object.assign(new Error('CONTRACT broken'), { command: { args: ['Not for the log'] } })
    const broken = await startApi({
      change: ({ store }) => ({
        store: { ...store, scripts: { ...store.scripts, 'save-headline': () => Promise.reject(fault) } },
      }),
    })
    const reply = await broken.publish({ text: 'Not for the log' })

    expect([reply.status, reply.body.code]).toEqual([500, 'internal-error'])
    expect(JSON.stringify(reply.body)).not.toContain('CONTRACT')
    expect(broken.logLines).toHaveLength(1)
    expect(broken.logLines[0]).toContain(reply.headers.get('x-request-id'))
    expect(broken.logLines[0]).toContain('CONTRACT broken')
    expect(broken.logLines[0]).not.toContain('Not for the log')
    await broken.close()
  })

  it('answers a correction that a withdrawal has overtaken with a problem', async () => {
    const slow = await startApi({ fallbackMs: 10 * SECOND })
    const waiting = (count: number) =>
      until(async () => (await slow.store.redis.zcard(slow.store.keys.feed('en').due)) === count)
    const published = slow.publish()
    await waiting(1)
    await releaseDue(slow.store, 'en')
    const { id } = (await published).body.headline

    // The planned expiry of the headline is in the due set too.
    const corrected = slow.act(id, 'correct', { text: 'Still here' }, { 'If-Match': '"1"' })
    await waiting(2)
    const withdrawn = slow.act(id, 'withdraw')
    await waiting(3)
    await releaseDue(slow.store, 'en')

    expect((await corrected).body).toMatchObject({
      headline: { version: 2, status: 'withdrawn' },
      position: null,
    })
    expect((await withdrawn).body).toMatchObject({ headline: { version: 3 }, position: expect.any(String) })
    await slow.close()
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 5 * SECOND
  while (!(await condition())) if (Date.now() > limit) throw new Error('the condition was not met')
}
