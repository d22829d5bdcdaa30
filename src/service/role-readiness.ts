import { listFeedIds } from '../eventlog/feeds/feeds.ts'
import { acceptsWrites } from '../eventlog/store/accepts-writes.ts'
import type { ServiceRole } from '../platform/config.ts'
import { DamagedError } from '../platform/errors.ts'
import type { Readiness } from '../platform/health-routes.ts'
import type { RoleContext } from './role-context.ts'

/** Whether a role can do its work: a gateway reads; the api and the workers write. */
export async function roleReadiness(role: ServiceRole, { store }: RoleContext): Promise<Readiness> {
  const { faults } = store
  const [feeds, refused] = await Promise.all([
    readFeedSet(store),
    role === 'gateway' ? [] : writeFault(store),
    faults.lookAgain(),
  ])
  const failing = [...refused]
  if (role === 'gateway' && feeds === 'unanswered') failing.push('redis')
  if (faults.count('right') > 0) failing.push('redis-rights')
  if (feeds === 'unknown') failing.push('feeds-damaged')
  const warnings = [
    ...(feeds === 'remembered' ? ['feeds-damaged'] : []),
    ...(faults.count('record') > 0 ? ['records-damaged'] : []),
    ...(faults.count('channel') > 0 ? ['redis-refuses-publishing'] : []),
  ]
  return { failing, warnings }
}

async function writeFault(store: RoleContext['store']): Promise<string[]> {
  const accepts = await acceptsWrites(store)
  if (accepts === 'yes') return []
  return [accepts === 'no' ? 'redis-writes' : 'redis']
}

/**
 * `remembered`: the set of feeds is damaged, and the role goes on with those that it has read before. Not PING: Redis
 * refuses it as soon as it refuses writes.
 */
async function readFeedSet(
  store: RoleContext['store'],
): Promise<'read' | 'remembered' | 'unknown' | 'unanswered'> {
  const { faults, keys } = store
  try {
    await listFeedIds(store)
    return faults.has('record', keys.feeds) ? 'remembered' : 'read'
  } catch (error) {
    return error instanceof DamagedError ? 'unknown' : 'unanswered'
  }
}
