import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { clientFrame, handshake, RawClient, RawWebSocket } from '../support/raw-client.ts'
import { clearedAs } from '../support/receipt.ts'
import { startSystem, type System } from '../support/system.ts'
import type { WsReader } from '../support/ws-reader.ts'

const LIVE = '/v1/feeds/en/live'
const get = (target: string, headers = 'Host: 127.0.0.1\r\n') => `GET ${target} HTTP/1.1\r\n${headers}\r\n`

let system: System
let witness: WsReader
const clients: RawClient[] = []

beforeAll(async () => {
  system = await startSystem()
  witness = await system.connect('en')
})
afterAll(() => system.close())

/** After each hostile client, another reader still gets events, and no answer was a server error. */
afterEach(async () => {
  const [line] = await system.publish('en', 1)
  await witness.received(line)
  for (const client of clients.splice(0)) {
    expect(client.statuses.filter((status) => status >= 500)).toEqual([])
    client.close()
  }
})

function open(): RawClient {
  const client = new RawClient(system.port)
  clients.push(client)
  return client
}

async function openWebSocket(path = LIVE): Promise<RawWebSocket> {
  const client = await RawWebSocket.open(system.port, path)
  clients.push(client)
  return client
}

async function answerTo(bytes: string | Buffer): Promise<number | 'closed'> {
  const client = open()
  client.send(bytes)
  return client.answer()
}

describe('a WebSocket client that sends', () => {
  it.each([
    ['a message', 4400, { first: 0x81, payload: Buffer.from('{"type":"subscribe"}') }],
    ['an empty message', 4400, { first: 0x81 }],
    ['bytes', 4400, { first: 0x82, payload: Buffer.from([1, 2, 3]) }],
    ['a message over 1 KB', 1009, { first: 0x81, payload: Buffer.alloc(1_025, 'x') }],
    ['an unmasked frame', 1002, { first: 0x81, payload: Buffer.from('x'), masked: false }],
    ['a compressed frame', 1002, { first: 0xc1, payload: Buffer.from('x') }],
    ['a reserved bit', 1002, { first: 0xa1, payload: Buffer.from('x') }],
    ['an opcode that does not exist', 1002, { first: 0x83 }],
    ['a control frame in fragments', 1002, { first: 0x09 }],
    ['a continuation of nothing', 1002, { first: 0x80 }],
    ['a ping over 125 bytes', 1002, { first: 0x89, payload: Buffer.alloc(126) }],
    ['text that is not UTF-8', 1007, { first: 0x81, payload: Buffer.from([0xc3, 0x28]) }],
    ['a close code that does not exist', 1002, { first: 0x88, payload: Buffer.from([0x03, 0xec]) }],
  ])('%s is closed with %i', async (_what, code, frame) => {
    const client = await openWebSocket()
    client.send(clientFrame(frame))
    expect(await client.closeCode()).toBe(code)
  })

  it('a message in many empty pieces is closed with 1009', async () => {
    const client = await openWebSocket()
    client.send(clientFrame({ first: 0x01 }))
    for (let piece = 0; piece < 9; piece++) client.send(clientFrame({ first: 0x00 }))
    expect(await client.closeCode()).toBe(1009)
  })

  it('a broken frame and then stays silent is cut off, and counted', async () => {
    const readers = async (count: number) => (await system.metric('sessions{transport="ws"}')) === count
    await eventually('only the witness is left', 20_000, () => readers(1))
    const closed = await system.metric('sessions_closed_total{reason="protocol-error"}')
    const client = await openWebSocket()
    expect(await readers(2)).toBe(true)
    client.send(clientFrame({ first: 0x81, payload: Buffer.from('x'), masked: false }))
    expect(await client.closeCode()).toBe(1002)
    await eventually('its slot is free', 20_000, () => readers(1))
    expect(await system.metric('sessions_closed_total{reason="protocol-error"}')).toBe(closed + 1)
  })

  it('a message gets no event after the close frame', async () => {
    const client = await openWebSocket()
    const came = (kind: string) => client.frames.filter((frame) => frame.kind === kind).length
    // From the second event on, events are written to the handle below the stream.
    for (const texts of [3, 4]) {
      const [line] = await system.publish('en', 1)
      await witness.received(line)
      await eventually('the event', 20_000, () => came('text') === texts)
    }
    client.send(clientFrame({ first: 0x81, payload: Buffer.from('subscribe') }))
    expect(await client.closeCode()).toBe(4400)
    const [line] = await system.publish('en', 1)
    await witness.received(line)
    await client.end(20_000)
    expect(client.frames.at(-1)?.kind).toBe('close')
  })

  it('a message and then does not answer the close is cut off', async () => {
    const client = await openWebSocket()
    client.send(clientFrame({ first: 0x81, payload: Buffer.from('subscribe') }))
    expect(await client.closeCode()).toBe(4400)
    await client.end(20_000)
  })

  it('pings without end is closed with 4429', async () => {
    const client = await openWebSocket()
    const ping = clientFrame({ first: 0x89, payload: Buffer.from('?') })
    client.send(Buffer.concat(Array.from({ length: 5_000 }, () => ping)))
    expect(await client.closeCode()).toBe(4429)
    expect(client.frames.filter(({ kind }) => kind === 'pong').length).toBeLessThanOrEqual(25)
    await client.end(20_000)
    expect(await system.metric('sessions_closed_total{reason="flooding"}')).toBe(1)
  })

  it('unasked pongs without end is closed with 4429', async () => {
    const before = await system.metric('sessions_closed_total{reason="flooding"}')
    const client = await openWebSocket()
    const pong = clientFrame({ first: 0x8a })
    client.send(Buffer.concat(Array.from({ length: 5_000 }, () => pong)))
    expect(await client.closeCode()).toBe(4429)
    await client.end(20_000)
    expect(await system.metric('sessions_closed_total{reason="flooding"}')).toBe(before + 1)
  })

  it.each([
    ['pings', 4429, { first: 0x89, payload: Buffer.alloc(125, '?') }],
    ['messages', 4400, { first: 0x81, payload: Buffer.alloc(125, 'x') }],
  ])('%s, and goes on after the close, is not read any more', async (_what, code, frame) => {
    const client = await openWebSocket()
    client.send(Buffer.concat(Array.from({ length: 100 }, () => clientFrame(frame))))
    expect(await client.closeCode()).toBe(code)
    const moreThanTheNetworkHolds = Buffer.alloc(32 * 1024 * 1024, clientFrame(frame))
    await new Promise<void>((settled) => {
      client.socket.write(moreThanTheNetworkHolds, () => {
        settled()
      })
    })
    // The connection was cut while the client was still writing.
    expect(client.socket.destroyed).toBe(true)
  })

  it.each([
    ['another message', 4400, '{"type":"subscribe"}'],
    ['an acknowledgement of no position', 4400, '{"type":"ack"}'],
    ['an acknowledgement of a number', 4400, '{"type":"ack","position":1}'],
    ['an acknowledgement of a huge seq', 4400, `{"type":"ack","position":"abcdefgh:${'9'.repeat(16)}"}`],
    ['a list of acknowledgements', 4400, '[{"type":"ack","position":"abcdefgh:1"}]'],
    ['brackets without end', 4400, '['.repeat(1_024)],
    ['an empty message', 4400, ''],
    ['half an acknowledgement', 4400, '{"type":"ack","position":"abc'],
    ['an acknowledgement over 1 KB', 1009, `{"type":"ack","position":"abcdefgh:1"}${' '.repeat(1_000)}`],
  ])('%s, having announced acknowledgements, is closed with %i', async (_what, code, text) => {
    const client = await openWebSocket(`${LIVE}?acks=1`)
    client.send(clientFrame({ first: 0x81, payload: Buffer.from(text) }))
    expect(await client.closeCode()).toBe(code)
  })

  it('an acknowledgement as bytes, or unannounced, is closed with 4400', async () => {
    const ack = Buffer.from('{"type":"ack","position":"abcdefgh:1"}')
    for (const [path, first] of [
      [`${LIVE}?acks=1`, 0x82],
      [LIVE, 0x81],
    ] as const) {
      const client = await openWebSocket(path)
      client.send(clientFrame({ first, payload: ack }))
      expect(await client.closeCode()).toBe(4400)
    }
  })

  it('acknowledgements of events that it was not sent is ignored, and not closed', async () => {
    const [line] = await system.publish('en', 1)
    const client = await openWebSocket(`${LIVE}?acks=1`)
    const withdrawn = await system.withdraw('en', line!.headline)
    const [epoch, seq] = withdrawn.position.split(':')
    for (const position of [`${epoch}:${Number(seq) - 1}`, `${epoch}:${'9'.repeat(15)}`, `zzzzzzzz:${seq}`])
      client.send(
        clientFrame({ first: 0x81, payload: Buffer.from(JSON.stringify({ type: 'ack', position })) }),
      )
    client.send(clientFrame({ first: 0x89 }))
    await eventually('a pong', 20_000, () => client.frames.some(({ kind }) => kind === 'pong'))
    const release = await clearedAs(system, line!.headline.id, { screens: 1 })
    expect(release.cleared).toMatchObject({ cleared: 0, missing: 1, percent: 0 })
    expect(client.frames.some(({ kind }) => kind === 'close')).toBe(false)
  })

  it('acknowledgements without end is closed with 4429', async () => {
    const before = await system.metric('sessions_closed_total{reason="flooding"}')
    const client = await openWebSocket(`${LIVE}?acks=1`)
    const ack = clientFrame({ first: 0x81, payload: Buffer.from('{"type":"ack","position":"abcdefgh:1"}') })
    client.send(Buffer.concat(Array.from({ length: 50_000 }, () => ack)))
    expect(await client.closeCode()).toBe(4429)
    await client.end(20_000)
    expect(await system.metric('sessions_closed_total{reason="flooding"}')).toBe(before + 1)
  })

  it('a ping gets its pong', async () => {
    const client = await openWebSocket()
    client.send(clientFrame({ first: 0x89, payload: Buffer.from('hello') }))
    const pong = await eventually('a pong', 20_000, () => client.frames.find(({ kind }) => kind === 'pong'))
    expect(pong).toEqual({ kind: 'pong', payload: Buffer.from('hello') })
    expect(client.frames.some(({ kind }) => kind === 'close')).toBe(false)
  })

  it('a close is answered with it', async () => {
    const client = await openWebSocket()
    client.send(clientFrame({ first: 0x88, payload: Buffer.from([0x03, 0xe8]) }))
    expect(await client.closeCode()).toBe(1000)
    await client.end()
  })

  it('half a frame and then nothing does not disturb other readers', async () => {
    const client = await openWebSocket()
    client.send(clientFrame({ first: 0x81, payload: Buffer.from('whole') }).subarray(0, 4))
    client.socket.end()
    await client.end(20_000)
  })
})

describe('a handshake', () => {
  it.each([
    ['of an old version', handshake(LIVE, { 'Sec-WebSocket-Version': '12' })],
    ['without a version', handshake(LIVE, { 'Sec-WebSocket-Version': '' })],
    ['without a key', handshake(LIVE, { 'Sec-WebSocket-Key': '' })],
    ['with an invalid key', handshake(LIVE, { 'Sec-WebSocket-Key': 'short' })],
    ['with acknowledgements of another kind', handshake(`${LIVE}?acks=2`)],
    ['with acknowledgements twice', handshake(`${LIVE}?acks=1&acks=1`)],
    ['with parts of another kind', handshake(`${LIVE}?parts=yes`)],
    ['with parts twice', handshake(`${LIVE}?parts=1&parts=1`)],
    ['to the path /', handshake('/')],
    ['to another path', handshake('/v1/feeds/en')],
    ['to a feed that does not exist', handshake('/v1/feeds/none/live')],
    ['with POST', handshake(LIVE, {}, 'POST')],
    ['with a body', `${handshake(LIVE, { 'Content-Length': '5' }, 'POST')}hello`],
    ['with a foreign Origin', handshake(LIVE, { Origin: 'https://evil.example' })],
    ['in the absolute form of another host', handshake(`http://evil.example${LIVE}`)],
  ])('%s is refused', async (_what, bytes) => {
    expect(await answerTo(bytes)).toEqual(within400s())
  })

  it('that stops half way does not disturb other readers', async () => {
    open().send(handshake(LIVE).slice(0, -20))
    const cut = open()
    cut.send(handshake(LIVE).slice(0, -20))
    cut.socket.end()
    await cut.end()
  })

  it('whose sender is gone before the answer leaves no slot taken', async () => {
    const before = await system.metric('sessions{transport="ws"}')
    for (let round = 0; round < 50; round++) {
      const client = new RawClient(system.port)
      client.send(handshake(LIVE))
      client.socket.destroySoon()
    }
    const last = await openWebSocket()
    last.close()
    await last.end()
    await eventually('their places are free', 20_000, async () => {
      return (await system.metric('sessions{transport="ws"}')) === before
    })
  })
})

const hostileTargets = [
  ['another host after two slashes', `//evil.example${LIVE}`],
  ['an encoded null', '/v1/feeds/%00'],
  ['an invalid encoding', '/v1/feeds/%zz'],
  ['a percent sign at the end', '/v1/feeds/en%'],
  ['an overlong UTF-8 encoding', '/v1/feeds/%c0%ae'],
  ['a path with ..', '/v1/feeds/../../etc/passwd'],
  ['an encoded path with ..', '/page/..%2f..%2fpackage.json'],
  ['an encoded path with .. and %5c', '/page/..%5c..%5cpackage.json'],
  ['a null in a file name', '/page/page.js%00.html'],
  ['a feed id of underscores', '/v1/feeds/__proto__'],
  ['a feed id in capitals', '/v1/feeds/EN'],
  ['a long feed id', `/v1/feeds/${'e'.repeat(5_000)}`],
  ['an invalid position', '/v1/feeds/en/events?after=garbage'],
  ['a position with a null', '/v1/feeds/en/events?after=abcdefgh:1%00'],
  ['a position with 16 digits', '/v1/feeds/en/events?after=abcdefgh:9999999999999999'],
  ['two positions', '/v1/feeds/en/events?after=abcdefgh:1&after=abcdefgh:2'],
  ['a position in brackets', '/v1/feeds/en/events?after[seq]=1&after=x'],
  ['a long query', `/v1/feeds/en/events?after=${'9'.repeat(10_000)}`],
  ['many parameters', `/v1/feeds/en/events?after=x${'&a=1'.repeat(2_000)}`],
  ['a path of 100 KB', `/${'a'.repeat(100_000)}`],
] as const

describe('a request target with', () => {
  it.each(hostileTargets)('%s is answered with a 4xx status', async (_what, target) => {
    expect(await answerTo(get(target))).toEqual(within400s())
  })

  it.each(hostileTargets)('%s is answered with a 4xx status on an upgrade too', async (_what, target) => {
    const live = target.replace('/events?', '/live?')
    expect(await answerTo(handshake(live))).toEqual(within400s())
  })
})

describe('a request', () => {
  it('in absolute form is served (RFC 9112, section 3.2.2)', async () => {
    expect(await answerTo(get('http://x/v1/feeds/en'))).toBe(200)
  })

  it('for two slashes is not served the page', async () => {
    expect(await answerTo(get('//'))).toBe(404)
  })

  it('for the path of 100 KB gets 431', async () => {
    expect(await answerTo(get(`/${'a'.repeat(100_000)}`))).toBe(431)
  })

  it.each([
    ['with a space in its target', get('/v1/feeds/ en')],
    ['with bytes above ASCII in its target', Buffer.from(get('/v1/feeds/\u00e9\u00ff'), 'latin1')],
    ['without a method', '\r\n\r\n\r\nhello\r\n\r\n'],
    ['of another HTTP version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['that is TLS', Buffer.from('160301006a0100006603', 'hex')],
    ['with an unknown method', 'BREW /v1/feeds/en HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'with two lengths',
      'POST /v1/feeds HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'with a length and chunks',
      'POST /v1/feeds HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['with a folded header', get('/v1/feeds/en', 'Host: x\r\n folded\r\n\tmore\r\n: nothing\r\n')],
    ['with 20,000 headers', get('/v1/feeds/en', `Host: x\r\n${'a: b\r\n'.repeat(20_000)}`)],
    ['with a header of 64 KB', get('/v1/feeds/en', `Host: x\r\nA: ${'b'.repeat(65_536)}\r\n`)],
    ['with a foreign Origin', get('/v1/feeds/en', 'Host: x\r\nOrigin: https://evil.example\r\n')],
  ])('%s is answered with a 4xx status', async (_what, bytes) => {
    expect(await answerTo(bytes)).toEqual(within400s())
  })

  it.each([
    ['with two hosts', 400, 'malformed-request', get('/v1/feeds/en', 'Host: x\r\nhost: x\r\n')],
    ['without a host', 400, 'malformed-request', get('/v1/feeds/en', '')],
    ['to upgrade, with two hosts', 400, 'malformed-request', handshake(LIVE, { host: '127.0.0.1' })],
    ['to upgrade, without a host', 400, 'malformed-request', handshake(LIVE, { Host: '' })],
    ['to upgrade, without a key', 400, 'malformed-request', handshake(LIVE, { 'Sec-WebSocket-Key': '' })],
    [
      'to upgrade, with a short key',
      400,
      'malformed-request',
      handshake(LIVE, { 'Sec-WebSocket-Key': 'YQ==' }),
    ],
    [
      'to upgrade, with an unreadable protocol',
      400,
      'malformed-request',
      handshake(LIVE, { 'Sec-WebSocket-Protocol': 'a,,b' }),
    ],
    [
      'to upgrade, without a version',
      426,
      'upgrade-required',
      handshake(LIVE, { 'Sec-WebSocket-Version': '' }),
    ],
    [
      'to upgrade, of an old version',
      426,
      'upgrade-required',
      handshake(LIVE, { 'Sec-WebSocket-Version': '12' }),
    ],
    ['to upgrade, with POST', 405, 'method-not-allowed', handshake(LIVE, {}, 'POST')],
    [
      'with an unknown expectation',
      417,
      'expectation-failed',
      get('/v1/feeds/en', 'Host: x\r\nExpect: more\r\n'),
    ],
    [
      'for a tunnel',
      405,
      'method-not-allowed',
      'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n',
    ],
  ])('%s gets %i with a problem, and the connection ends', async (_what, status, code, bytes) => {
    const client = open()
    client.send(bytes)
    await client.end()
    const [head = '', body = ''] = client.received.toString().split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toMatch(/^Content-Type: application\/problem\+json$/m)
    expect(JSON.parse(body)).toMatchObject({ type: `/problems/${code}`, status, code })
  })

  it.each([
    ['of another version', { 'Sec-WebSocket-Version': '14' }, 'GET', /^Sec-WebSocket-Version: 13\r$/m],
    ['of another version', { 'Sec-WebSocket-Version': '14' }, 'GET', /^Upgrade: websocket\r$/m],
    ['of another version', { 'Sec-WebSocket-Version': '14' }, 'GET', /^Connection: Upgrade, close\r$/m],
    ['with another method', {}, 'POST', /^Allow: GET, HEAD\r$/m],
  ] as const)('to upgrade %s is told how to do it: %j %s %s', async (_what, change, method, header) => {
    const client = open()
    client.send(handshake(LIVE, change, method))
    await client.end()
    expect(client.received.toString()).toMatch(header)
  })

  it('of HTTP/1.0 needs no host', async () => {
    expect(await answerTo('GET /v1/feeds/en HTTP/1.0\r\n\r\n')).toBe(200)
  })

  it.each([
    ['an upgrade', handshake(LIVE)],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('that still waits for its answer, with %s after it, is cut off', async (_what, behind) => {
    const client = open()
    const { position } = (await system.snapshot('en')).body
    client.send(get(`/v1/feeds/en/events?after=${position}&wait=25`) + behind)
    await client.end()
    expect(client.statuses).toEqual([])
  })

  it('that has been answered may be followed by an upgrade', async () => {
    const client = open()
    client.send(get('/v1/feeds/en'))
    expect(await client.answer()).toBe(200)
    client.send(handshake(LIVE))
    await eventually('the upgrade', 20_000, () => client.statuses[1] === 101)
  })

  it('with garbage after it is answered, and the garbage refused', async () => {
    const client = open()
    client.send(`${get('/v1/feeds/en')}\u0000\u0001garbage\r\n\r\n`)
    await client.end()
    expect(client.statuses).toEqual([200, 400])
  })

  it('for a stream, with another stream after it, takes only one slot', async () => {
    const client = open()
    const stream = get('/v1/feeds/en/events', 'Host: x\r\nAccept: text/event-stream\r\n')
    client.send(stream.repeat(50))
    await client.end()
    expect(client.statuses.length).toBeLessThanOrEqual(1)
    const later = await system.stream('en')
    await later.untilType('reset')
    await eventually('only the later one is left', 20_000, async () => {
      return (await system.metric('sessions{transport="sse"}')) === 1
    })
    later.drop()
  })

  it('for a stream, with garbage after it, ends only its own connection', async () => {
    const client = open()
    client.send(get('/v1/feeds/en/events', 'Host: x\r\nAccept: text/event-stream\r\n'))
    expect(await client.answer()).toBe(200)
    client.send('\u0000garbage\r\n\r\n')
    await client.end()
  })

  it('for a stream, closed by the reader at once, does not disturb other readers', async () => {
    for (let round = 0; round < 50; round++) {
      const client = open()
      client.send(get('/v1/feeds/en/events', 'Host: x\r\nAccept: text/event-stream\r\n'))
      client.socket.end()
    }
    const [line] = await system.publish('en', 1)
    await witness.received(line)
  })
})

function within400s(): unknown {
  return {
    asymmetricMatch: (status: unknown) => typeof status === 'number' && status >= 400 && status < 500,
    toString: () => 'a status of 400 to 499',
    toAsymmetricMatcher: () => 'a status of 400 to 499',
  }
}
