/**
 * `npm run backup -- FOLDER`: copies the data of `npm start`. `npm run backup -- --help` has details.
 */
import { existsSync, rmSync } from 'node:fs'
import { mkdir, open, readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { AofEnd } from './support/aof-end.mjs'
import { aofManifest, pinAof } from './support/aof-files.mjs'
import { dataFolder, describeFile, writeManifest } from './support/backup-manifest.mjs'
import { checkAof } from './support/check-aof.mjs'
import { copyBytes, existingPart, inMegabytes, progressOf, requireSpace } from './support/copy-progress.mjs'
import { aofFolder, archiveFileName, embeddedData, smallFiles } from './support/embedded-data.mjs'
import { findAuditHeads } from './support/find-audit-heads.mjs'
import { runScript, setUp, undoWhenStopped } from './support/run-script.mjs'
import { Refusal } from './support/service-redis.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const watchMs = 1000

const help = `npm run -s backup -- <folder>

Copies the data of npm start (DATA_DIR) to a new folder while the service runs, or while it stands still: headlines, log,
audit, accounts and keys of its Redis, the archive, passwords and the first key. Everything that was answered before the
backup began is in it. Nothing in the service is changed, so a backup may be stopped or killed at any time.

backup.json is written last, so a folder without it is no whole backup. Settings (.env) and the log are not copied.

Exit code: 0 the backup is whole; 2 there is none.`

/** @type {() => void} */
let removePart = () => undefined
undoWhenStopped('The backup was stopped; its files are removed', () => removePart())

await runScript(main, () => removePart())

/** @param {string[]} args */
async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  const [named, ...others] = positionals
  if (!named || others.length > 0) throw new Refusal('Name one folder: npm run backup -- <folder>')
  await setUp()
  const folder = resolve(process.env['INIT_CWD'] ?? '', named)
  const data = await embeddedData()
  await requirePlace(folder, data.dataDir)
  await backUp(folder, data)
}

/**
 * @param {string} folder
 * @param {string} dataDir
 */
async function requirePlace(folder, dataDir) {
  if (!existsSync(join(dataDir, aofFolder, aofManifest)))
    throw new Refusal(`${dataDir} holds no data of npm start. Set DATA_DIR to its folder`)
  const found = await readdir(folder).catch((/** @type {NodeJS.ErrnoException} */ { code }) => {
    if (code === 'ENOENT') return /** @type {string[]} */ ([])
    throw new Refusal(`${folder} cannot be a folder for the backup (${code})`)
  })
  if (found.includes(dataFolder) && !found.includes('backup.json'))
    throw new Refusal(
      `${folder} holds a backup that was broken off, or one that runs. Remove it or take another`,
    )
  if (found.length > 0) throw new Refusal(`${folder} is not empty. A backup takes a new folder`)
  const place = await existingPart(folder)
  const fromData = relative(await existingPart(dataDir), place)
  if (!fromData.startsWith('..'))
    throw new Refusal(`${folder} is inside the data that are copied, ${dataDir}`)
}

/**
 * Redis is pinned before the archive is copied. So a headline that moves in between is in both copies, and one that
 * moved before is in the archive.
 *
 * @param {string} folder
 * @param {{ dataDir: string, archive: string }} data
 */
async function backUp(folder, { dataDir, archive }) {
  const begun = new Date().toISOString()
  const auditHeads = await findAuditHeads(dataDir)
  const aof = await pinAof(join(dataDir, aofFolder))
  try {
    const total = await sizeOf(aof.files, archive)
    await requireSpace(folder, total)
    const target = await makeFolder(folder)
    const progress = progressOf(total, (line) => console.error(line))
    await copyArchive(archive, join(target, archiveFileName), progress)
    await copyAof(aof, join(target, aofFolder), progress)
    await copySmallFiles(dataDir, target)
    const check = await checkAof(join(target, aofFolder, aofManifest))
    const files = []
    for (const path of await filesIn(target)) files.push(await describeFile(target, path))
    const flashline = await ownVersion()
    await writeManifest(folder, { flashline, begun, ended: new Date().toISOString(), auditHeads, files })
    removePart = () => undefined
    console.log(doneText({ folder, dataDir, begun, flashline, check, auditHeads, files }))
  } finally {
    await aof.close()
  }
}

/**
 * @param {import('./support/aof-files.mjs').PinnedFile[]} files
 * @param {string} archive
 */
async function sizeOf(files, archive) {
  const parts = [archive, `${archive}-wal`].map((path) => stat(path).catch(() => ({ size: 0 })))
  return [...files, ...(await Promise.all(parts))].reduce((sum, { size }) => sum + size, 0)
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the folder for the data in it
 */
async function makeFolder(folder) {
  const isNew = !existsSync(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const target = join(folder, dataFolder)
  // Without `recursive` it fails when another backup has begun in this folder.
  await mkdir(target, { mode: 0o700 })
  removePart = () => rmSync(isNew ? folder : target, { recursive: true, force: true })
  await mkdir(join(target, aofFolder), { recursive: true, mode: 0o700 })
  return target
}

/**
 * @param {string} archive
 * @param {string} to
 * @param {(bytes: number) => void} progress
 */
async function copyArchive(archive, to, progress) {
  if (!existsSync(archive)) return
  /** @type {typeof import('../src/archive/databases/copy-libsql-file.ts')} */
  const { copyLibsqlFile } = await import(
    new URL('../dist/src/archive/databases/copy-libsql-file.js', import.meta.url).href
  )
  // The database copies itself, so the size of the growing file is the progress.
  let copied = 0
  const grown = async () => {
    const { size } = await stat(`${to}.part`).catch(() => ({ size: copied }))
    progress(size - copied)
    copied = size
  }
  const watch = setInterval(() => void grown(), watchMs)
  // The database makes its file with the rights that the umask leaves.
  const umask = process.umask(0o077)
  try {
    await copyLibsqlFile(archive, to)
  } finally {
    process.umask(umask)
    clearInterval(watch)
  }
}

/**
 * @param {import('./support/aof-files.mjs').PinnedAof} aof
 * @param {string} folder
 * @param {(bytes: number) => void} progress
 */
async function copyAof({ manifest, files }, folder, progress) {
  for (const [at, { name, handle, size }] of files.entries()) {
    // Redis may be writing to the last file, and a base is no list of commands.
    const end = at === files.length - 1 && name.endsWith('.incr.aof') ? new AofEnd() : undefined
    await copyBytes({
      from: handle,
      to: join(folder, name),
      size,
      onChunk(chunk) {
        progress(chunk.length)
        end?.add(chunk)
      },
      ...(end && { endAt: () => end.wholeBytes }),
    })
  }
  await writePrivate(join(folder, aofManifest), manifest)
}

/**
 * @param {string} dataDir
 * @param {string} target
 */
async function copySmallFiles(dataDir, target) {
  for (const path of smallFiles) {
    const content = await readFile(join(dataDir, path)).catch(() => undefined)
    if (content) await writePrivate(join(target, path), content)
  }
}

/**
 * @param {string} path
 * @param {string | Buffer} content
 */
async function writePrivate(path, content) {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** @param {string} target */
async function filesIn(target) {
  const entries = await readdir(target, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return paths.map((path) => relative(target, path)).sort()
}

async function ownVersion() {
  return JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')).version
}

/**
 * @param {{ folder: string, dataDir: string, begun: string, flashline: string, check: string, auditHeads: string[],
 *   files: { size: number }[] }} done
 */
function doneText({ folder, dataDir, begun, flashline, check, auditHeads, files }) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const audit =
    auditHeads.length > 0
      ? `the heads of ${auditHeads.length} audits are in backup.json`
      : 'no heads: they can be read only while the service runs'
  const beside = join(dirname(dataDir), `${basename(dataDir)}-restored`)
  return `The backup is whole: ${inMegabytes(bytes)} of Flashline ${flashline} in ${folder}

  Begun    ${begun}: everything that was answered before is in it
  Redis    ${check}
  Audit    ${audit}
  Restore  DATA_DIR=${beside} npm run restore -- ${folder}

It holds unreleased headlines, passwords and hashes of keys: protect it like the data, and take it to another computer.
Settings are not in it: keep .env with it.`
}
