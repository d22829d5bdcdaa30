/**
 * `npm run -s redis:acl`: prints an ACL file for a Redis that you run yourself. Replace the passwords in it. The file
 * depends on REDIS_PREFIX.
 */
import { builtRules } from './support/redis-users.mjs'
import { build } from './support/set-up.mjs'

await build()
const { aclFile, redisRights } = await builtRules()
const rights = redisRights(process.env['REDIS_PREFIX'] || 'fl')
process.stdout.write(aclFile(rights, (role) => `>REDIS_PASSWORD_${role.toUpperCase()}`))
