import { afterEach, expect, it } from '@jest/globals'
import { createClient } from '../../web/sdk/create-client.ts'
import { createClient as released } from '../support/client-0.2.0.mjs'
import { SdkReader } from '../support/sdk-reader.ts'
import { startSystem, type System } from '../support/system.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

const clients: Readonly<Record<string, typeof createClient>> = {
  'of today': createClient,
  'of 0.2.0': released as typeof createClient,
}
const transports = {
  websocket: undefined,
  sse: /upgrade: websocket/i,
  poll: /upgrade: websocket|text\/event-stream/i,
} as const
type Marks = 'on' | 'auto' | 'off'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})
function owned<T extends { close(): unknown }>(each: T): T {
  open.push(each)
  return each
}

const marksOf: readonly Marks[] = ['on', 'auto', 'off']
/** `MATRIX=full`: each with each. Else the marks that are not usual over one transport only. */
const cases = Object.keys(clients).flatMap((client) =>
  (Object.keys(transports) as (keyof typeof transports)[]).flatMap((transport) =>
    marksOf
      .filter((marks) => process.env.MATRIX === 'full' || marks === 'auto' || transport === 'websocket')
      .map((marks) => ({ client, marks, transport })),
  ),
)

it.each(cases)(
  'the client $client resumes with EMIT_MARKS=$marks over $transport, in order and without loss',
  async ({ client, marks, transport }) => {
    const system = owned(await startSystem({ EMIT_MARKS: marks, HEARTBEAT_MS: 1_000 }))
    const { proxy, reader } = await readBehindProxy(system, client, transport)
    const [one] = await system.publish('en', ['One'])
    await reader.shows('One')
    expect(reader.connection.status.transport).toBe(transport)

    proxy.isDown = true
    proxy.cut()
    await reader.is({ state: 'offline' })
    const missed = [
      ...(await system.publish('en', ['Two', 'Three'])),
      await system.correct('en', one!.headline, 'One, corrected', { note: 'A number was wrong' }),
    ]
    missed.push(await system.withdraw('en', missed[0]!.headline))
    proxy.isDown = false
    await reader.shows('Three', 'One, corrected')
    const last = await system.publish('en', ['Four'])
    await reader.shows('Four', 'Three', 'One, corrected')

    const released = [one!, ...missed, ...last].map(({ position }) => position)
    expect(reader.events.map(({ position }) => position)).toEqual(released)
    expect(reader.connection.status.malformed).toBe(0)
    expect(proxy.requests.some((line) => MARKED.test(line))).toBe(client === 'of today' && marks !== 'off')
  },
)

it.each(Object.keys(clients))(
  'the client %s goes back and forth between gateways that send marks and that do not',
  async (client) => {
    const first = owned(await startSystem({ EMIT_MARKS: 'on', HEARTBEAT_MS: 1_000 }))
    const gateways: Record<Marks, System> = {
      on: first,
      off: await another(first, 'off'),
      auto: await another(first, 'auto'),
    }
    const { proxy, reader } = await readBehindProxy(first, client, 'websocket')
    const positions: string[] = []
    for (const marks of ['on', 'off', 'on', 'auto', 'off', 'auto'] as const) {
      proxy.servicePort = gateways[marks].port
      proxy.cut()
      const [event] = await first.publish('en', [`Line ${positions.length}`])
      positions.push(event!.position)
      await reader.shows(...Array.from(positions, (_, at) => `Line ${at}`).reverse())
    }
    expect(reader.events.map(({ position }) => position)).toEqual(positions)
    expect(reader.connection.status.malformed).toBe(0)
  },
)

/** A position with its mark, in a request line. */
const MARKED = /after=[a-z0-9]{8}(:|%3A)\d+(:|%3A)/i

async function another({ prefix }: System, marks: Marks): Promise<System> {
  return owned(
    await startSystem(
      { REDIS_PREFIX: prefix, EMIT_MARKS: marks, HEARTBEAT_MS: 1_000, DRAIN_MS: 500 },
      'gateway',
    ),
  )
}

async function readBehindProxy(
  system: System,
  client: string,
  transport: keyof typeof transports,
): Promise<{ proxy: TcpProxy; reader: SdkReader }> {
  const proxy = owned(await TcpProxy.start(system.port))
  proxy.blocked = transports[transport]
  const reader = new SdkReader({ url: proxy.url, feed: 'en' }, {}, clients[client])
  owned({
    close: () => {
      reader.connection.close()
    },
  })
  await reader.shows()
  return { proxy, reader }
}
