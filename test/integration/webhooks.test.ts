import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createPublicKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { startSystem, type System } from '../support/system.ts'
import {
  hang,
  ok,
  startReceiver,
  status,
  type ReceivedMessage,
  type Receiver,
} from '../support/webhook-receiver.ts'
import { webhooksOn } from '../support/webhooks.ts'

let system: System
let hooks: ReturnType<typeof webhooksOn>
const receivers: Receiver[] = []

beforeAll(async () => {
  system = await startSystem({ WEBHOOK_ALLOW_ADDRESSES: '127.0.0.1' })
  hooks = webhooksOn(system)
})
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})
afterAll(() => system.close())

let feeds = 0
/** A webhook in a feed of its own, with its receiver. */
async function newWebhook(answering = ok as Parameters<typeof startReceiver>[0], extra: object = {}) {
  const feed = `f${++feeds}`
  await system.createFeed({ id: feed, lang: 'en' })
  const receiver = await startReceiver(answering)
  receivers.push(receiver)
  const partner = await hooks.partners.make([feed], extra)
  const webhook = await hooks.make(partner, receiver.url, feed)
  return { feed, receiver, partner, webhook }
}

describe('a webhook', () => {
  it('gets the events of its feed in order, each signed as Standard Webhooks says', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook()
    expect(webhook).toMatchObject({ status: 'on', delivered: 0, secret: expect.stringMatching(/^whsec_/) })
    const [first] = await system.publish(feed, ['Bridge closed', 'Bridge open'])
    if (!first) throw new Error('nothing is released')
    await receiver.until(2)
    await system.correct(feed, first.headline, 'Bridge closed at noon', { note: 'The time.' })
    await receiver.until(3)
    expect(receiver.words).toEqual(['Bridge closed', 'Bridge open', 'Bridge closed at noon'])
    const log = await system.events(feed)
    expect(receiver.received.map(({ data }) => data.position)).toEqual(log.map(({ position }) => position))
    for (const { text, headers } of receiver.received)
      expect(() => new Webhook(webhook.secret).verify(text, headers)).not.toThrow()
    const [message] = receiver.received
    expect(message && isSignedBy(message, webhook.keys[0]?.publicKey ?? '')).toBe(true)
    expect(message?.headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/)
    const shown = await hooks.until(partner, webhook, { delivered: 3 })
    expect(shown).toMatchObject({ position: log.at(-1)?.position, failures: 0 })
    expect(JSON.stringify(shown)).not.toContain(webhook.secret)
    const types = (await hooks.deliveries(partner, webhook)).map(({ type }) => type)
    expect(types).toEqual(['headline.correct', 'headline.publish', 'headline.publish'])
  })

  it('is sent a message of less than 4 kB, whatever the headline', async () => {
    const { feed, receiver } = await newWebhook()
    const long = '🇬🇧'.repeat(280)
    await system.publish(feed, [
      { text: long, note: long, link: `https://news.example/${'a'.repeat(2_000)}` },
    ])
    await receiver.until(1)
    const [message] = receiver.received
    expect(Buffer.byteLength(message?.text ?? '')).toBeLessThan(4_096)
    expect(message?.data).toMatchObject({ thin: true, headline: { version: 1 } })
    expect(message?.data.headline.text).toBeUndefined()
  })

  it("keeps to its partner's filter, and takes away a headline that leaves it", async () => {
    const { feed, receiver } = await newWebhook(ok, { filter: { section: ['sport'] } })
    const [city, sport] = await system.publish(feed, [
      { text: 'Not for it', section: 'city' },
      { text: 'Goal', section: 'sport' },
    ])
    if (!city || !sport) throw new Error('nothing is released')
    await receiver.until(1)
    await system.correct(feed, sport.headline, 'Goal', { section: 'city' })
    await receiver.until(2)
    expect(receiver.received.map(({ type, data }) => [type, data.headline.id])).toEqual([
      ['headline.publish', sport.headline.id],
      ['headline.leave', sport.headline.id],
    ])
  })

  it('is tried again with the same id after a failure, and nothing overtakes the message', async () => {
    let failures = 2
    const { feed, receiver, partner, webhook } = await newWebhook((response) =>
      status(failures-- > 0 ? 500 : 204)(response, {} as ReceivedMessage, {} as never),
    )
    await system.publish(feed, ['First', 'Second'])
    await receiver.until(4)
    expect(receiver.words).toEqual(['First', 'First', 'First', 'Second'])
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids.slice(0, 3)).size).toBe(1)
    const [, ...log] = await hooks.deliveries(partner, webhook)
    expect(log.map((each) => each.outcome)).toEqual(['delivered', 'failed', 'failed'])
    expect(log.at(-1)).toMatchObject({ fault: 'bad-answer', status: 500 })
  }, 30_000)

  it('is disabled by 410, and goes on from where it stopped when an admin enables it', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook(status(410))
    await system.publish(feed, ['First'])
    await hooks.until(partner, webhook, { status: 'disabled' })
    await system.publish(feed, ['Second'])
    receiver.answer(ok)
    expect(receiver.received).toHaveLength(1)
    await hooks.act(partner, webhook, 'enable')
    await receiver.until(3)
    expect(receiver.words).toEqual(['First', 'First', 'Second'])
    await hooks.until(partner, webhook, { status: 'on', failures: 0 })
  })

  it('is sent no second request where its server redirects to', async () => {
    const other = await startReceiver()
    receivers.push(other)
    const { feed, partner, webhook } = await newWebhook(status(307, { location: other.url }))
    await system.publish(feed, ['First'])
    const { last } = await hooks.until(partner, webhook, { failures: 1 })
    expect(last).toMatchObject({ fault: 'redirect', status: 307 })
    expect(other.received).toEqual([])
  })

  it('delays no other webhook while its server hangs', async () => {
    const slow = await newWebhook(hang)
    const partner = await hooks.partners.make([slow.feed])
    const receiver = await startReceiver()
    receivers.push(receiver)
    await hooks.make(partner, receiver.url, slow.feed)
    await system.publish(slow.feed, ['First', 'Second', 'Third'])
    await receiver.until(3)
    expect(slow.receiver.received).toHaveLength(1)
    const { last } = await hooks.until(slow.partner, slow.webhook, { failures: 1 })
    expect(last).toMatchObject({ fault: 'time-out' })
    // It has not answered within the first limit, and now has a longer one.
    slow.receiver.answer((response) => setTimeout(() => ok(response), 2_500))
    await slow.receiver.until(3)
    await hooks.until(slow.partner, slow.webhook, { delivered: 3 })
  }, 40_000)

  it('gets a withdrawal before everything that waits, and nothing of the headline after it', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook(status(503))
    const events = await system.publish(feed, ['One', 'Two', 'Three', 'Four'])
    await receiver.until(1)
    const [, two] = events
    if (!two) throw new Error('nothing is released')
    receiver.answer(ok)
    const before = receiver.received.length
    const withdrawn = await system.withdraw(feed, two.headline)
    await hooks.until(partner, webhook, { position: withdrawn.position })
    const words = receiver.words.slice(before)
    expect(words).toEqual([`- ${two.headline.id}`, 'One', 'Three', 'Four'])
    expect(receiver.received[before]).toMatchObject({ type: 'headline.recall', data: { op: 'withdraw' } })
  }, 30_000)

  it('gets a withdrawal at once although a try of it hangs', async () => {
    const { feed, receiver } = await newWebhook(hang)
    const [one] = await system.publish(feed, ['One', 'Two'])
    if (!one) throw new Error('nothing is released')
    await receiver.until(1)
    receiver.answer(ok)
    await system.withdraw(feed, one.headline)
    await receiver.until(3)
    expect(receiver.words).toEqual(['One', `- ${one.headline.id}`, 'Two'])
  })

  it('skips versions that a newer one has replaced meanwhile', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook(status(410))
    const [one] = await system.publish(feed, ['One', 'Two'])
    if (!one) throw new Error('nothing is released')
    await hooks.until(partner, webhook, { status: 'disabled' })
    await system.correct(feed, one.headline, 'One again', { note: 'Yes.' })
    receiver.answer(ok)
    await hooks.act(partner, webhook, 'enable')
    await hooks.until(partner, webhook, { delivered: 2 })
    expect(receiver.words.slice(1)).toEqual(['Two', 'One again'])
  })

  it('can be tested by a ping, also while it is disabled', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook(status(410))
    await system.publish(feed, ['First'])
    await hooks.until(partner, webhook, { status: 'disabled' })
    receiver.answer(ok)
    await hooks.act(partner, webhook, 'ping')
    const ping = await receiver.untilType('webhook.ping')
    expect(ping.data).toMatchObject({ feed, webhook: webhook.id })
    expect(await hooks.read(partner, webhook)).toMatchObject({ status: 'disabled' })
  })

  it('is delivered to again from a position and from a time, under new ids', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook()
    const events = await system.publish(feed, ['One', 'Two', 'Three'])
    await receiver.until(3)
    await hooks.until(partner, webhook, { delivered: 3 })
    await hooks.act(partner, webhook, 'replay', { after: events[0]?.position ?? '' })
    await receiver.until(5)
    await hooks.until(partner, webhook, { delivered: 5 })
    await hooks.act(partner, webhook, 'replay', { since: events[2]?.at ?? '' })
    await receiver.until(6)
    expect(receiver.words).toEqual(['One', 'Two', 'Three', 'Two', 'Three', 'Three'])
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBe(6)
  })

  it('is signed by the old and the new secret for a while after a rotation', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook()
    const rotated = await hooks.act(partner, webhook, 'rotate', { overlapS: 600 })
    await system.publish(feed, ['First'])
    await receiver.until(1)
    const [message] = receiver.received
    if (!message) throw new Error('nothing came')
    for (const { secret } of [webhook, rotated])
      expect(() => new Webhook(secret).verify(message.text, message.headers)).not.toThrow()
    for (const { publicKey } of rotated.keys) expect(isSignedBy(message, publicKey)).toBe(true)
    expect(message.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+ v1a,\S+ v1a,\S+$/)
    await hooks.act(partner, webhook, 'rotate', { overlapS: 0 })
    await system.publish(feed, ['Second'])
    await receiver.until(2)
    const second = receiver.received[1]
    expect(() => new Webhook(rotated.secret).verify(second?.text ?? '', second?.headers ?? {})).toThrow()
  })

  it('ends with its partner, its right to the feed, or by itself', async () => {
    const { feed, receiver, partner, webhook } = await newWebhook()
    await hooks.partners.change(partner, ['en'])
    expect(await hooks.read(partner, webhook)).toMatchObject({ status: 'ended' })
    await system.publish(feed, ['Not for it'])
    await hooks.partners.change(partner, [feed])
    await receiver.until(1)
    await hooks.remove(partner, webhook)
    await system.publish(feed, ['Nor this'])
    await expect(hooks.read(partner, webhook)).rejects.toThrow('no-such-webhook')
    const other = await hooks.make(partner, receiver.url, feed)
    await system.publish(feed, ['Last'])
    await receiver.until(2)
    expect(receiver.words).toEqual(['Not for it', 'Last'])
    await hooks.until(partner, other, { delivered: 1 })
  })
})

/** The form of the specification: `v1a,` and base64 of the Ed25519 signature over id, time and body. */
function isSignedBy({ headers, text }: ReceivedMessage, publicKey: string): boolean {
  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`)
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => verify(null, signed, key, Buffer.from(each.slice(4), 'base64')))
}
