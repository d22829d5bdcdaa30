import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { LostActs } from '../../src/api/live/lost-acts.ts'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { eventOf, readAfter, readHeads } from '../../src/eventlog/read-log.ts'
import { recoverReportedHeadlines } from '../../workers/recover-reported-headlines.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { copyFeed } from '../support/rewind.ts'

let first: TestApi
let second: TestApi
let watches: LostActs[]
beforeEach(async () => {
  first = await startApi()
  second = await startApi({ prefix: first.prefix })
  const logger = pino({ level: 'silent' })
  watches = [first, second].map(
    ({ store, accepted, metrics }) =>
      new LostActs({ store, archive: () => undefined, accepted, metrics, logger }),
  )
  // Only the test asks for a check.
  for (const watch of watches) watch.close()
})
afterEach(async () => {
  await first.close()
  await second.close()
})

const check = async (order = [0, 1]) => {
  for (const at of order) await watches[at]?.check('en')
}
const read = (id: string) => readHeadline(first.store, 'en', id)
const ops = async () => (await readAfter(first.store, 'en', 0, 100)).map((entry) => eventOf(entry).op)
const seen = (version: number) => ({ 'if-match': `"${version}"` })

async function post(body: object, api = first): Promise<string> {
  const { body: answer } = await api.publish(body)
  return answer.headline.id
}

it('does nothing while no act is lost', async () => {
  const id = await post({ text: 'Bridge closed' })
  await first.act(id, 'withdraw', {})
  const before = await first.store.redis.dump(first.store.keys.feed('en').audit)
  await check()
  await check()
  expect(await first.store.redis.dump(first.store.keys.feed('en').audit)).toBe(before)
})

it('repeats a withdrawal with its actor, its reason and its note, once, and says so in the audit', async () => {
  const id = await post({ text: 'Bridge closed' })
  const goBack = await copyFeed(first.store)
  await second.act(id, 'withdraw', { note: 'Not confirmed.', reason: 'Source retracted' })
  const lost = (await read(id))?.versions.at(-1)
  await goBack()

  await Promise.all([check(), check()])
  await check()

  const record = await read(id)
  expect(record).toMatchObject({ status: 'withdrawn', version: 2 })
  expect(record?.attention).toBeUndefined()
  expect(record?.versions.at(-1)).toMatchObject({
    action: 'withdraw',
    content: { note: 'Not confirmed.' },
    act: { ...lost?.act, repeats: 3 },
  })
  const events = (await readAfter(first.store, 'en', 0, 100)).map(eventOf)
  expect(events.map(({ op }) => op)).toEqual(['publish', 'withdraw'])
  expect(events[1]?.headline).toMatchObject({ note: 'Not confirmed.' })
  expect(events[1]?.headline).not.toHaveProperty('text')
  expect((await walkAudit(first.store, 'en')).fault).toBeUndefined()
})

it('survives a second failover, which loses the repetition', async () => {
  const id = await post({ text: 'Bridge closed' })
  const goBack = await copyFeed(first.store)
  await first.act(id, 'hold', {})
  for (const failover of [1, 2]) {
    await goBack()
    await check()
    expect([failover, (await read(id))?.status]).toEqual([failover, 'held'])
  }
})

it.each([
  ['the api that posted it first', [0, 1]],
  ['the api that corrected it first', [1, 0]],
])('puts a lost headline to the desk with its newest words, by %s', async (_who, order) => {
  const goBack = await copyFeed(first.store)
  const id = await post({ text: 'Bridge closed' })
  await second.act(id, 'correct', { text: 'Bridge closed after a crack' }, seen(1))
  await goBack()

  await check(order)
  await check(order)

  expect(await read(id)).toMatchObject({
    status: 'needs-decision',
    content: { text: 'Bridge closed after a crack' },
    attention: { feed: 'en', id, lost: 'api', action: 'correct', version: 2 },
  })
  expect(await ops()).toEqual([])

  const { headers } = await first.read(id)
  const released = await first.act(id, 'release', {}, { 'if-match': headers.get('etag') ?? '' })
  expect([released.status, await ops()]).toEqual([200, ['publish']])
  expect((await read(id))?.attention).toBeUndefined()
})

it.each([
  ['first', [1, 0]],
  ['last', [0, 1]],
])('leaves a lost headline withdrawn when the api that withdrew it comes %s', async (_when, order) => {
  const goBack = await copyFeed(first.store)
  const id = await post({ text: 'Bridge closed' })
  await second.act(id, 'withdraw', {})
  await goBack()
  await check(order)
  expect(await read(id)).toMatchObject({ status: 'withdrawn' })
  expect(await ops()).toEqual([])
})

it('takes a headline out whose undo was lost, before its time and after it', async () => {
  const releaseAt = new Date(Date.now() + 3_600_000).toISOString()
  const id = await post({ text: 'Bridge closed', releaseAt })
  const goBack = await copyFeed(first.store)
  await first.act(id, 'undo', {}, seen(1))
  await goBack()
  await check()
  expect(await read(id)).toMatchObject({ status: 'draft', attention: { lost: 'api', action: 'undo' } })

  await goBack()
  await second.act(id, 'release', {}, seen(1))
  await watches[0]?.check('en')
  expect(await read(id)).toMatchObject({ status: 'held', attention: { lost: 'api' } })
  expect(await ops()).toEqual(['publish', 'hold'])
})

it('makes a proposal of a lost correction, which one act releases', async () => {
  const id = await post({ text: 'Bridge closed' })
  const goBack = await copyFeed(first.store)
  await first.act(id, 'correct', { text: 'Bridge closed after a crack' }, seen(1))
  await goBack()
  await check()
  expect(await ops()).toEqual(['publish'])
  const { body, headers } = await first.read(id)
  expect(body).toMatchObject({ status: 'live', content: { text: 'Bridge closed' } })

  await first.act(id, 'approve', {}, { 'if-match': headers.get('etag') ?? '' })
  expect(await ops()).toEqual(['publish', 'correct'])
  expect((await read(id))?.content?.text).toBe('Bridge closed after a crack')
})

it('repeats a hold in a frozen feed', async () => {
  const id = await post({ text: 'Bridge closed' })
  await first.post('/v1/feeds/en/freeze', { reason: 'Test' }, {}, first.keys.admin)
  const goBack = await copyFeed(first.store)
  await first.act(id, 'hold', {})
  await goBack()
  await check()
  expect(await read(id)).toMatchObject({ status: 'held' })
  expect(await ops()).toEqual(['publish', 'hold'])
})

it('tries again where the storage refuses, and does not forget', async () => {
  const id = await post({ text: 'Bridge closed' })
  const goBack = await copyFeed(first.store)
  await first.act(id, 'withdraw', {})
  await goBack()
  const { text, attention } = first.store.keys.feed('en')
  await first.store.redis.rpush(attention, text(''))
  await check()
  expect((await read(id))?.status).toBe('live')
  await first.store.redis.del(attention)
  await check()
  expect((await read(id))?.status).toBe('withdrawn')
})

it('a report of a gateway holds a headline once: a person may resume it', async () => {
  const id = await post({ text: 'Bridge closed' })
  const [head] = await readHeads(first.store, ['en'])
  const lost = [{ position: 'oldepoch:7', op: 'withdraw', id, version: 2, at: '2026-01-02T03:04:05.000Z' }]
  const report = { feed: 'en', head: head!, lost }
  const { store, metrics } = first
  const deps = { store, archive: () => undefined, metrics, logger: pino({ level: 'silent' }) }

  await Promise.all([recoverReportedHeadlines(deps, report), recoverReportedHeadlines(deps, report)])
  expect(await read(id)).toMatchObject({ status: 'held', version: 2, attention: { lost: 'gateway' } })

  const { headers } = await first.read(id)
  await first.act(id, 'resume', {}, { 'if-match': headers.get('etag') ?? '' })
  await recoverReportedHeadlines(deps, report)
  expect(await read(id)).toMatchObject({ status: 'live' })
  expect(await ops()).toEqual(['publish', 'hold', 'resume'])
})

it('words of a gateway become a draft, which its submitter may not approve alone', async () => {
  const alone = { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' }
  const policy = await first.request('/v1/feeds/en/policy', { key: first.keys.admin })
  await first.request('/v1/feeds/en/policy', {
    ...{ method: 'PUT', key: first.keys.admin, body: { ...policyOf(policy.body), alone } },
    headers: { 'if-match': policy.headers.get('etag') ?? '' },
  })
  const [head] = await readHeads(first.store, ['en'])
  const event = { position: 'oldepoch:7', op: 'publish', version: 1, at: '2026-01-02T03:04:05.000Z' }
  const words = { text: 'Bridge closed', urgency: 'bulletin', regions: [], tags: [] }
  const shown = { ...words, status: 'live', place: 7, publishedAt: event.at, updatedAt: event.at }
  const [good, bad] = ['A'.repeat(22), 'B'.repeat(22)]
  const { store, metrics } = first
  await recoverReportedHeadlines(
    { store, archive: () => undefined, metrics, logger: pino({ level: 'silent' }) },
    {
      ...{ feed: 'en', head: head! },
      lost: [
        { ...event, id: good, headline: shown },
        { ...event, id: bad, position: 'oldepoch:8', headline: { ...shown, text: 'x'.repeat(10_000) } },
        { ...event, id: 'no id', position: 'oldepoch:9', headline: shown },
        { ...event, id: 'C'.repeat(22), position: 'no position', headline: shown },
      ],
    },
  )

  expect(await read(good)).toMatchObject({ status: 'draft', content: words, desk: { unproved: true } })
  for (const id of [bad, 'no id', 'C'.repeat(22)]) expect(await read(id)).toBeUndefined()
  const submitted = await first.act(good, 'submit', {}, seen(1))
  expect([submitted.status, (await read(good))?.desk]).toEqual([
    200,
    expect.not.objectContaining({ unproved: true }),
  ])
  expect((await first.act(good, 'approve', {}, seen(2))).body.code).toBe('self-approval')
  expect(await ops()).toEqual([])
})

function policyOf(body: object): object {
  return (body as { policy: object }).policy
}
