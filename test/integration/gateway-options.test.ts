import { afterEach, describe, expect, it } from '@jest/globals'
import type { Snapshot } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

let system: System
afterEach(() => system.close())

describe('a filtered stream', () => {
  it('carries matching headlines, removes those that no longer match, and moves its cursor by heads', async () => {
    system = await startSystem({ HEARTBEAT_MS: 200 })
    const reader = await system.connect('en', { query: { section: 'sport', urgency: 'bulletin' } })
    const [goal, , quiet] = await system.publish('en', [
      { text: 'Goal', section: 'sport', urgency: 'flash' },
      { text: 'Rain', section: 'weather', urgency: 'flash' },
      { text: 'Training at nine', section: 'sport', urgency: 'routine' },
    ])
    if (!goal || !quiet) throw new Error('not published')
    expect(await reader.take(1)).toEqual([goal])
    await reader.until((frame) => frame.type === 'head' && frame.position === quiet.position)
    const leave = await system.correct('en', goal.headline, 'Goal', { section: 'weather' })
    const [event] = await reader.take(1)
    expect(event).toMatchObject({ op: 'leave', position: leave.position, headline: { status: 'filtered' } })
    expect(event?.headline).not.toHaveProperty('text')
  })

  it('has the same filter on snapshot, page and server-sent events', async () => {
    system = await startSystem()
    const [first] = await system.publish('en', [
      { text: 'Goal', section: 'sport' },
      { text: 'Rain', section: 'weather' },
    ])
    const snapshot = await system.get<Snapshot>('/v1/feeds/en?section=sport')
    expect(snapshot.body.strip.map(({ text }) => text)).toEqual(['Goal'])
    const start = first?.position.replace(/:\d+$/, ':0') ?? ''
    const page = await system.page('en', { after: start, section: 'sport' })
    expect(page.body).toMatchObject({ events: [first], more: false })
    expect(page.body.position).toMatch(/:2$/)
    expect(await system.get('/v1/feeds/en?urgency=hot')).toMatchObject({
      status: 400,
      body: { code: 'invalid-query' },
    })
  })
})

describe('compression', () => {
  it('sends deflated frames to readers that offer compression, and plain ones to others', async () => {
    system = await startSystem({ COMPRESSION: 'on' })
    const [deflated, plain] = [
      await system.connect('en', { perMessageDeflate: true }),
      await system.connect('en', { perMessageDeflate: false }),
    ]
    expect([deflated.extensions, plain.extensions]).toEqual(['permessage-deflate', ''])
    const [line] = await system.publish('en', ['A line, a line, a line, a line, a line'])
    for (const reader of [deflated, plain]) {
      expect(await reader.until((frame) => frame.type === 'event')).toEqual(line)
    }
  })

  it('sends plain frames to a reader whose window is too small for shared frames', async () => {
    system = await startSystem({ COMPRESSION: 'on' })
    // The repeated text is further back than 512 bytes.
    const alike = Array.from({ length: 10 }, (_, n) => `${n} ${'abcdefghijklmnopqrstuvwxyz'.repeat(10)}`)
    const shown = await system.publish('en', alike)
    const reader = await system.connect('en', { perMessageDeflate: { serverMaxWindowBits: 9 } })
    expect(reader.extensions).toBe('')
    const reset = await reader.untilType('reset')
    expect(reset.strip).toHaveLength(shown.length)
    const events = await system.publish('en', alike)
    expect(await reader.take(events.length)).toEqual(events)
  })
})

describe('admission', () => {
  it('admits CONNECTS_PER_SECOND readers, and tells the others when to come back', async () => {
    system = await startSystem({ CONNECTS_PER_SECOND: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => system.connect('en')))
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as { status: number; body: string }] : [],
    )
    expect(refused.length).toBeGreaterThanOrEqual(3)
    for (const { status, body } of refused) {
      expect(status).toBe(503)
      expect(JSON.parse(body)).toMatchObject({
        code: 'server-busy',
        retryAfterMs: expect.any(Number) as unknown,
      })
    }
  })

  it('ignores an upgrade to another protocol and answers the request', async () => {
    system = await startSystem()
    const client = new RawClient(system.port)
    client.send(
      'GET /v1/feeds/en HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n',
    )
    expect(await client.answer()).toBe(200)
    client.close()
  })

  it('takes a headline from a client that asks for another protocol, and refuses a body that is too long', async () => {
    system = await startSystem()
    const post = (body: string) =>
      [
        'POST /v1/feeds/en/headlines HTTP/1.1',
        'Host: x',
        `Authorization: Bearer ${systemKey}`,
        'Content-Type: application/json',
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAARAAAAA',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n')
    const client = new RawClient(system.port)
    client.send(post('{"text":"By way of Java"}'))
    expect(await client.answer()).toBe(201)
    client.send(post('{"text":"By way of Java, again"}'))
    await eventually('the second answer', 20_000, () => client.statuses[1] === 201)
    client.send(post(`{"text":"${'x'.repeat(17_000)}"}`))
    await eventually('the refusal', 20_000, () => client.statuses[2] === 413)
    client.close()
    const texts = (await system.events('en')).map(({ headline }) => 'text' in headline && headline.text)
    expect(texts).toEqual(['By way of Java', 'By way of Java, again'])
  })
})
