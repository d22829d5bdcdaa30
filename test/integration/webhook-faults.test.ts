import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { readWebhookAccess } from '../../src/eventlog/webhooks/webhook-access.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { Courier } from '../../workers/webhooks/courier.ts'
import { Poster } from '../../workers/webhooks/poster.ts'
import { startWebhooks, type Webhooks } from '../../workers/webhooks/start-webhooks.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, newPerson, nobodyAlone } from '../support/newsroom.ts'
import { createTestFeed, testRedisUrl } from '../support/redis.ts'
import { hang, ok, startReceiver, status, type Receiver } from '../support/webhook-receiver.ts'

const LIMIT_MS = 20_000
let api: TestApi
let subscriber: Redis
let webhooks: Webhooks | undefined
let receiver: Receiver
const logLines: string[] = []

interface Hook {
  readonly id: string
  readonly status: string
  readonly failures: number
  readonly delivered: number
  readonly nextTryAt?: string
  readonly secret: string
  readonly position: string
  readonly last: { readonly fault: string; readonly status: number; readonly detail: string }
}

/** `allowed`: private addresses that webhooks may be sent to. */
async function startWorker(allowed: readonly string[], waits: readonly number[]): Promise<void> {
  await webhooks?.close()
  const logger = pino({ level: 'info' }, { write: (line) => logLines.push(line) })
  const metrics = createMetrics()
  const subscriptions = new Subscriptions(subscriber, { logger, metrics })
  const deps = { store: api.store, subscriptions, sweepMs: 100, metrics, logger }
  webhooks = await startWebhooks({ ...deps, allowedAddresses: allowed, waits })
}

beforeAll(async () => {
  api = await startApi()
  subscriber = new Redis(testRedisUrl)
  receiver = await startReceiver()
})
afterAll(async () => {
  await webhooks?.close()
  await receiver.close()
  await subscriber.quit()
  await api.close()
})

const asAdmin = async (method: string, path: string, body?: object, headers = {}) => {
  const reply = await api.request(path, { method, key: api.keys.admin, body, headers })
  return { ...reply, body: reply.body as unknown as Hook & { code: string; errors: { field: string }[] } }
}

async function newPartner(feeds: readonly string[]): Promise<string> {
  const { body } = await asAdmin('POST', '/v1/partners', { name: 'Acme', contact: 'x', feeds })
  return `/v1/partners/${body.id}/webhooks`
}

let number = 0
async function newWebhook(url: string) {
  const feed = `f${++number}`
  await createTestFeed(api.store, { id: feed })
  const path = await newPartner([feed])
  const { body } = await asAdmin('POST', path, { feed, url })
  const publish = (text: string) => api.post(`/v1/feeds/${feed}/headlines`, { text })
  const read = async () => (await asAdmin('GET', `${path}/${body.id}`)).body
  const until = (what: string, holds: (hook: Hook) => boolean) =>
    eventually(what, LIMIT_MS, async () => {
      const hook = await read()
      return holds(hook) && hook
    })
  return { feed, path: `${path}/${body.id}`, publish, read, until }
}

describe('an address in a private network', () => {
  it.each([
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://172.16.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://0.0.0.0/',
    'https://2130706433/',
    'https://localhost/',
  ])('%s is refused after its name is resolved', async (url) => {
    await startWorker([], [60_000])
    const { publish, until } = await newWebhook(url)
    await publish('Not for there')
    const hook = await until('the delivery is refused', ({ failures }) => failures === 1)
    expect(hook.last).toMatchObject({ outcome: 'failed', fault: 'refused-address' })
  })

  it('is refused although a name leads to it, and served where the operator allows it', async () => {
    await startWorker([], [200, 200, 200, 200, 60_000])
    const { publish, until } = await newWebhook(`http://localhost:${receiver.port}/hook`)
    await publish('For this computer')
    await until('the delivery is refused', ({ failures }) => failures > 0)
    expect(receiver.received).toEqual([])
    await startWorker(['127.0.0.0/8', '::1'], [200])
    await receiver.until(1)
    await until('it is delivered', ({ failures }) => failures === 0)
  })
})

describe('an endpoint that fails too often', () => {
  it('is paused and named in the log, and no try is made before an admin enables it', async () => {
    await startWorker(['127.0.0.1'], [20, 20])
    receiver.answer(status(500))
    const { feed, path, publish, until, read } = await newWebhook(receiver.url)
    await publish('First')
    await until('it is paused', (hook) => hook.status === 'paused')
    const tries = receiver.received.filter(({ data }) => data.feed === feed)
    expect(tries).toHaveLength(3)
    const log = logLines.map((line) => JSON.parse(line) as Record<string, unknown>)
    const id = path.split('/').at(-1)
    expect(log.find(({ event }) => event === 'webhook-paused')).toMatchObject({
      webhook: id,
      feed,
      fault: 'bad-answer',
    })
    receiver.answer(ok)
    await publish('Second')
    const { body } = await asAdmin('GET', `/v1/feeds/${feed}/webhooks`)
    expect(body).toMatchObject({
      webhooks: [{ id, name: 'Acme', contact: 'x', status: 'paused', last: { fault: 'bad-answer' } }],
    })
    expect((await read()).status).toBe('paused')
    const enabled = await asAdmin('POST', `${path}/enable`)
    expect(enabled.body).toMatchObject({ status: 'on', failures: 0 })
    await until(
      'it has everything',
      (hook) => hook.status === 'on' && Number(hook.position.split(':')[1]) === 2,
    )
    const words = receiver.received
      .filter(({ data }) => data.feed === feed)
      .map(({ data }) => data.headline.text)
    expect(words.slice(3)).toEqual(['First', 'Second'])
  })

  it('gets a reset when the log has lost what comes next for it', async () => {
    await startWorker(['127.0.0.1'], [20])
    receiver.answer(status(410))
    const { feed, path, publish, until } = await newWebhook(receiver.url)
    await publish('First')
    await until('it is disabled', (hook) => hook.status === 'disabled')
    await publish('Second')
    await publish('Third')
    await api.store.redis.xtrim(api.store.keys.feed(feed).log, 'MAXLEN', 1)
    receiver.answer(ok)
    await startWorker(['127.0.0.1'], [20])
    await asAdmin('POST', `${path}/enable`)
    await until('it has everything', (hook) => Number(hook.position.split(':')[1]) === 3)
    const own = receiver.received.filter(({ data }) => data.feed === feed).slice(1)
    expect(own.map(({ type }) => type)).toEqual(['feed.reset', 'headline.publish'])
    expect(own[0]?.data).toMatchObject({ reason: 'log-trimmed', withdrawn: [] })
  })
})

describe('a partner that loses the feed while a message is on its way', () => {
  it.each(['deleted', 'without the feed'])('gets no further message: %s', async (how) => {
    await startWorker(['127.0.0.1'], [20])
    receiver.answer(ok)
    const { feed, path, publish, until } = await newWebhook(receiver.url)
    const partner = path.slice(0, path.indexOf('/webhooks'))
    const own = () => receiver.received.filter(({ data }) => data.feed === feed)
    await publish('First')
    await until('it is delivered', ({ delivered }) => delivered === 1)
    receiver.answer(hang)
    await publish('Second')
    await eventually('the second is on its way', LIMIT_MS, () => own().length === 2)
    await publish('Third')
    receiver.answer(ok)
    const settings = { name: 'Acme', contact: 'x', feeds: ['en'] }
    const { status: code } =
      how === 'deleted'
        ? await asAdmin('DELETE', path)
        : await asAdmin('PUT', partner, settings, { 'If-Match': '"2"' })
    expect(code).toBeLessThan(300)
    const state = api.store.keys.webhooks.state(path.split('/').at(-1) ?? '')
    await eventually('no worker serves it', LIMIT_MS, async () => {
      return (await api.store.redis.hexists(state, 'owner')) === 0
    })
    const { publish: publishElsewhere, until: untilElsewhere } = await newWebhook(receiver.url)
    await publishElsewhere('For another')
    await untilElsewhere('another is served', ({ delivered }) => delivered === 1)
    expect(own().map(({ data }) => data.headline.text)).toEqual(['First', 'Second'])
  })
})

describe('an endpoint that says when to come again', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toUTCString()
  it.each([
    ['seconds', '1800', 1_790],
    ['a date', inMinutes(30), 1_700],
    ['a date far away, at most an hour', inMinutes(9_999), 3_590],
    ['a date that has passed', inMinutes(-30), 290],
    ['other words', 'soon', 290],
  ])('is obeyed: %s', async (_, written, leastS) => {
    await startWorker(['127.0.0.1'], [300_000])
    receiver.answer(status(503, { 'retry-after': written }))
    const { publish, until } = await newWebhook(receiver.url)
    await publish('First')
    const { nextTryAt = '' } = await until('the try has failed', ({ failures }) => failures === 1)
    const waitS = (Date.parse(nextTryAt) - Date.now()) / 1_000
    expect(waitS).toBeGreaterThan(leastS)
    expect(waitS).toBeLessThan(Math.max(leastS + 110, 380))
  })
})

describe('a worker', () => {
  it('holds nothing of a feed any more that has lost its last webhook', async () => {
    await webhooks?.close()
    webhooks = undefined
    const { feed } = await newWebhook('https://news.example/hook')
    const own = (await readWebhookAccess(api.store)).filter((access) => access.feed === feed)
    const poster = new Poster([])
    const deps = {
      store: api.store,
      worker: 'w',
      poster,
      metrics: createMetrics(),
      logger: pino({ level: 'silent' }),
    }
    const courier = new Courier(deps, {
      limitMs: { fast: 500, slow: 500 },
      slots: { urgent: 1, fast: 1, slow: 1 },
    })
    courier.set(own)
    expect(courier.hear(feed, 'look')).toBe(true)
    courier.set([])
    expect(courier.hear(feed, 'look')).toBe(false)
    courier.set(own)
    expect(courier.hear(feed, 'look')).toBe(true)
    await courier.close()
    poster.close()
  })
})

describe('an endpoint that redirects', () => {
  it('has its new address in the log, without the parts that may be secret', async () => {
    await startWorker(['127.0.0.1'], [60_000])
    receiver.answer(status(302, { location: 'https://me:hidden-1@news.example/in?key=hidden-2#hidden-3' }))
    const { publish, until } = await newWebhook(receiver.url)
    await publish('First')
    const { last } = await until('the try has failed', ({ failures }) => failures === 1)
    expect(last).toMatchObject({ fault: 'redirect', detail: 'to https://news.example/in' })
    expect(logLines.join('')).toContain('to https://news.example/in')
    expect(logLines.join('')).not.toContain('hidden')
  })
})

describe('an endpoint that changes the protocol', () => {
  it('has given a bad answer, and gets the message again', async () => {
    await startWorker(['127.0.0.1'], [20, 60_000])
    receiver.answer((response) => {
      response.socket?.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n',
      )
    })
    const { feed, publish, until } = await newWebhook(receiver.url)
    await publish('First')
    const hook = await until('the second try has failed', ({ failures }) => failures === 2)
    expect(hook.last).toMatchObject({ outcome: 'failed', fault: 'bad-answer', status: 101 })
    expect(receiver.received.filter(({ data }) => data.feed === feed)).toHaveLength(2)
  })
})

describe('a request about a webhook', () => {
  it.each([
    ['http://news.example/hook', '/url'],
    ['ftp://news.example/', '/url'],
    ['https://user:secret@news.example/', '/url'],
    ['https://news.example/#part', '/url'],
    ['nothing', '/url'],
  ])('with the address %s is refused with its field', async (url, field) => {
    const path = await newPartner(['en'])
    const { status: code, body } = await asAdmin('POST', path, { feed: 'en', url })
    expect([code, body]).toMatchObject([422, { code: 'invalid-body', errors: [{ field }] }])
  })

  it('is refused for a drill, whose messages would look like news', async () => {
    await createTestFeed(api.store, { id: 'practice', drill: true })
    for (const feeds of [['*'], ['practice']]) {
      const path = await newPartner(feeds)
      const url = 'https://news.example/hook'
      const { status: code, body } = await asAdmin('POST', path, { feed: 'practice', url })
      expect([code, body]).toMatchObject([
        404,
        { code: 'no-such-feed', detail: expect.stringMatching(/drill/) },
      ])
    }
  })

  it('names what does not exist, and what is too much', async () => {
    const path = await newPartner(['en'])
    const url = 'https://news.example/hook'
    expect((await asAdmin('POST', path, { feed: 'other', url })).body.code).toBe('no-such-feed')
    expect((await asAdmin('GET', `${path}/none`)).body.code).toBe('no-such-webhook')
    expect((await asAdmin('POST', `${path}/none/ping`)).body.code).toBe('no-such-webhook')
    expect((await asAdmin('GET', '/v1/partners/none/webhooks')).body.code).toBe('no-such-partner')
    const { body } = await asAdmin('POST', path, { feed: 'en', url })
    for (const replay of [{ after: 'aaaaaaaa:1' }, { after: `${body.position.split(':')[0]}:99` }])
      expect((await asAdmin('POST', `${path}/${body.id}/replay`, replay)).body).toMatchObject({
        code: 'invalid-position',
        errors: [{ field: '/after', message: expect.stringContaining('does not have') }],
      })
    for (const replay of [{}, { after: body.position, since: '2026-01-01T00:00:00Z' }, { after: 'x' }])
      expect((await asAdmin('POST', `${path}/${body.id}/replay`, replay)).body.code).toBe('invalid-body')
    const change = (version: string) =>
      asAdmin('PUT', `${path}/${body.id}`, { url: 'https://news.example/2' }, { 'If-Match': version })
    expect((await change('"1"')).body.code).toBe('stale-version')
    const changed = await change('"2"')
    expect([changed.status, changed.body]).toMatchObject([200, { url: 'https://news.example/2' }])
    for (let more = 0; more < 49; more++) await asAdmin('POST', path, { feed: 'en', url })
    expect((await asAdmin('POST', path, { feed: 'en', url })).body.code).toBe('too-many-webhooks')
    for (const key of [api.keys.editor, api.keys.reader])
      expect((await api.request(path, { key })).body.code).toBe('forbidden')
  })

  it('leaves an entry in the audit without secrets, and none of them in the gateways', async () => {
    const path = await newPartner(['en'])
    const { body } = await asAdmin('POST', path, { feed: 'en', url: 'https://news.example/hook' })
    await asAdmin('POST', `${path}/${body.id}/rotate`, {})
    await asAdmin('POST', `${path}/${body.id}/ping`)
    await asAdmin('DELETE', `${path}/${body.id}`)
    const audit = await api.request('/v1/audit?limit=200', { key: api.keys.admin })
    const { entries } = audit.body as unknown as {
      entries: { action: string; detail?: { webhook?: string } }[]
    }
    const actions = entries
      .filter(({ detail }) => detail?.webhook === body.id)
      .map(({ action }) => action)
      .sort()
    expect(actions).toEqual(['webhook-deleted', 'webhook-key-rotated', 'webhook-made', 'webhook-pinged'])
    const seen = JSON.stringify([
      audit.body,
      await api.store.redis.hgetall(api.store.keys.desk.partnerAccess),
    ])
    expect(seen).not.toContain(body.secret)
    expect(seen).not.toContain('whsec_')
  })
})

describe('under the two-person rule', () => {
  it('a webhook and another address wait for a second admin, and nothing is delivered meanwhile', async () => {
    await startWorker(['127.0.0.1'], [20])
    receiver.answer(ok)
    const office = await startApi({ prefix: api.prefix })
    const [ann, bob] = [
      await newPerson(office, 'ann', { '*': 'admin' }),
      await newPerson(office, 'bob', { '*': 'admin' }),
    ]
    await feedWith(office, 'two', { alone: nobodyAlone })
    const partner = await ann.send('POST', '/v1/partners', { name: 'Acme', contact: 'x', feeds: ['two'] })
    const path = `/v1/partners/${(partner.body as unknown as Hook).id}`
    const made = await ann.send('POST', `${path}/webhooks`, { feed: 'two', url: receiver.url })
    const hook = made.body as unknown as Hook & { waitsFor: string }
    expect([made.status, hook.status, hook.waitsFor]).toEqual([201, 'waits', 'approval'])
    expect((await readWebhookAccess(api.store)).some(({ id }) => id === hook.id)).toBe(false)
    const approve = async (person: typeof ann) => {
      const { body } = await person.get(path)
      return person.send('POST', `${path}/approve`, undefined, { 'If-Match': `"${body.version}"` })
    }
    expect((await approve(ann)).body.code).toBe('self-approval')
    expect((await approve(bob)).status).toBe(200)
    expect((await readWebhookAccess(api.store)).some(({ id }) => id === hook.id)).toBe(true)
    const { body } = await ann.get(path)
    const url = `${receiver.url}/other`
    const change = await bob.send(
      'PUT',
      `${path}/webhooks/${hook.id}`,
      { url },
      { 'If-Match': `"${body.version}"` },
    )
    expect(change.status).toBe(202)
    expect((await readWebhookAccess(api.store)).some(({ id }) => id === hook.id)).toBe(false)
    expect((await approve(ann)).status).toBe(200)
    await office.close()
  })
})
