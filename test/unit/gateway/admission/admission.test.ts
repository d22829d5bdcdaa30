import { describe, expect, it, jest } from '@jest/globals'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Problem } from '../../../../src/platform/problem.ts'
import { Admission, type Slot } from '../../../../src/gateway/admission/admission.ts'
import { TokenBucket } from '../../../../src/gateway/admission/token-bucket.ts'
import { createMetrics } from '../../../../src/platform/metrics.ts'

const standard = {
  maxConnections: 3,
  maxConnectionsPerIp: 2,
  maxConnectionsPerKey: new Map([['acme-site', 1]]),
  connectsPerSecond: 1_000,
  trustedProxies: 0,
  allowedOrigins: ['https://news.example'],
}

function from(remoteAddress: string, headers: IncomingHttpHeaders = { host: 'ticker.example' }, url = '/') {
  return { socket: { remoteAddress }, headers, url } as unknown as IncomingMessage
}

function withKey(key: string, remoteAddress: string) {
  return from(remoteAddress, undefined, `/v1/feeds/en/live?after=abcdefgh:1&key=${key}`)
}

function open(options: Partial<typeof standard> = {}) {
  const admission = new Admission({ ...standard, ...options }, createMetrics())
  const admit = (request: IncomingMessage): Slot | string => {
    const answer = admission.admit(request)
    return answer instanceof Problem ? answer.code : answer
  }
  return { admission, admit }
}

function leave(slot: Slot | string): void {
  if (typeof slot === 'string') throw new Error(slot)
  slot.free()
}

describe('admission', () => {
  it('is granted up to the limits of the address and of the gateway', () => {
    const { admit } = open()
    const first = admit(from('192.0.2.1'))
    admit(from('192.0.2.1'))
    expect(admit(from('192.0.2.1'))).toBe('too-many-connections')
    admit(from('192.0.2.2'))
    expect(admit(from('192.0.2.3'))).toBe('server-full')
    leave(first)
    expect(typeof admit(from('192.0.2.3'))).toBe('object')
  })

  it('is limited for a reader key, and a full key takes no slot of other readers', () => {
    const { admit } = open()
    const first = admit(withKey('acme-site', '192.0.2.1'))
    expect(admit(withKey('acme-site', '192.0.2.2'))).toBe('reader-key-full')
    leave(first)
    leave(admit(withKey('acme-site', '192.0.2.2')))
    expect(typeof admit(withKey('acme-site', '192.0.2.3'))).toBe('object')
    expect(typeof admit(from('192.0.2.4'))).toBe('object')
  })

  it('is limited for an address whatever its reader key', () => {
    const { admit } = open({ maxConnectionsPerIp: 1, maxConnectionsPerKey: new Map([['acme-site', 9]]) })
    admit(withKey('acme-site', '192.0.2.1'))
    expect(admit(withKey('acme-site', '192.0.2.1'))).toBe('too-many-connections')
  })

  it.each(['nobodys-key', '', 'acme-site&key=acme-site', 'acme-site,', '__proto__'])(
    'is not who names the key "%s"',
    (key) => {
      expect(open().admit(withKey(key, '192.0.2.1'))).toBe('unknown-reader-key')
    },
  )

  it('is granted to one more reader for each slot that is freed, even if a slot is freed twice', () => {
    const { admit } = open()
    const first = admit(from('192.0.2.1'))
    admit(from('192.0.2.1'))
    leave(first)
    leave(first)
    admit(from('192.0.2.1'))
    expect(admit(from('192.0.2.1'))).toBe('too-many-connections')
  })

  it('is refused while draining, and admitted readers can leave', () => {
    const { admission, admit } = open()
    const slot = admit(from('192.0.2.1'))
    admission.drain()
    expect(admit(from('192.0.2.2'))).toBe('draining')
    leave(slot)
    expect(admission.draining).toBe(true)
  })

  it('is refused with a time to come back, unless coming back does not help', () => {
    const { admission } = open({ maxConnections: 1 })
    admission.admit(from('192.0.2.1'))
    expect(admission.admit(from('192.0.2.2'))).toMatchObject({ extra: { retryAfterMs: expect.any(Number) } })
    const foreign = from('192.0.2.2', { host: 'ticker.example', origin: 'https://evil.example' })
    expect(admission.admit(foreign)).toMatchObject({ code: 'origin-refused', extra: {} })
  })

  it('takes no slot when it is refused', () => {
    const { admit } = open({ maxConnections: 2, maxConnectionsPerIp: 1 })
    const first = admit(from('192.0.2.1'))
    for (let time = 0; time < 5; time++) expect(admit(from('192.0.2.1'))).toBe('too-many-connections')
    leave(first)
    expect(typeof admit(from('192.0.2.1'))).toBe('object')
    expect(typeof admit(from('192.0.2.2'))).toBe('object')
  })
})

describe('each limit', () => {
  const most = 3
  const wide = {
    maxConnections: 1_000,
    maxConnectionsPerIp: 1_000,
    maxConnectionsPerKey: new Map([['acme-site', 1_000]]),
  }
  const limits = [
    ['of the gateway', { maxConnections: most }, 'server-full'],
    ['of an address', { maxConnectionsPerIp: most }, 'too-many-connections'],
    ['of a reader key', { maxConnectionsPerKey: new Map([['acme-site', most]]) }, 'reader-key-full'],
  ] as const

  for (const kind of ['stream', 'poll'] as const)
    it.each(limits)(
      `%s lets exactly as many in as it says, and one more for each who leaves (${kind})`,
      (_of, limit, code) => {
        const { admission } = open({ ...wide, ...limit })
        const admit = () => admission.admit(withKey('acme-site', '192.0.2.1'), kind)
        const slots = Array.from({ length: most }, admit)
        for (const slot of slots) expect(slot).not.toBeInstanceOf(Problem)
        for (let more = 0; more < 2; more++) expect(admit()).toMatchObject({ code })
        leave(slots[0] as Slot)
        expect(admit()).not.toBeInstanceOf(Problem)
        expect(admit()).toMatchObject({ code })
      },
    )

  it.each([
    ['answers that wait', 0],
    ['connections', 1],
    ['both', 2],
  ])('of an address is one for connections and answers that wait: %s', (_what, streams) => {
    const { admission } = open({ ...wide, maxConnectionsPerIp: 2 })
    const request = from('192.0.2.1')
    for (let n = 0; n < 2; n++) {
      if (n < streams) expect(admission.admit(request)).not.toBeInstanceOf(Problem)
      else expect(admission.takeSlotForAnswer(request)).toBeDefined()
    }
    expect(admission.takeSlotForAnswer(request)).toBeUndefined()
    expect(admission.admit(request)).toMatchObject({ code: 'too-many-connections' })
    expect(admission.takeSlotForAnswer(from('192.0.2.2'))).toBeDefined()
  })

  it('of new connections in a second lets exactly as many in, and counts no poll', () => {
    jest.spyOn(performance, 'now').mockReturnValue(5_000)
    const { admission } = open({ ...wide, connectsPerSecond: 2 })
    const admit = (kind: 'stream' | 'poll') => admission.admit(from('192.0.2.1'), kind)
    expect(admit('poll')).not.toBeInstanceOf(Problem)
    expect(admit('stream')).not.toBeInstanceOf(Problem)
    expect(admit('stream')).not.toBeInstanceOf(Problem)
    expect(admit('stream')).toMatchObject({ code: 'server-busy' })
    expect(admit('poll')).not.toBeInstanceOf(Problem)
    jest.spyOn(performance, 'now').mockReturnValue(5_500)
    expect(admit('stream')).not.toBeInstanceOf(Problem)
    expect(admit('stream')).toMatchObject({ code: 'server-busy' })
    jest.restoreAllMocks()
  })
})

describe('the origin of a page that may read', () => {
  it.each([
    [undefined, true],
    ['http://ticker.example', true],
    ['https://ticker.example', true],
    ['https://news.example', true],
    ['http://news.example', false],
    ['https://sub.news.example', false],
    ['https://news.example.evil.example', false],
    ['https://ticker.example:8443', false],
    ['https://ticker.example@evil.example', false],
    ['null', false],
    ['', false],
    ['not a url', false],
  ])('may be %j: %j', (origin, may) => {
    const { admission } = open()
    const headers = { host: 'ticker.example', ...(origin !== undefined && { origin }) }
    expect(admission.mayRead(from('192.0.2.1', headers))).toBe(may)
  })

  it('is any origin if `*` is allowed', () => {
    const { admission } = open({ allowedOrigins: ['*'] })
    expect(admission.mayRead(from('192.0.2.1', { host: 'x', origin: 'null' }))).toBe(true)
  })
})

describe('a token bucket', () => {
  it('allows a burst of one second and then the steady rate', () => {
    const bucket = new TokenBucket(10, 0)
    const taken = (now: number) => {
      let count = 0
      while (bucket.take(now)) count++
      return count
    }
    expect(taken(0)).toBe(10)
    expect(taken(50)).toBe(0)
    expect(taken(100)).toBe(1)
    expect(taken(600)).toBe(5)
    expect(taken(60_000)).toBe(10)
  })
})
