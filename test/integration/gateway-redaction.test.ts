import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { formatNames } from '../../src/protocol/lists/formats.ts'
import type { EventFrame, Frame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import type { FrameQueue } from '../support/frame-queue.ts'
import { SseReader } from '../support/sse-reader.ts'
import { startSystem, type System } from '../support/system.ts'

/** A connection as a reader opens it: with a position it resumes. */
type Open = (after?: string) => Promise<FrameQueue>

let system: System
const opened: { drop(): void }[] = []
beforeAll(async () => {
  system = await startSystem({ COMPRESSION: 'on' })
})
afterEach(() => {
  for (const reader of opened.splice(0)) reader.drop()
})
afterAll(() => system.close())

const webSocket =
  (perMessageDeflate: boolean, query: Record<string, string> = {}): Open =>
  async (after) => {
    const reader = await system.connect('en', {
      perMessageDeflate,
      query,
      ...(after !== undefined && { after }),
    })
    opened.push(reader)
    expect(reader.extensions.startsWith('permessage-deflate')).toBe(perMessageDeflate)
    return reader
  }
const eventStream =
  (query: Record<string, string> = {}): Open =>
  async (after) => {
    const search = new URLSearchParams({ ...query, ...(after !== undefined && { after }) }).toString()
    const reader = await SseReader.open(`${system.url}/v1/feeds/en/events?${search}`)
    opened.push(reader)
    return reader
  }

/** The secret headline has the section `city`: a reader with the filter `world` must never get its text. */
const city = { section: 'city' }
const ways: readonly (readonly [name: string, open: Open])[] = [
  ['a WebSocket', webSocket(false)],
  ['a deflated WebSocket', webSocket(true)],
  ['an event stream', eventStream()],
  ['a WebSocket with a filter', webSocket(false, city)],
  ['a deflated WebSocket with a filter', webSocket(true, city)],
  ['an event stream with a filter', eventStream(city)],
  ['a WebSocket whose filter leaves the line out', webSocket(false, { section: 'world' })],
  ['a deflated WebSocket whose filter leaves the line out', webSocket(true, { section: 'world' })],
  ['an event stream whose filter leaves the line out', eventStream({ section: 'world' })],
]

describe('a line that was delivered and then withdrawn', () => {
  it.each(ways)('is replayed without its words to %s that resumes', async (_name, open) => {
    const { before, line, end, secret } = await deliverAndWithdraw(open)
    const again = await open(before.position)
    const replayed = await through(again, end)

    expect(JSON.stringify(replayed)).not.toContain(secret)
    const ofLine = replayed.filter(({ headline }) => headline.id === line.headline.id)
    expect(ofLine.at(-1)).toMatchObject({ op: 'withdraw', headline: { status: 'withdrawn' } })
    // Every reader gets the withdrawal, because any of them may still show the headline.
    expect(ofLine.map(({ headline }) => headline.status)).toEqual(ofLine.map(() => 'withdrawn'))
    expect(ofLine).toHaveLength(3)
  })

  it.each(ways)('is not in the strip that %s begins with', async (_name, open) => {
    const { secret } = await deliverAndWithdraw(open)
    const reset = await (await open()).untilType('reset')

    expect(JSON.stringify(reset)).not.toContain(secret)
  })
})

const plain = [
  ['the snapshot', () => '/v1/feeds/en'],
  ['the snapshot through a filter', () => '/v1/feeds/en?section=city'],
  ['the first page', () => '/v1/feeds/en/events'],
  ['a page of the past', (after: string) => `/v1/feeds/en/events?after=${after}`],
  [
    'a page of the past through a filter',
    (after: string) => `/v1/feeds/en/events?section=city&after=${after}`,
  ],
  ['the HTML of the strip', () => '/v1/feeds/en/strip.html'],
  ['the HTML of the strip through a filter', () => '/v1/feeds/en/strip.html?section=city'],
  ...formatNames.map((format) => [`the document ${format}`, () => `/feeds/en/${format}`] as const),
  ['the document rss.xml for screens', () => '/feeds/en/rss.xml?for=screen'],
  ["the frame's page", () => '/embed/en'],
  ["the frame's page through a filter", () => '/embed/en?section=city'],
] as const

describe('a snapshot or page over plain HTTP', () => {
  it.each(plain)('%s has no word of a withdrawn line, also for a cache that held it', async (_name, path) => {
    const { address, held, secret, line } = await read(path)
    expect(held.text).toContain(secret)
    await serves(await system.withdraw('en', line.headline))
    await expectForgotten(address, held.etag, secret)
  })

  it.each(plain)('%s has no word of a line on hold, also for a cache that held it', async (_name, path) => {
    const { address, held, secret, line } = await read(path)
    expect(held.text).toContain(secret)
    await serves(await system.hold('en', line.headline))
    await expectForgotten(address, held.etag, secret)
  })

  it.each(plain)('%s has no word of a line that has expired', async (_name, path) => {
    const { address, held, secret, line } = await read(path)
    await serves(await system.expire('en', line.headline))
    await expectForgotten(address, held.etag, secret)
  })

  it.each(plain)('%s has the words of a corrected line, and none that it had before', async (_name, path) => {
    const { address, held, secret, line } = await read(path)
    await serves(await system.correct('en', line.headline, 'The corrected words'))
    expect(await expectForgotten(address, held.etag, secret)).toContain('The corrected words')
  })
})

describe('a line on hold', () => {
  it.each(ways)(
    'is replayed without its words to %s that resumes, and stays so when it is back',
    async (_name, open) => {
      const { before, line, secret, reader } = await deliver(open)
      const held = await system.hold('en', line.headline)
      await through(reader, held)
      const replayed = await through(await open(before.position), held)
      expect(JSON.stringify(replayed)).not.toContain(secret)
      const ofLine = (events: EventFrame[]) =>
        events.filter(({ headline }) => headline.id === line.headline.id)
      expect(ofLine(replayed).map(({ headline }) => headline.status)).toEqual(['held', 'held', 'held'])

      const resumed = await system.resume('en', held.headline)
      await through(reader, resumed)
      const again = ofLine(await through(await open(before.position), resumed))
      for (const { headline } of again.slice(0, -1)) expect(headline).not.toHaveProperty('text')
    },
  )

  it('is replayed without its words by a gateway that has read the log anew', async () => {
    const { before, line, secret, reader } = await deliver(webSocket(false))
    const held = await system.hold('en', line.headline)
    await through(reader, held)
    const log = await system.events('en', seqOf(before))
    expect(JSON.stringify(log)).toContain(secret)
    const started = await startSystem({ COMPRESSION: 'on', REDIS_PREFIX: system.prefix }, 'gateway')
    const first = system
    system = started
    try {
      for (const [, open] of ways)
        expect(JSON.stringify(await through(await open(before.position), held))).not.toContain(secret)
    } finally {
      system = first
      await started.close()
    }
  })

  it.each(ways)('is not in the strip that %s begins with', async (_name, open) => {
    const { line, secret, reader } = await deliver(open)
    await through(reader, await system.hold('en', line.headline))
    const reset = await (await open()).untilType('reset')

    expect(JSON.stringify(reset)).not.toContain(secret)
  })
})

let last = 0
/** A headline that readers on every kind of connection have received, so that its bytes are cached in every form. */
async function deliver(open: Open) {
  const secret = `Secret ${++last} of the town hall`
  const [before] = await system.publish('en', ['Before it'])
  const readers = await Promise.all([open, ...ways.map(([, each]) => each)].map((each) => each()))
  const [line] = await system.publish('en', [{ text: secret, section: 'city' }])
  const corrected = await system.correct('en', line!.headline, `${secret}, corrected`)
  for (const each of readers) await through(each, corrected)
  return { before: before!, line: line!, secret, reader: readers[0]! }
}

async function deliverAndWithdraw(open: Open) {
  const delivered = await deliver(open)
  const end = await system.withdraw('en', delivered.line.headline)
  await through(delivered.reader, end)
  return { ...delivered, end }
}

async function read(path: (after: string) => string) {
  const secret = `Secret ${++last} of the town hall`
  const [before, line] = await system.publish('en', ['Before it', { text: secret, section: 'city' }])
  const address = path(before!.position)
  await serves(line!)
  return { address, held: await get(address), secret, line: line! }
}

/** Returns the newest answer. */
async function expectForgotten(address: string, etag: string | null, secret: string): Promise<string> {
  const cached = etag === null ? {} : { 'If-None-Match': etag }
  let served = ''
  for (const headers of [{}, cached]) {
    const { status, text } = await get(address, headers)
    expect(status).toBe(200)
    expect(text).not.toContain(secret)
    served = text
  }
  return served
}

async function get(address: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${system.url}${address}`, { headers })
  return { status: answer.status, text: await answer.text(), etag: answer.headers.get('etag') }
}

/** Settles when the gateway has taken this event. */
async function serves(event: EventFrame): Promise<void> {
  await eventually(`the gateway is at ${event.position}`, 20_000, async () => {
    return seqOf((await system.snapshot('en')).body) >= seqOf(event)
  })
}

/** The reader's events up to and including this one, or its `leave` event. */
async function through(reader: FrameQueue, end: EventFrame): Promise<EventFrame[]> {
  const events: EventFrame[] = []
  const seq = seqOf(end)
  await reader.until((frame: Frame) => {
    if (frame.type === 'event') events.push(frame)
    return frame.type === 'event' && seqOf(frame) >= seq
  })
  return events
}

function seqOf({ position }: { readonly position: string }): number {
  return Number(position.split(':')[1])
}
