import { acceptsWrites } from '../eventlog/store/accepts-writes.ts'
import type { ServiceRole } from '../platform/config.ts'
import type { Readiness } from '../platform/health-routes.ts'
import type { RoleContext } from './role-context.ts'

/** Whether a role can do its work: a gateway reads; the api and the workers write. */
export async function roleReadiness(role: ServiceRole, { store }: RoleContext): Promise<Readiness> {
  const { faults } = store
  const failing = role === 'gateway' ? await readFault(store) : await writeFault(store)
  if (faults.count('right') > 0) failing.push('redis-rights')
  const warnings = [
    ...(faults.count('record') > 0 ? ['records-damaged'] : []),
    ...(faults.count('channel') > 0 ? ['redis-refuses-publishing'] : []),
  ]
  return { failing, warnings }
}

/** Not PING: Redis refuses it as soon as it refuses writes. */
async function readFault({ redis, keys }: RoleContext['store']): Promise<string[]> {
  return redis.smembers(keys.feeds).then(
    () => [],
    () => ['redis'],
  )
}

async function writeFault(store: RoleContext['store']): Promise<string[]> {
  const accepts = await acceptsWrites(store)
  if (accepts === 'yes') return []
  return [accepts === 'no' ? 'redis-writes' : 'redis']
}
