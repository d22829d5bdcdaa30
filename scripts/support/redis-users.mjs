/**
 * The users of the Redis that redis-server.mjs starts: their passwords, created at the first start and kept with the
 * data, and the ACL file, written at each start.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * @typedef {'api' | 'worker' | 'gateway' | 'keeper' | 'admin'} RedisUser
 * @typedef {Readonly<Record<RedisUser, string>>} Passwords
 */

/** @type {readonly RedisUser[]} */
const allUsers = ['api', 'worker', 'gateway', 'keeper', 'admin']
/** The user of the start scripts, which only check that the server runs and stop it. */
const keeperRights = ['+ping', '+shutdown']
const adminRights = ['~*', '&*', '+@all']

/**
 * @param {string} dir private folder of the data
 * @returns {Promise<Passwords>} missing passwords are created
 */
export async function keepPasswords(dir) {
  const file = join(dir, 'passwords.json')
  const kept = await readPasswords(file)
  const fresh = () => randomBytes(24).toString('hex')
  const passwords = /** @type {Passwords} */ (
    Object.fromEntries(allUsers.map((user) => [user, kept[user] ?? fresh()]))
  )
  await replace(file, `${JSON.stringify(passwords, undefined, 2)}\n`)
  return passwords
}

/**
 * @param {string} dir
 * @param {{ passwords: Passwords, prefix: string, admin: boolean }} options
 * @returns {Promise<string>} path of the ACL file
 */
export async function writeAclFile(dir, { passwords, prefix, admin }) {
  const { aclFile, redisRights } = await builtRules()
  const users = { ...redisRights(prefix), keeper: keeperRights, ...(admin && { admin: adminRights }) }
  const hashOf = (/** @type {string} */ user) =>
    createHash('sha256')
      .update(passwords[/** @type {RedisUser} */ (user)])
      .digest('hex')
  const file = join(dir, 'users.acl')
  await replace(
    file,
    aclFile(users, (user) => `#${hashOf(user)}`),
  )
  return file
}

/** @returns {Promise<typeof import('../../src/eventlog/store/redis-users.ts')>} as it is built */
export async function builtRules() {
  return import(new URL('../../dist/src/eventlog/store/redis-users.js', import.meta.url).href)
}

/**
 * @param {string} address redis://…, or the path of a unix socket
 * @param {string} user
 * @param {string} password without characters that have a meaning in a URL
 */
export function withUser(address, user, password) {
  return address.startsWith('/')
    ? `${address}?username=${user}&password=${password}`
    : address.replace('://', `://${user}:${password}@`)
}

/**
 * @param {string} file
 * @returns {Promise<Partial<Passwords>>} empty when the file is missing or damaged; new passwords are created then
 */
async function readPasswords(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * @param {string} file replaced in one step, so that no reader gets half a text
 * @param {string} text
 */
async function replace(file, text) {
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
