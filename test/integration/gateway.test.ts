import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fold, inOrder, stripOf } from '../../src/protocol/fold.ts'
import type { Frame } from '../../src/protocol/frames.ts'
import { startRedis } from '../../scripts/redis-server.mjs'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'
import type { WsReader } from '../support/ws-reader.ts'

const FOREIGN = 'zzzzzzzz:1'
/** More bytes than the network between two sockets of this computer holds. */
const BLOCKING_LINES = 1_500
const types = (frames: readonly Frame[]) => frames.map(({ type }) => type)
const seqOf = (position: string) => Number(position.split(':')[1])

describe('a reader', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ RESUME_EVENTS: 1_000 })
  })
  afterAll(() => system.close())

  describe('on a WebSocket', () => {
    it('is greeted, gets the whole strip, and then every event in order', async () => {
      const [shown] = await system.publish('en', ['Shown before'])
      const reader = await system.connect('en')
      const hello = await reader.untilType('hello')
      expect(hello).toMatchObject({ protocol: 1, feed: { id: 'en', lang: 'en', dir: 'ltr' } })
      const reset = await reader.untilType('reset')
      expect(reset).toMatchObject({ reason: 'start', position: hello.position })
      expect(reset.strip).toContainEqual(shown?.headline)

      const events = await system.publish('en', 5)
      expect(await reader.take(5)).toEqual(events)
      expect(reader.position).toBe(events.at(-1)?.position)
    })

    it('gets exactly what it missed when it returns', async () => {
      const reader = await system.connect('en')
      const [first] = await system.publish('en', 1)
      await reader.received(first)
      reader.drop()
      const missed = await system.publish('en', 3)
      await reader.returnAfter()

      expect(await reader.next()).toMatchObject({ type: 'hello', position: missed[2]?.position })
      expect([await reader.next(), await reader.next(), await reader.next()]).toEqual(missed)
      const [next] = await system.publish('en', 1)
      expect(await reader.next()).toEqual(next)
    })

    it('gets nothing but hello when it has missed nothing', async () => {
      const [last] = await system.publish('en', 1)
      const reader = await system.connect('en', { after: last?.position ?? '' })
      const [next] = await system.publish('en', 1)
      expect(await reader.untilType('hello')).toBeDefined()
      expect(await reader.next()).toEqual(next)
    })

    it('with a position of another history gets a reset that says so', async () => {
      const reader = await system.connect('en', { after: FOREIGN })
      expect(await reader.untilType('reset')).toMatchObject({ reason: 'epoch' })
    })

    it('with a position that is still to come gets a reset that says so', async () => {
      const [last] = await system.publish('en', 1)
      const [epoch, seq] = (last?.position ?? '').split(':')
      const reader = await system.connect('en', { after: `${epoch}:${Number(seq) + 100}` })
      expect(await reader.untilType('reset')).toMatchObject({ reason: 'range', position: last?.position })
    })

    it('sees a correction in the place of the line', async () => {
      const reader = await system.connect('en')
      const reset = await reader.untilType('reset')
      const [older, newer] = await system.publish('en', ['Older', 'Newer'])
      const corrected = await system.correct('en', older!.headline, 'Older, corrected')
      const events = await reader.take(3)
      expect(events).toEqual([older, newer, corrected])

      const lines = inOrder(events.reduce(fold, stripOf(reset.strip)))
      expect(lines.slice(0, 2).map(({ text }) => text)).toEqual(['Newer', 'Older, corrected'])
      expect((await system.snapshot('en')).body.strip).toEqual(lines)
    })

    it('whose position is not one is refused before the upgrade', async () => {
      await expect(system.connect('en', { after: 'yesterday' })).rejects.toMatchObject({
        status: 400,
        body: expect.stringContaining('invalid-position'),
      })
    })

    it('is told 426 where it forgets to upgrade', async () => {
      const answer = await system.get<{ code: string }>('/v1/feeds/en/live')
      expect(answer).toMatchObject({ status: 426, body: { code: 'upgrade-required' } })
      expect(answer.headers.get('upgrade')).toBe('websocket')
    })
  })

  describe('of server-sent events', () => {
    it('gets the same frames, and each that has a position has it as its id', async () => {
      const [shown] = await system.publish('en', ['Shown before the stream'])
      const stream = await system.stream('en')
      const reader = await system.connect('en')
      expect(stream.response.headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      })
      const events = await system.publish('en', 3)

      const seen = [await stream.next(), await stream.next(), ...(await stream.take(3))]
      expect(types(seen)).toEqual(['hello', 'reset', 'event', 'event', 'event'])
      expect(seen[1]).toMatchObject({ reason: 'start', position: shown?.position })
      expect(seen.slice(2)).toEqual(events)
      expect(await reader.take(3)).toEqual(events)
      expect(stream.ids.slice(0, 5)).toEqual([
        undefined,
        shown?.position,
        ...events.map(({ position }) => position),
      ])
    })

    it('resumes where the browser says that it was', async () => {
      const [first, ...missed] = await system.publish('en', 4)
      const stream = await system.stream('en', { headers: { 'Last-Event-ID': first?.position ?? '' } })
      expect(await stream.untilType('hello')).toBeDefined()
      expect([await stream.next(), await stream.next(), await stream.next()]).toEqual(missed)
      expect(stream.lastEventId).toBe(missed[2]?.position)
    })

    it('is believed in `after` more than in what the browser repeats', async () => {
      const [first, second, third] = await system.publish('en', 3)
      const headers = { 'Last-Event-ID': first?.position ?? '' }
      const stream = await system.stream('en', { after: second?.position ?? '', headers })
      expect(await stream.take(1)).toEqual([third])
    })

    it('gets a reset for a position of another history', async () => {
      const stream = await system.stream('en', { headers: { 'Last-Event-ID': FOREIGN } })
      expect(await stream.untilType('reset')).toMatchObject({ reason: 'epoch' })
    })

    it('is told 400 for what is no position', async () => {
      const stream = await system.stream('en', { after: 'en:one' })
      expect(stream.response.statusCode).toBe(400)
      expect(stream.response.headers['content-type']).toMatch('application/problem+json')
    })
  })

  describe('of pages', () => {
    it('pages through what it missed and is told whether there is more', async () => {
      const [first, ...rest] = await system.publish('en', 6)
      const one = await system.page('en', { after: first!.position, limit: 2 })
      expect(one.body).toEqual({ position: rest[1]!.position, events: rest.slice(0, 2), more: true })
      const two = await system.page('en', { after: one.body.position, limit: 2 })
      expect(two.body).toEqual({ position: rest[3]!.position, events: rest.slice(2, 4), more: true })
      const three = await system.page('en', { after: two.body.position, limit: 2 })
      expect(three.body).toEqual({ position: rest[4]!.position, events: rest.slice(4), more: false })
    })

    it('may keep a full page for a while, and no other one', async () => {
      const [first] = await system.publish('en', 3)
      const full = await system.page('en', { after: first!.position, limit: 2 })
      expect(full.headers.get('cache-control')).toBe('public, max-age=1')
      const open = await system.page('en', { after: first!.position, limit: 3 })
      expect(open.headers.get('cache-control')).toBe('no-store')
      expect(open.headers.get('vary')).toMatch(/Accept/)
    })

    it('waits for the next event', async () => {
      const [last] = await system.publish('en', 1)
      const waiting = system.page('en', { after: last!.position, wait: 20 })
      const other = await system.connect('en', { after: last!.position })
      const [next] = await system.publish('en', 1)
      await other.received(next)
      expect((await waiting).body).toEqual({ position: next?.position, events: [next], more: false })
    })

    it('gets an empty page at the end of its waiting, with the position to go on from', async () => {
      const [last] = await system.publish('en', 1)
      const { status, body } = await system.page('en', { after: last!.position, wait: 0.05 })
      expect(status).toBe(200)
      expect(body).toEqual({ position: last?.position, events: [], more: false })
    })

    it('does not wait when something is there', async () => {
      const [first, second] = await system.publish('en', 2)
      const { body } = await system.page('en', { after: first!.position, wait: 25 })
      expect(body.events).toEqual([second])
    })

    it('begins with a reset, and gets one for a position of another history at once', async () => {
      const { body: snapshot } = await system.snapshot('en')
      const start = await system.page('en')
      expect(start.body).toEqual({
        position: snapshot.position,
        reset: { type: 'reset', reason: 'start', position: snapshot.position, strip: snapshot.strip },
        events: [],
        more: false,
      })
      const foreign = await system.page('en', { after: FOREIGN, wait: 25 })
      expect(foreign.body.reset?.reason).toBe('epoch')
      expect(foreign.headers.get('cache-control')).toBe('no-store')
    })

    it.each([{ after: 'x' }, { after: '' }, { after: 'abcdefgh:01' }, { after: 'abcdefgh:-1' }])(
      'is told 400 for %j, which is no position',
      async (query) => {
        expect(await system.page('en', query)).toMatchObject({
          status: 400,
          body: { code: 'invalid-position' },
        })
      },
    )

    it.each([{ limit: 0 }, { limit: 501 }, { limit: 'many' }, { wait: 26 }, { wait: -1 }])(
      'is told 400 for %j, which is out of bounds',
      async (query) => {
        const { status, body } = await system.page('en', query)
        expect({ status, code: body.code }).toEqual({
          status: 400,
          code: expect.stringMatching(/^(invalid-query|malformed-request)$/),
        })
      },
    )
  })

  describe('of snapshots', () => {
    it('is told 304 until the feed changes', async () => {
      const [line] = await system.publish('en', ['In the snapshot'])
      const first = await system.snapshot('en')
      expect(first.body.position).toBe(line?.position)
      expect(first.body.strip[0]).toEqual(line?.headline)
      expect(first.headers.get('cache-control')).toBe('no-cache')
      const etag = first.headers.get('etag') ?? ''
      expect((await system.snapshot('en', { 'If-None-Match': etag })).status).toBe(304)

      const [next] = await system.publish('en', 1)
      const second = await system.snapshot('en', { 'If-None-Match': etag })
      expect(second).toMatchObject({ status: 200, body: { position: next?.position } })
      expect(second.headers.get('etag')).not.toBe(etag)
    })

    it('is told 404 where there is no such feed', async () => {
      expect(await system.snapshot('none')).toMatchObject({ status: 404, body: { code: 'no-such-feed' } })
      await expect(system.connect('none')).rejects.toMatchObject({ status: 404 })
    })
  })

  it('never meets a withdrawn line again, on no way back', async () => {
    const secret = 'A line that must be forgotten'
    const [before, line] = await system.publish('en', ['Before it', secret])
    const corrected = await system.correct('en', line!.headline, `${secret}, corrected`)
    const withdrawn = await system.withdraw('en', line!.headline)
    const past = { after: before!.position }

    const reader = await system.connect('en', past)
    const stream = await system.stream('en', past)
    const seen = [await reader.take(3), await stream.take(3), (await system.page('en', past)).body.events]
    for (const events of seen) {
      expect(events.map(({ position, op }) => [position, op])).toEqual([
        [line?.position, 'publish'],
        [corrected.position, 'correct'],
        [withdrawn.position, 'withdraw'],
      ])
      expect(events.map(({ headline }) => headline.status)).toEqual(['withdrawn', 'withdrawn', 'withdrawn'])
      expect(JSON.stringify(events)).not.toContain('forgotten')
    }
    expect(JSON.stringify((await system.snapshot('en')).body)).not.toContain('forgotten')
    expect(JSON.stringify((await system.page('en')).body)).not.toContain('forgotten')
  })

  it('finds a new feed without a restart', async () => {
    await system.createFeed({ id: 'sport', lang: 'en' })
    await system.serves('sport')
    const reader = await system.connect('sport')
    const events = await system.publish('sport', 2)
    expect(await reader.take(2)).toEqual(events)
    const { body } = await system.get<{ feeds: { id: string }[] }>('/v1/feeds')
    expect(body.feeds.map(({ id }) => id)).toEqual(['en', 'sport'])
  })
})

describe('two gateways on one Redis', () => {
  it('give their readers the same', async () => {
    const one = await startSystem()
    const two = await startSystem({ REDIS_PREFIX: one.prefix }, 'gateway')
    try {
      const readers = [await one.connect('en'), await two.connect('en'), await two.connect('en')]
      const lines = await one.publish('en', 20)
      const changes = [
        await one.correct('en', lines[3]!.headline, 'Corrected'),
        await one.withdraw('en', lines[5]!.headline),
      ]
      for (const reader of readers) expect(await reader.take(22)).toEqual([...lines, ...changes])

      const [snapshotOne, snapshotTwo] = [await one.snapshot('en'), await two.snapshot('en')]
      expect(snapshotOne.body).toEqual(snapshotTwo.body)
      expect(snapshotOne.headers.get('etag')).toBe(snapshotTwo.headers.get('etag'))
      // A position of the one is good for the other.
      const moved = await two.connect('en', { after: lines[18]!.position })
      expect(await moved.take(3)).toEqual([lines[19], ...changes])
    } finally {
      await two.close()
      await one.close()
    }
  })
})

describe('with its own settings', () => {
  let system: System | undefined
  const start = async (overrides: Record<string, string | number>) => (system = await startSystem(overrides))
  beforeEach(() => {
    system = undefined
  })
  afterEach(() => system?.close())

  it('a reader who was away for longer than the gateway remembers gets the strip instead', async () => {
    const { connect, publish, page } = bound(await start({ RESUME_EVENTS: 3 }))
    const events = await publish('en', 6)
    const remembered = await connect('en', { after: events[2]!.position })
    expect(await remembered.take(3)).toEqual(events.slice(3))

    const forgotten = await connect('en', { after: events[1]!.position })
    const reset = await forgotten.untilType('reset')
    expect(reset).toMatchObject({ reason: 'range', position: events[5]?.position })
    expect(reset.strip).toHaveLength(6)
    expect((await page('en', { after: events[1]!.position })).body.reset?.reason).toBe('range')
  })

  it('a silent feed still says that it is there, and pings', async () => {
    const { connect, stream, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const [reader, events] = [await connect('en'), await stream('en')]
    const [line] = await publish('en', 1)
    for (const each of [reader, events]) {
      expect(await each.untilType('hello')).toMatchObject({ heartbeatMs: 200 })
      await each.received(line)
      const heads = [await each.untilType('head'), await each.untilType('head')]
      expect(heads.map(({ position }) => position)).toEqual([line?.position, line?.position])
      expect(Date.parse(heads[1]!.serverTime)).toBeGreaterThan(Date.parse(heads[0]!.serverTime))
      expect(heads[0]).not.toHaveProperty('stale')
    }
    expect(reader.pings).toBeGreaterThan(0)
    expect(events.lastEventId).toBe(line?.position)
  })

  it('a client that answers no ping is closed with 4410, one that does is not', async () => {
    const { connect, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const [dead, alive] = [await connect('en', { autoPong: false }), await connect('en')]
    expect(await dead.untilType('bye')).toMatchObject({ reason: 'idle' })
    expect(await dead.closed).toEqual({ code: 4410, reason: 'idle' })
    const events = await publish('en', 1)
    expect(await alive.take(1)).toEqual(events)
  })

  it('a client that answers no ping is found out on a busy feed too', async () => {
    const { connect, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const dead = await connect('en', { autoPong: false })
    await eventually('it is found out', 10_000, async () => {
      await publish('en', 1)
      return dead.waiting.some(({ type }) => type === 'bye')
    })
    expect(await dead.closed).toEqual({ code: 4410, reason: 'idle' })
  })

  it('a reader that takes nothing is closed with 4408, and delays nobody', async () => {
    const running = await start({ SLOW_READER_MS: 400, RESUME_EVENTS: 100_000 })
    const { connect, stream, publish, metric } = bound(running)
    const [slow, slowStream, quick] = [await connect('en'), await stream('en'), await connect('en')]
    slow.pause()
    slowStream.pause()
    const sentAway = eventually('both are sent away', 20_000, async () => {
      return (await metric('sessions_closed_total{reason="slow"}')) === 2
    }).then(() => {
      slow.resume()
      slowStream.resume()
    })
    const last = await running.flood('en', BLOCKING_LINES)
    await follow(quick, last)
    const [line] = await publish('en', 1)
    expect(await quick.take(1, 500)).toEqual([line])

    await sentAway
    expect(await slow.untilType('bye', 10_000)).toMatchObject({ reason: 'slow' })
    expect(await slow.closed).toEqual({ code: 4408, reason: 'slow' })
    await slowStream.ended
    await eventually('only the quick one is left', 10_000, async () => {
      const sessions = [await metric('sessions{transport="ws"}'), await metric('sessions{transport="sse"}')]
      return (await metric('sessions_blocked')) === 0 && sessions.join() === '1,0'
    })
    // What it got before is one piece of the log: it can go on from there.
    const position = seqOf(slow.position)
    await slow.connect(slow.position)
    expect((await slow.take(1)).map((event) => seqOf(event.position))).toEqual([position + 1])
  })

  it('a reader that was slow for a moment goes on where it stood', async () => {
    const running = await start({ RESUME_EVENTS: 100_000 })
    const { connect, metric } = bound(running)
    const slow = await connect('en')
    await slow.untilType('reset')
    slow.pause()
    const last = await running.flood('en', BLOCKING_LINES)
    await eventually('it is blocked', 10_000, async () => (await metric('sessions_blocked')) === 1)
    slow.resume()
    const seqs = (await slow.take(last, 20_000)).map(({ position }) => seqOf(position))
    expect(seqs).toEqual(Array.from({ length: last }, (_, index) => index + 1))
    expect(await metric('sessions_blocked')).toBe(0)
  })

  it('a reader that was slow for too many events gets the strip as it is now', async () => {
    const running = await start({ RESUME_EVENTS: 50 })
    const { connect, metric } = bound(running)
    const slow = await connect('en')
    await slow.untilType('reset')
    slow.pause()
    const last = await running.flood('en', BLOCKING_LINES * 2)
    await eventually('it is blocked', 10_000, async () => (await metric('sessions_blocked')) === 1)
    slow.resume()
    const reasons = await follow(slow, last)
    expect(reasons).toContain('lagging')
  })

  it('a gateway that goes away says when to come back, and to whom it still listens', async () => {
    const running = await start({ DRAIN_MS: 2_000 })
    const [reader, stream] = [await running.connect('en'), await running.stream('en')]
    const [last] = await running.publish('en', 1)
    await Promise.all([reader.received(last), stream.received(last)])
    const waiting = running.page('en', { after: last!.position, wait: 25 })
    // Answered after the page has begun to wait: it was asked for later, on this one event loop.
    await running.snapshot('en')
    const stopped = running.stop()
    const byes = [await reader.untilType('bye'), await stream.untilType('bye')]
    for (const bye of byes) {
      expect(bye.reason).toBe('draining')
      expect(bye.retryAfterMs).toBeGreaterThanOrEqual(0)
      expect(bye.retryAfterMs).toBeLessThanOrEqual(10_000)
    }
    expect(stream.retryMs).toBe(byes[1]?.retryAfterMs)
    expect(await reader.closed).toEqual({ code: 1001, reason: 'draining' })
    await stream.ended
    expect((await waiting).status).toBe(200)
    await stopped
    await expect(fetch(running.url)).rejects.toThrow()
  })

  it('a gateway that goes away refuses new readers with 503 while the others leave', async () => {
    const running = await start({ DRAIN_MS: 3_000 })
    const stuck = await running.connect('en')
    stuck.pause()
    const stopped = running.stop()
    const refused = { status: 503, headers: { 'retry-after': expect.any(String) } }
    await expect(running.connect('en')).rejects.toMatchObject(refused)
    expect((await running.stream('en')).response.statusCode).toBe(503)
    expect((await running.get('/readyz')).status).toBe(503)
    stuck.drop()
    await stopped
  })

  it('the reader above the limit of an address is refused before the upgrade, and comes in when one leaves', async () => {
    const { connect, stream } = bound(await start({ MAX_CONNECTIONS_PER_IP: 2 }))
    const [first] = [await connect('en'), await stream('en')]
    const refused = { status: 429, headers: { 'retry-after': expect.any(String) } }
    await expect(connect('en')).rejects.toMatchObject({
      ...refused,
      body: expect.stringContaining('too-many-connections'),
    })
    expect((await stream('en')).response).toMatchObject({ statusCode: 429, headers: refused.headers })

    await first.close()
    await eventually('a place is free', 5_000, () =>
      connect('en').then(
        () => true,
        () => false,
      ),
    )
  })

  it('counts the address that the trusted proxy saw', async () => {
    const { connect } = bound(await start({ MAX_CONNECTIONS_PER_IP: 1, TRUST_PROXY: 1 }))
    const from = (address: string) => connect('en', { headers: { 'X-Forwarded-For': address } })
    await from('198.51.100.1')
    await from('198.51.100.2')
    await expect(from('203.0.113.9, 198.51.100.1')).rejects.toMatchObject({ status: 429 })
  })

  it('the reader above the limit of the gateway is told that it is full', async () => {
    const { connect } = bound(await start({ MAX_CONNECTIONS: 1 }))
    await connect('en')
    await expect(connect('en')).rejects.toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
      body: expect.stringContaining('server-full'),
    })
  })

  it('pages of other sites may read only where they are allowed to', async () => {
    const running = await start({ ALLOWED_ORIGINS: 'https://news.example' })
    const { connect, stream, snapshot } = bound(running)
    const own = running.url
    for (const origin of [own, 'https://news.example']) {
      await connect('en', { origin })
      const answer = await snapshot('en', { Origin: origin })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('vary')).toMatch(/Origin/)
      const events = await stream('en', { headers: { Origin: origin } })
      expect(events.response.headers['access-control-allow-origin']).toBe(origin)
    }
    for (const origin of ['https://evil.example', 'null', 'https://news.example.evil.example', 'not a url']) {
      const refused = { status: 403, body: expect.stringContaining('origin-refused') }
      await expect(connect('en', { origin })).rejects.toMatchObject(refused)
      const answer = await snapshot('en', { Origin: origin })
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin-refused' } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect((await stream('en', { headers: { Origin: origin } })).response.statusCode).toBe(403)
    }
    expect((await snapshot('en')).status).toBe(200)
  })

  it('pages of all sites may read where all are allowed', async () => {
    const { connect, snapshot } = bound(await start({ ALLOWED_ORIGINS: '*' }))
    await connect('en', { origin: 'https://anywhere.example' })
    const answer = await snapshot('en', { Origin: 'https://anywhere.example' })
    expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/anywhere\.example)$/)
  })
})

describe('when Redis goes away', () => {
  it('readers stay, are told that they may be behind, and go on when it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-gateway-'))
    const dataDir = join(folder, 'redis')
    let redis = await startRedis({ dataDir })
    const system = await startSystem({ REDIS_URL: redis.url, HEARTBEAT_MS: 100, TAIL_CHECK_MS: 50 })
    try {
      const [reader, stream] = [await system.connect('en'), await system.stream('en')]
      const [before] = await system.publish('en', ['Before'])
      await Promise.all([reader.received(before), stream.received(before)])
      const fresh = await system.snapshot('en')

      redis.kill('SIGKILL')
      await redis.exited
      for (const each of [reader, stream]) {
        const head = await each.until((frame) => frame.type === 'head' && frame.stale === true, 15_000)
        expect(head).toMatchObject({ position: before?.position })
      }
      const stale = await system.snapshot('en', { 'If-None-Match': fresh.headers.get('etag') ?? '' })
      expect(stale).toMatchObject({ status: 200, body: { position: before?.position, stale: true } })
      const late = await system.connect('en', { after: before!.position })
      expect(await late.untilType('hello')).toMatchObject({ stale: true })

      redis = await startRedis({ dataDir })
      await system.log.redis.ping().catch(() => undefined)
      const after = await eventually('Redis takes lines again', 15_000, () =>
        system.publish('en', ['After']).catch(() => undefined),
      )
      for (const each of [reader, stream, late]) {
        const [next] = await each.take(1, 15_000)
        expect(next).toEqual(after[0])
        await each.until((frame) => frame.type === 'head' && frame.stale === undefined, 15_000)
      }
      expect((await system.snapshot('en')).body).not.toHaveProperty('stale')
    } finally {
      await system.close()
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('the example of the style guide', () => {
  it('gives a returning reader exactly what it missed', async () => {
    const system = await startSystem()
    const reader = await system.connect('en')
    const [first] = await system.publish('en', 1)
    await reader.received(first)
    reader.drop()

    const missed = await system.publish('en', 2)
    await reader.returnAfter(first!.position)

    expect(await reader.take(2)).toEqual(missed)
    await system.close()
  })
})

/** Reads up to a seq. Gives the reasons of the resets; errors where an event does not follow. */
async function follow(reader: WsReader, last: number): Promise<string[]> {
  const reasons: string[] = []
  for (let seq = -1; seq < last;) {
    const frame = await reader.next(10_000)
    if (frame.type === 'reset') {
      reasons.push(frame.reason)
      seq = seqOf(frame.position)
    } else if (frame.type === 'event') {
      if (seq >= 0) expect(seqOf(frame.position)).toBe(seq + 1)
      seq = seqOf(frame.position)
    }
  }
  return reasons
}

/** Its methods without their object, for tests that use many of them. */
function bound(system: System) {
  return {
    connect: system.connect.bind(system),
    stream: system.stream.bind(system),
    publish: system.publish.bind(system),
    page: system.page.bind(system),
    snapshot: system.snapshot.bind(system),
    metric: system.metric.bind(system),
  }
}
