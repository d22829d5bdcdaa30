import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'
import type { Refused } from '../support/ws-reader.ts'

const LIMIT_MS = 20_000

/** An output on air beside a partner of the usual kind. Pages of other sites may not read. */
let system: System
let partners: ReturnType<typeof partnersOn>
let output: TestPartner
let acme: TestPartner
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  await system.createFeed({ id: 'exercise', lang: 'en', drill: true })
  output = await partners.make(['*'], { onAir: true })
  acme = await partners.make(['*'])
  await opens(output, 'wire')
})
afterAll(() => system.close())

const opens = ({ key }: TestPartner, feed: string) =>
  eventually(`${feed} is served`, LIMIT_MS, async () => (await statusOf(feed, bearer(key))) === 200)

const statusOf = async (feed: string, headers: Record<string, string>, query = '') =>
  (await system.get(`/v1/feeds/${feed}${query}`, headers)).status

/** The status of a handshake, as a browser at this origin makes it. */
const handshake = (feed: string, origin: string | undefined, query: Record<string, string>) =>
  system.connect(feed, { query, ...(origin !== undefined && { origin }) }).then(
    () => 101,
    (refused: unknown) => (refused as Refused).status,
  )

describe('the key of an output on air', () => {
  it('is told apart from that of a partner', () => {
    expect(output.key).toMatch(/^fo_/)
    expect(acme.key).toMatch(/^fp_/)
  })

  it.each(['null', 'file://', 'http://localhost:5656', undefined])(
    'opens a feed in the address of a host whose origin is %s',
    async (origin) => {
      for (const feed of ['en', 'wire'])
        expect([feed, await handshake(feed, origin, { token: output.key })]).toEqual([feed, 101])
      const from = origin === undefined ? {} : { origin }
      const answer = await system.get('/v1/feeds/wire', { ...from, ...bearer(output.key) })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin ?? null)
    },
  )

  it('is needed where the host has no origin', async () => {
    for (const origin of ['null', 'file://']) {
      expect(await handshake('en', origin, {})).toBe(403)
      expect(await handshake('en', origin, { token: acme.key })).toBe(401)
      expect(await handshake('en', origin, { token: `${output.key.slice(0, -1)}_` })).toBe(401)
    }
  })

  it('opens no drill, whatever the address says', async () => {
    expect(await statusOf('exercise', {}, '?drill=1')).toBe(200)
    expect(await statusOf('exercise', bearer(acme.key), '?drill=1')).toBe(200)
    expect(await statusOf('exercise', bearer(output.key), '?drill=1')).toBe(404)
    expect(await handshake('exercise', 'null', { token: output.key, drill: '1' })).toBe(404)
  })

  it('is valid no more when the output is a partner of the usual kind now', async () => {
    const other = await partners.make(['en'], { onAir: true })
    await opens(other, 'en')
    await partners.change(other, ['en'])
    await eventually('it is refused', LIMIT_MS, async () => (await statusOf('en', bearer(other.key))) === 401)
  })

  it('ends the stream of the output when it is revoked', async () => {
    const other = await partners.make(['en'], { onAir: true })
    await opens(other, 'en')
    const reader = await system.connect('en', { query: { token: other.key }, origin: 'null' })
    await partners.revoke(other)
    expect((await reader.closed).code).toBe(4401)
  })
})
