import { afterEach, expect, it } from '@jest/globals'
import type { Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'
import { redisRights } from '../../src/eventlog/store/redis-users.ts'

const LIMIT_MS = 20_000
const roles = ['api', 'gateway', 'worker'] as const
const refusedTo = {
  api: ['desk', 'live', 'presence', 'witness', 'written'].map((kind) => `redis-refuses-${kind}`),
  gateway: ['feeds-changed', 'live', 'partners-changed', 'written-asked'].map(
    (kind) => `redis-refuses-${kind}`,
  ),
  worker: ['live', 'partners-changed', 'witness'].map((kind) => `redis-refuses-${kind}`),
}

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('lives on without the right to a channel, names it, and listens again when the right is back', async () => {
  scenario = await Scenario.start()
  const { cluster, poster, readers } = scenario
  const [gateway] = cluster.gateways
  const members = { api: cluster.apis[0]!, gateway: gateway!, worker: cluster.workers[0]! }
  const pids = roles.map((role) => members[role].pid)
  const admin = cluster.redisAs('admin')
  const allow = (role: (typeof roles)[number]) =>
    admin.acl('SETUSER', role, ...redisRights()[role].filter((right) => right.startsWith('&')))
  const warns = (role: (typeof roles)[number], warnings: readonly string[]) =>
    eventually(`${role} warns of ${warnings.join()}`, LIMIT_MS, async () => {
      return JSON.stringify(await readiness(members[role])) === JSON.stringify([200, warnings])
    })

  for (const role of roles) await admin.acl('SETUSER', role, 'resetchannels')
  for (const role of roles) await warns(role, refusedTo[role])
  expect(await members.api.metric('flashline_redis_channels_refused')).toBe(refusedTo.api.length)

  for (const role of ['api', 'worker'] as const) await allow(role)
  for (const role of ['api', 'worker'] as const) await warns(role, [])
  // The gateway reads the events from the log, also after a restart.
  await arrive(await poster.publishMany(5))
  await members.gateway.stop()
  await members.gateway.start()
  await warns('gateway', refusedTo.gateway)
  await arrive(await poster.publishMany(5))
  expect([members.api.pid, members.worker.pid]).toEqual([pids[0], pids[2]])

  await allow('gateway')
  await warns('gateway', [])
  await arrive(await poster.publishMany(5))
  admin.disconnect()

  async function arrive(posted: readonly { readonly position: string | undefined }[]): Promise<void> {
    await eventually('every reader has the lines', LIMIT_MS, () =>
      readers.every(({ steps }) =>
        posted.every(({ position }) =>
          steps.some(({ kind, frame }) => kind === 'reset' || frame.position === position),
        ),
      ),
    )
  }
}, 90_000)

async function readiness({ url }: Member): Promise<[number, readonly string[]]> {
  const answer = await fetch(`${url}/readyz`)
  const { warnings } = (await answer.json()) as { warnings: string[] }
  return [answer.status, warnings]
}
