import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bound } from '../support/bound.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

let system: System | undefined
const start = async (overrides: Record<string, string | number>) => (system = await startSystem(overrides))
const sockets: Socket[] = []
beforeEach(() => {
  system = undefined
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await system?.close()
})

describe('a gateway with limits', () => {
  it('refuses a reader above the limit of its address before the upgrade, and admits it when another leaves', async () => {
    const { connect, stream } = bound(await start({ MAX_CONNECTIONS_PER_IP: 2 }))
    const [first] = [await connect('en'), await stream('en')]
    const refused = { status: 429, headers: { 'retry-after': expect.any(String) } }
    await expect(connect('en')).rejects.toMatchObject({
      ...refused,
      body: expect.stringContaining('too-many-connections'),
    })
    expect(await (await stream('en')).next()).toMatchObject({ type: 'bye', code: 'too-many-connections' })

    await first.close()
    await eventually('a slot is free', 20_000, () =>
      connect('en').then(
        () => true,
        () => false,
      ),
    )
  })

  it('closes the sockets of an address that has too many, with or without a request', async () => {
    const running = await start({ MAX_CONNECTIONS_PER_IP: 1 })
    const open = (localAddress: string) => {
      const socket = createConnection({ host: '127.0.0.1', port: running.port, localAddress })
      sockets.push(socket)
      return socket
    }
    const isKept = (socket: Socket) =>
      new Promise<boolean>((resolve) => {
        socket.on('error', () => undefined)
        socket.once('close', () => {
          resolve(false)
        })
        socket.once('data', () => {
          resolve(true)
        })
        socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      })
    const [first] = await Promise.all(Array.from({ length: 251 }, () => open('127.0.0.9')).map(connected))
    expect(await isKept(open('127.0.0.9'))).toBe(false)
    expect(await isKept(open('127.0.0.10'))).toBe(true)
    expect(await running.metric('connections_refused_total{reason="too-many-sockets"}')).toBe(1)

    first?.destroy()
    await eventually('there is room again', 20_000, () => isKept(open('127.0.0.9')))
  })

  it('does not count the sockets of a trusted proxy', async () => {
    const running = await start({ MAX_CONNECTIONS_PER_IP: 1, TRUST_PROXY: 1 })
    const { port } = running
    const opened = Array.from({ length: 260 }, () => createConnection({ host: '127.0.0.1', port }))
    sockets.push(...opened)
    await Promise.all(opened.map(connected))
    const last = opened.at(-1)!
    last.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(String((await once(last, 'data'))[0])).toContain('200 OK')
  })

  it('refuses a reader above the limit of its key on every transport, and admits other readers', async () => {
    const running = await start({ READER_KEYS: 'acme-site:1,city-app:5' })
    const { connect, page, snapshot } = bound(running)
    const { position } = (await snapshot('en')).body
    await connect('en', { query: { key: 'acme-site' } })
    const full = { status: 429, body: expect.stringContaining('reader-key-full') }
    await expect(connect('en', { query: { key: 'acme-site' } })).rejects.toMatchObject(full)
    const poll = { key: 'acme-site', after: position, wait: 1 }
    expect(await page('en', poll)).toMatchObject({ status: 429, body: { code: 'reader-key-full' } })
    const sentAway = await running.stream('en', { query: { key: 'acme-site' } })
    expect(await sentAway.next()).toMatchObject({ type: 'bye', code: 'reader-key-full' })
    expect(await running.metric('readers_by_key{key="acme-site"}')).toBe(1)

    await connect('en', { query: { key: 'city-app' } })
    await connect('en')
    await expect(connect('en', { query: { key: 'nobody' } })).rejects.toMatchObject({
      status: 403,
      body: expect.stringContaining('unknown-reader-key'),
    })
  })

  it('counts the address that the trusted proxy saw', async () => {
    const { connect } = bound(await start({ MAX_CONNECTIONS_PER_IP: 1, TRUST_PROXY: 1 }))
    const from = (address: string) => connect('en', { headers: { 'X-Forwarded-For': address } })
    await from('198.51.100.1')
    await from('198.51.100.2')
    await expect(from('203.0.113.9, 198.51.100.1')).rejects.toMatchObject({ status: 429 })
  })

  it('tells a reader above the limit of the gateway that the server is full', async () => {
    const { connect } = bound(await start({ MAX_CONNECTIONS: 1 }))
    await connect('en')
    await expect(connect('en')).rejects.toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
      body: expect.stringContaining('server-full'),
    })
  })

  it('lets pages of other sites read only if their origin is allowed', async () => {
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
      // The page may read the refusal.
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.body).not.toHaveProperty('strip')
      expect((await stream('en', { headers: { Origin: origin } })).response.statusCode).toBe(403)
    }
    expect((await snapshot('en')).status).toBe(200)
  })

  it('lets pages of all sites read if `*` is allowed', async () => {
    const { connect, snapshot } = bound(await start({ ALLOWED_ORIGINS: '*' }))
    await connect('en', { origin: 'https://anywhere.example' })
    const answer = await snapshot('en', { Origin: 'https://anywhere.example' })
    expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/anywhere\.example)$/)
  })
})

async function connected(socket: Socket): Promise<Socket> {
  await once(socket, 'connect')
  return socket
}
