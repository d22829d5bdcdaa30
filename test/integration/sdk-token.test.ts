import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createClient } from '../../web/sdk/create-client.ts'
import { connect } from '../../web/sdk/index.ts'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'

let system: System
let partners: ReturnType<typeof partnersOn>
let partner: TestPartner
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  partner = await partners.make(['wire'])
  await eventually('the key is known', 20_000, async () => {
    return (await system.snapshot('wire', bearer(partner.key))).status === 200
  })
})
afterAll(() => system.close())

it('the client reads a feed for partners with a token for each connection', async () => {
  let taken = 0
  const token = () => {
    taken++
    return partners.token(partner, { lifetimeS: 2 })
  }
  const reader = connect({ url: system.url, feed: 'wire', token })
  const stranger = connect({ url: `${system.url}/`, feed: 'wire', filters: { section: ['any'] } })
  await eventually('both have an answer', 20_000, () => {
    return reader.status.state === 'live' && stranger.status.state === 'refused'
  })
  expect([stranger.status.code, taken]).toEqual(['no-such-feed', 1])
  await system.publish('wire', ['With a token'])
  await eventually('the line shows', 20_000, () => reader.strip?.length === 1)
  reader.close()
  stranger.close()
})

it('a long poll goes on with another token when its own has ended', async () => {
  let taken = 0
  const token = () => {
    taken++
    // Longer than the ten seconds after which a connection counts as a good one.
    return partners.token(partner, { lifetimeS: 12 })
  }
  // A network that passes no stream on: every stream is answered as if nothing were there.
  const polling = createClient({
    WebSocket: undefined,
    fetch: (url, init) => (init.headers.accept ? Promise.reject(new Error('no streams')) : fetch(url, init)),
  })
  const reader = polling({ url: system.url, feed: 'wire', token })
  await eventually(
    'it polls',
    30_000,
    () => reader.status.transport === 'poll' && reader.status.state === 'live',
  )
  const before = taken
  const states = new Set<string>()
  reader.on('status', ({ state }) => states.add(state))
  await eventually('it has taken another token', 60_000, async () => {
    await system.publish('wire', 1)
    return taken > before && reader.status.state === 'live'
  })
  expect(states).not.toContain('refused')
  await system.publish('wire', ['After a new token'])
  await eventually('the line shows', 20_000, () => {
    return reader.strip?.some(({ text }) => text === 'After a new token')
  })
  reader.close()
})
