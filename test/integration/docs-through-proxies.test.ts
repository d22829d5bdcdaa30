import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { shippedProxies } from '../support/shipped-proxies.ts'
import { startProxy, type RunningProxy } from '../support/start-proxy.ts'
import { startSystem, type System } from '../support/system.ts'

const DOWNLOAD_TIMEOUT_MS = 300_000
/** The proxies whose configuration tells api and gateway apart. */
const edges = shippedProxies.filter(({ name }) => name === 'nginx' || name === 'haproxy')

let api: System
let gateway: System
beforeAll(async () => {
  api = await startSystem({ TRUST_PROXY: 1 }, 'api')
  gateway = await startSystem({ TRUST_PROXY: 1, REDIS_PREFIX: api.prefix }, 'gateway')
})
afterAll(() => Promise.all([api.close(), gateway.close()]))

describe.each(edges)('through $name, with api and gateway apart', (edge) => {
  let proxy: RunningProxy
  beforeAll(async () => {
    proxy = await startProxy(edge, api.port, gateway.port)
  }, DOWNLOAD_TIMEOUT_MS)
  afterAll(() => proxy.close())

  it.each(['/docs', '/docs/streams', '/v1/openapi.json', '/v1/asyncapi.json'])(
    '%s comes from the api',
    async (path) => {
      const answer = await fetch(proxy.url + path)
      // Only the api names its answers.
      expect([answer.status, answer.headers.has('x-request-id')]).toEqual([200, true])
      const [, script] = /<script type="module" src="([^"]+)">/.exec(await answer.text()) ?? []
      if (script !== undefined) expect((await fetch(proxy.url + script)).status).toBe(200)
    },
  )

  it('a page of readers comes from the gateway', async () => {
    const answer = await fetch(`${proxy.url}/how-to-post`)
    expect([answer.status, answer.headers.has('x-request-id')]).toEqual([200, false])
  })
})
