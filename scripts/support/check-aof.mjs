/**
 * Checks copied append-only files with the program that comes with the server.
 */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findRedisServer } from './redis-server.mjs'
import { Refusal } from './service-redis.mjs'

const programs = ['redis-check-aof', 'valkey-check-aof']

/**
 * @param {string} manifest of the append-only files
 * @returns {Promise<string>} what was checked, as a sentence for the operator
 * @throws {Refusal} the files are damaged
 */
export async function checkAof(manifest) {
  const checker = await findChecker()
  if (!checker) return 'not checked: redis-check-aof is not installed beside the server'
  try {
    await promisify(execFile)(checker.binary, [manifest], { env: { ...process.env, ...checker.env } })
    return 'checked with redis-check-aof'
  } catch (error) {
    const { stdout = '', message } = /** @type {Error & { stdout?: string }} */ (error)
    const lines = (stdout || message).trim().split('\n').slice(-4).join('\n')
    throw new Refusal(`redis-check-aof finds the copy of Redis damaged:\n${lines}`)
  }
}

async function findChecker() {
  const server = await findRedisServer({ log: () => undefined }).catch(() => undefined)
  if (!server) return undefined
  for (const program of programs) {
    const binary = join(dirname(server.binary), program)
    const isThere = await access(binary, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return { binary, env: server.env }
  }
  return undefined
}
