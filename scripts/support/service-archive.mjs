/**
 * The archive of the service, for an operator's script.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from './service-redis.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')

/**
 * Opens the archive with the older part of the audit.
 *
 * @param {string} identity of the archive to which Redis has moved headlines and audit
 * @returns {Promise<import('../../src/archive/archive.ts').Archive>}
 * @throws {Refusal} there is another archive or none
 */
export async function openServiceArchive(identity) {
  const archive = await openPresentArchive('The older part of the audit is in an archive')
  if (archive.identity === identity) return archive
  await archive.close()
  throw new Refusal('ARCHIVE_URL names another archive than the one with the older part of the audit')
}

/**
 * Opens the archive of ARCHIVE_URL, or else the one in the folder of `npm start`. The project must be built, and `.env`
 * must have been read.
 *
 * @param {string} why the archive is needed
 * @returns {Promise<import('../../src/archive/archive.ts').Archive>}
 * @throws {Refusal} there is none
 */
export async function openPresentArchive(why) {
  const url = process.env['ARCHIVE_URL'] || `file:${join(process.env['DATA_DIR'] || 'data', 'archive.db')}`
  const { openArchive, archiveFile } = await builtParts()
  // As in the service, a relative path begins at the project's folder.
  process.chdir(projectRoot)
  if (url === 'off' || (url.startsWith('file:') && !existsSync(archiveFile(url))))
    throw new Refusal(`${why}. ARCHIVE_URL must name it; now it is ${url}`)
  return openArchive(url)
}

async function builtParts() {
  const load = (/** @type {string} */ file) =>
    import(new URL(`../../dist/src/archive/databases/${file}`, import.meta.url).href)
  /** @type {typeof import('../../src/archive/databases/open-archive.ts')} */
  const { openArchive } = await load('open-archive.js')
  /** @type {typeof import('../../src/archive/databases/archive-file.ts')} */
  const { archiveFile } = await load('archive-file.js')
  return { openArchive, archiveFile }
}
