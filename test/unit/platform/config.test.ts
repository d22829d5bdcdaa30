import { describe, expect, it } from '@jest/globals'
import { ConfigError, readConfig } from '../../../src/platform/config.ts'

const REDIS_URL = 'redis://localhost'

function faults(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0] ?? '')
  }
}

describe('the settings', () => {
  it('require only REDIS_URL', () => {
    expect(readConfig({ REDIS_URL })).toMatchObject({ PORT: 8080, HOST: '127.0.0.1', ALLOWED_ORIGINS: [] })
  })

  it('report all faults at once', () => {
    expect(
      faults({ PORT: 'http', HEARTBEAT_MS: '99999', LOG_LEVEL: 'loud', TRUST_PROXY: '-1' }).sort(),
    ).toEqual(['HEARTBEAT_MS', 'LOG_LEVEL', 'PORT', 'REDIS_URL', 'TRUST_PROXY'])
  })

  it('that are empty count as not set', () => {
    expect(readConfig({ REDIS_URL, PORT: '', BOOTSTRAP_KEY: '', FIRST_FEED: '', TRUST_PROXY: '' })).toEqual(
      readConfig({ REDIS_URL }),
    )
    expect(faults({ REDIS_URL: '' })).toEqual(['REDIS_URL'])
  })

  it("keep the first admin's address as a sign-in reads it: only the case of A to Z does not count", () => {
    const kept = (FIRST_ADMIN_EMAIL: string) => readConfig({ REDIS_URL, FIRST_ADMIN_EMAIL }).FIRST_ADMIN_EMAIL
    expect(kept('Admin@Localhost')).toBe('admin@localhost')
    expect(kept('Ürsula@example.org')).toBe('Ürsula@example.org')
    // The sign for Kelvin is not the letter k.
    expect(kept('\u212Aim@example.org')).toBe('\u212Aim@example.org')
    expect(faults({ REDIS_URL, FIRST_ADMIN_EMAIL: 'nobody' })).toEqual(['FIRST_ADMIN_EMAIL'])
  })

  it('require a Redis for each role of the process, and for no other role', () => {
    const own = { REDIS_URL_API: '/api', REDIS_URL_GATEWAY: '/gateway', REDIS_URL_WORKER: '/worker' }
    const apart = { api: '/api', gateway: '/gateway', worker: '/worker' }
    expect(readConfig(own).redisUrls).toEqual(apart)
    expect(readConfig({ REDIS_URL, ...own }).redisUrls).toEqual(apart)
    expect(readConfig({ REDIS_URL }).redisUrls.gateway).toBe(REDIS_URL)
    expect(readConfig({ REDIS_URL_GATEWAY: '/gateway' }, 'gateway').redisUrls.gateway).toBe('/gateway')
    expect(() => readConfig({ REDIS_URL_GATEWAY: '/gateway' })).toThrow('REDIS_URL_API and REDIS_URL_WORKER')
    expect(() => readConfig({ REDIS_URL_GATEWAY: '/gateway' }, 'api')).toThrow('REDIS_URL_API')
  })

  it('name the Sentinels and the name of Redis together', () => {
    const sentinels = {
      REDIS_SENTINELS: 'a:26379, rediss://ops:secret@b.example:26380',
      REDIS_MASTER_NAME: 'news',
    }
    expect(readConfig({ REDIS_URL, ...sentinels }).sentinels).toEqual({
      addresses: ['a:26379', 'rediss://ops:secret@b.example:26380'],
      master: 'news',
    })
    expect(readConfig({ REDIS_URL }).sentinels).toBeUndefined()
    expect(faults({ REDIS_URL, REDIS_SENTINELS: 'a:26379' })).toEqual(['REDIS_MASTER_NAME'])
    expect(faults({ REDIS_URL, REDIS_MASTER_NAME: 'news' })).toEqual(['REDIS_SENTINELS'])
    expect(faults({ REDIS_URL, ...sentinels, REDIS_SENTINELS: 'http://a' })).toEqual(['REDIS_SENTINELS'])
  })

  it('ignore variables that are not settings', () => {
    expect(readConfig({ REDIS_URL, HOME: '/root', PATH: '/bin' })).toEqual(readConfig({ REDIS_URL }))
  })

  it('read a comma-separated list', () => {
    const written = { REDIS_URL, ALLOWED_ORIGINS: ' https://a.example, ,https://b.example,' }
    expect(readConfig(written).ALLOWED_ORIGINS).toEqual(['https://a.example', 'https://b.example'])
  })

  it('read the limit of readers of each partner key', () => {
    const { readerKeys } = readConfig({ REDIS_URL, READER_KEYS: 'acme-site:2000, city_app:5' })
    expect([...readerKeys]).toEqual([
      ['acme-site', 2_000],
      ['city_app', 5],
    ])
    for (const wrong of ['acme-site', 'acme-site:0', 'a:1', 'acme site:1', 'acme:1,acme:2', 'acme:1.5'])
      expect(faults({ REDIS_URL, READER_KEYS: wrong })).toEqual(['READER_KEYS'])
  })

  it('refuse LOG_EVENTS below RESUME_EVENTS', () => {
    expect(faults({ REDIS_URL, LOG_EVENTS: '10', RESUME_EVENTS: '11' })).toEqual(['LOG_EVENTS'])
    expect(faults({ REDIS_URL, LOG_EVENTS: '11', RESUME_EVENTS: '11' })).toEqual([])
  })

  it.each([
    { REDIS_URL: 'localhost:6379' },
    { REDIS_URL: 'http://localhost' },
    { REDIS_PREFIX: 'a{b}' },
    { REDIS_PREFIX: 'A' },
    { PORT: '65536' },
    { PORT: '80.5' },
    { PORT: ' ' + 'x' },
    { BOOTSTRAP_KEY: 'short' },
    { METRICS_TOKEN: 'short' },
    { FIRST_FEED: 'EN' },
    { MAX_CONNECTIONS: '0' },
    { MAX_CONNECTIONS: 'Infinity' },
    { TAIL_CHECK_MS: '1' },
  ])('are refused with %j', (environment) => {
    expect(faults({ REDIS_URL, ...environment })).toEqual(Object.keys(environment))
  })

  it('never show a secret in an error message', () => {
    const secret = 'hunter2hunter2'
    expect(() => readConfig({ BOOTSTRAP_KEY: secret, METRICS_TOKEN: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    )
  })
})
