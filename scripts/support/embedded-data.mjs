/**
 * The data of `npm start` in one folder: which files must last, and where the archive is.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from './service-redis.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const otherRedisSettings = ['REDIS_URL', 'REDIS_URL_API', 'REDIS_URL_WORKER', 'REDIS_URL_GATEWAY']

/** The folder of Redis's append-only files, inside the data. */
export const aofFolder = 'redis/appendonlydir'
/** The other files that must last; a start makes those that are missing. */
export const smallFiles = ['redis/passwords.json', 'redis/users.acl', 'first-run-key']
export const archiveFileName = 'archive.db'

/**
 * Reads `.env`, and finds the data.
 *
 * @returns {Promise<{ dataDir: string, archive: string }>} absolute paths; the files may be missing
 * @throws {Refusal} Flashline uses another Redis, or PostgreSQL
 */
export async function embeddedData() {
  const settings = join(projectRoot, '.env')
  if (existsSync(settings)) process.loadEnvFile(settings)
  const { env } = process
  const other = otherRedisSettings.find((name) => env[name])
  if (other)
    throw new Refusal(
      `${other} names a Redis of your own, and this command is for the one of npm start. Copy yours as docs/operators.md says under "Back up" and "Restore"`,
    )
  const archiveUrl = env['ARCHIVE_URL'] || 'off'
  if (archiveUrl.startsWith('postgres'))
    throw new Refusal(
      'ARCHIVE_URL names PostgreSQL, and this command is for an archive in a file. Copy Redis first and PostgreSQL with pg_dump after it, as docs/operators.md says under "Back up"',
    )
  const dataDir = resolve(projectRoot, env['DATA_DIR'] || 'data')
  return {
    dataDir,
    archive: archiveUrl === 'off' ? join(dataDir, archiveFileName) : await fileOf(archiveUrl),
  }
}

/** @param {string} url */
async function fileOf(url) {
  /** @type {typeof import('../../src/archive/databases/archive-file.ts')} */
  const { archiveFile } = await import(
    new URL('../../dist/src/archive/databases/archive-file.js', import.meta.url).href
  )
  process.chdir(projectRoot)
  return archiveFile(url)
}
