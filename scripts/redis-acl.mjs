/**
 * `npm run -s redis:acl`: prints the ACL file for a Redis that others run. The passwords are for the operator to
 * write in; REDIS_PREFIX counts.
 */
import { builtRules } from './support/redis-users.mjs'
import { build } from './support/set-up.mjs'

await build()
const { aclFile, redisRights } = await builtRules()
const rights = redisRights(process.env['REDIS_PREFIX'] || 'fl')
process.stdout.write(aclFile(rights, (role) => `>REDIS_PASSWORD_${role.toUpperCase()}`))
