import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { aclFile, redisRights } from '../../src/eventlog/store/redis-users.ts'

it('deploy/redis-users.acl is what `npm run -s redis:acl` prints', async () => {
  const shipped = await readFile(new URL('../../deploy/redis-users.acl', import.meta.url), 'utf8')
  expect(shipped).toBe(aclFile(redisRights(), (role) => `>REDIS_PASSWORD_${role.toUpperCase()}`))
})
