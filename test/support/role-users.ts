import { Redis } from 'ioredis'
import { withUser } from '../../scripts/support/redis-users.mjs'
import { redisRights } from '../../src/eventlog/store/redis-users.ts'
import { freshPrefix, testRedisUrl } from './redis.ts'

/** The address of the tests' Redis, without a user. */
const address = testRedisUrl.replace(/^(\/[^?]*)\?.*$/, '$1').replace(/^(rediss?:\/\/)[^/]*@/, '$1')
const password = 'of-the-tests'

/** Creates a Redis user for each role with the rights of `npm start`. Returns the settings for them. */
export async function createRoleUsers(prefix: string): Promise<Record<string, string>> {
  const admin = new Redis(testRedisUrl)
  const settings: Record<string, string> = {}
  for (const [role, rights] of Object.entries(redisRights(prefix))) {
    const user = `${freshPrefix()}-${role}`
    await admin.acl('SETUSER', user, 'reset', 'resetchannels', 'on', `>${password}`, ...rights)
    settings[`REDIS_URL_${role.toUpperCase()}`] = withUser(address, user, password)
  }
  admin.disconnect()
  return settings
}
