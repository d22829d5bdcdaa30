import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { surroundings, type RequestOptions } from '../../web/sdk/environment.ts'
import type { ConnectOptions } from '../../web/sdk/types.ts'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { SdkReader } from '../support/sdk-reader.ts'
import { startSystem, type System } from '../support/system.ts'

let system: System
let partners: ReturnType<typeof partnersOn>
let acme: TestPartner
const readers: SdkReader[] = []
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  acme = await newPartner()
  await system.publish('wire', ['One'])
})
afterEach(() => {
  for (const { connection } of readers.splice(0)) connection.close()
})
afterAll(() => system.close())

async function newPartner(): Promise<TestPartner> {
  const partner = await partners.make(['wire'])
  await eventually('the key is known', 20_000, async () => {
    return (await system.snapshot('wire', bearer(partner.key))).status === 200
  })
  return partner
}

interface Asked extends RequestOptions {
  readonly url: string
}

/** A reader of `wire`, and its requests. */
function read(options: Partial<ConnectOptions>, refuses: (url: string) => boolean = () => false) {
  const asked: Asked[] = []
  const { fetch } = surroundings()
  const sockets: string[] = []
  const reader = new SdkReader(
    { url: system.url, feed: 'wire', ...options },
    {
      WebSocket: class {
        onmessage = null
        onclose = null
        onerror = null
        constructor(url: string) {
          sockets.push(url)
        }
        close() {
          // It was never open.
        }
        send() {
          // Nobody listens.
        }
      },
      fetch(url, init) {
        asked.push({ url, ...init })
        if (refuses(url)) return Promise.reject(new TypeError('no network'))
        return fetch(url, init)
      },
    },
  )
  readers.push(reader)
  return { reader, asked, sockets }
}

it('reads a feed for partners with a token, which stands in no address', async () => {
  const given: string[] = []
  const token = async () => {
    given.push(await partners.token(acme))
    return given.at(-1) ?? ''
  }
  const { reader, asked, sockets } = read({ token })
  await reader.shows('One')
  const [event] = await system.publish('wire', ['Two'])
  await reader.shows('Two', 'One')
  expect(reader.connection.status.transport).toBe('sse')
  expect([given.length, sockets]).toEqual([1, []])
  expect(asked.map(({ url, headers }) => [url.includes('token'), headers.authorization])).toEqual([
    [false, `Bearer ${given[0]}`],
  ])
  await system.withdraw('wire', event!.headline)
  await reader.shows('One')
})

it('takes a new token for each connection, and comes back with it after a revocation', async () => {
  let partner = await newPartner()
  let calls = 0
  const { reader } = read({
    token: () => {
      calls++
      return partners.token(partner)
    },
  })
  await reader.shows('One')
  const old = partner
  partner = await partners.rotate(old, 3_600)
  await partners.revoke(old)
  await eventually('another token is taken', 20_000, () => calls > 1)
  await reader.shows('One')
  expect(reader.connection.status.state).toBe('live')
})

it('goes on over long polls when the token of the first one has ended', async () => {
  let partner = await newPartner()
  const { reader, asked } = read({ token: () => partners.token(partner) }, (url) => url.includes('parts=1'))
  await reader.shows('One')
  expect(reader.connection.status.transport).toBe('poll')
  const before = asked.at(-1)?.headers.authorization
  const old = partner
  partner = await partners.rotate(old, 3_600)
  await partners.revoke(old)
  await eventually('a poll has another token', 30_000, () => asked.at(-1)?.headers.authorization !== before)
  const [event] = await system.publish('wire', ['Polled'])
  await reader.shows('Polled', 'One')
  expect(reader.statuses.map(({ state }) => state)).not.toContain('refused')
  await system.withdraw('wire', event!.headline)
})

it('is refused without a token, and with one that is not valid', async () => {
  const { reader: without } = read({})
  expect(without.connection.strip).toBeUndefined()
  const { reader } = read({ token: 'a.b.c' })
  await reader.is({ state: 'refused', code: 'partner-refused' })
})

it('tries again when the page cannot get a token', async () => {
  let isAway = true
  const { reader } = read({
    token: async () => {
      if (isAway) throw new Error('the server of the page is away')
      return partners.token(acme)
    },
  })
  await reader.is({ state: 'offline' })
  isAway = false
  await reader.shows('One')
})

it('keeps nothing, shares no connection with readers without a token, and none with another token', async () => {
  const kept = new Map<string, string>()
  const cache = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const { reader, asked } = read({ token: () => partners.token(acme), cache, shareAcrossTabs: true })
  await reader.shows('One')
  expect(asked).toHaveLength(1)
  reader.connection.close()
  expect([...kept]).toEqual([])
})
