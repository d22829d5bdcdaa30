/**
 * `backup.json`, which says what a backup holds. It is written last: a folder without it is no whole backup.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { aofFolder, archiveFileName, smallFiles } from './embedded-data.mjs'
import { Refusal } from './service-redis.mjs'

/** The folder of the data inside a backup. */
export const dataFolder = 'data'
const manifestFile = 'backup.json'
const format = 1

/**
 * @typedef {object} BackupFile
 * @property {string} path inside the data, with "/"
 * @property {number} size in bytes
 * @property {string} sha256
 *
 * @typedef {object} BackupManifest
 * @property {number} format
 * @property {string} flashline version of the program that made the backup
 * @property {string} begun RFC 3339; everything that was answered before is in the backup
 * @property {string} ended
 * @property {string[]} auditHeads `<scope>:<n>:<chain>` as they were when it began, for audit:verify; empty when Redis
 *   stood still
 * @property {BackupFile[]} files
 */

/**
 * @param {string} folder of the backup
 * @param {Omit<BackupManifest, 'format'>} content
 */
export async function writeManifest(folder, content) {
  const draft = join(folder, `${manifestFile}.new`)
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify({ format, ...content }, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, manifestFile))
}

/**
 * @param {string} folder of the backup
 * @param {string} ownVersion of this Flashline
 * @returns {Promise<BackupManifest>}
 * @throws {Refusal} the folder is no whole backup, or a newer version has made it
 */
export async function readManifest(folder, ownVersion) {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch((error) => {
    throw new Refusal(
      error.code === 'ENOENT'
        ? `${folder} is no whole backup: it has no ${manifestFile}, which npm run backup writes last`
        : `${join(folder, manifestFile)} cannot be read (${error.code})`,
    )
  })
  const manifest = parsed(text)
  if (!manifest) throw new Refusal(`${join(folder, manifestFile)} is damaged`)
  if (manifest.format > format || isNewer(manifest.flashline, ownVersion))
    throw new Refusal(
      `Flashline ${manifest.flashline} has made this backup, and this is Flashline ${ownVersion}. Restore it with version ${manifest.flashline} or newer`,
    )
  if (!manifest.files.every(({ path }) => isKnownFile(path)))
    throw new Refusal(`${join(folder, manifestFile)} is damaged: it names files that a backup does not have`)
  return manifest
}

/**
 * @param {string} root of the data
 * @param {string} path inside it
 * @returns {Promise<BackupFile>}
 */
export async function describeFile(root, path) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(join(root, path))) hash.update(chunk)
  return { path, size: (await stat(join(root, path))).size, sha256: hash.digest('hex') }
}

/**
 * @param {string} text
 * @returns {BackupManifest | undefined}
 */
function parsed(text) {
  try {
    const manifest = JSON.parse(text)
    const { flashline, begun, files, auditHeads } = manifest
    const isWhole =
      [flashline, begun].every((member) => typeof member === 'string') &&
      typeof manifest.format === 'number' &&
      Array.isArray(auditHeads) &&
      Array.isArray(files) &&
      files.every(({ path, size, sha256 }) => typeof path === 'string' && size >= 0 && sha256.length === 64)
    return isWhole ? manifest : undefined
  } catch {
    return undefined
  }
}

/**
 * No other file is copied, so that a changed manifest cannot write outside the data.
 *
 * @param {string} path
 */
function isKnownFile(path) {
  const inAof = path.startsWith(`${aofFolder}/`) ? path.slice(aofFolder.length + 1) : undefined
  if (inAof !== undefined) return /^[\w.-]+$/.test(inAof) && !inAof.startsWith('.')
  return path === archiveFileName || smallFiles.includes(path)
}

/**
 * @param {string} version as "1.2.3"
 * @param {string} other
 */
function isNewer(version, other) {
  const [numbers, otherNumbers] = [version, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  for (const [at, number] of (numbers ?? []).entries()) {
    const own = otherNumbers?.[at] ?? 0
    if (number !== own) return number > own
  }
  return false
}
