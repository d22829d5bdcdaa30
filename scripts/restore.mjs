/**
 * `npm run restore -- FOLDER`: makes the data of `npm start` from a backup. `npm run restore -- --help` has details.
 */
import { rmSync } from 'node:fs'
import { mkdir, open, readFile, readdir, realpath, rename } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { dataFolder, readManifest } from './support/backup-manifest.mjs'
import { copyBytes, progressOf, requireSpace } from './support/copy-progress.mjs'
import { archiveFileName, embeddedData } from './support/embedded-data.mjs'
import { runningRedis } from './support/redis-server.mjs'
import { runScript, setUp, undoWhenStopped } from './support/run-script.mjs'
import { Refusal } from './support/service-redis.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')

const help = `npm run -s restore -- <folder>

Makes the data of npm start from a backup of npm run backup. DATA_DIR names the folder of the data, which must not exist
or must be empty: put the earlier data aside first. Every file is compared with the backup's list before the folder gets
its name, so a restore that is broken off leaves no data behind.

Exit code: 0 the data are restored; 2 they are not.`

/** @type {() => void} */
let removePart = () => undefined
undoWhenStopped('The restore was stopped; its files are removed', () => removePart())

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
  if (!named || others.length > 0)
    throw new Refusal('Name the folder of the backup: npm run restore -- <folder>')
  await setUp()
  const folder = resolve(process.env['INIT_CWD'] ?? '', named)
  const { dataDir, archive } = await embeddedData()
  const manifest = await readManifest(folder, await ownVersion())
  await requireEmpty(dataDir)
  await restore(folder, manifest, dataDir)
  console.log(doneText(manifest, dataDir, archive))
}

/** @param {string} dataDir */
async function requireEmpty(dataDir) {
  if ((await runningRedis(join(dataDir, 'redis'), 'api')) !== undefined)
    throw new Refusal(`${dataDir} is in use by npm start. Stop it and put the data aside, or set DATA_DIR`)
  const found = await readdir(dataDir).catch((/** @type {NodeJS.ErrnoException} */ { code }) => {
    if (code === 'ENOENT') return /** @type {string[]} */ ([])
    throw new Refusal(`${dataDir} cannot be the folder of the data (${code})`)
  })
  if (found.length > 0)
    throw new Refusal(
      `${dataDir} is not empty. Put it aside (mv ${dataDir} ${dataDir}.old), or set DATA_DIR to another folder`,
    )
}

/**
 * @param {string} folder
 * @param {import('./support/backup-manifest.mjs').BackupManifest} manifest
 * @param {string} dataDir
 */
async function restore(folder, { files }, dataDir) {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const place = await realpath(dataDir).catch(() => dataDir)
  const work = `${place}.restoring`
  await requireSpace(work, total)
  await makeWork(work)
  const progress = progressOf(total, (line) => console.error(line))
  for (const file of files) await copyChecked(join(folder, dataFolder), file, work, progress)
  await rename(work, place).catch((/** @type {NodeJS.ErrnoException} */ { code }) => {
    throw new Refusal(`${dataDir} cannot be put in place (${code}): name a folder that this user can rename`)
  })
  removePart = () => undefined
}

/** @param {string} work */
async function makeWork(work) {
  await mkdir(dirname(work), { recursive: true })
  await mkdir(work, { mode: 0o700 }).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EEXIST') throw error
    throw new Refusal(`${work} is there: another restore runs, or one was killed. Remove it then`)
  })
  removePart = () => rmSync(work, { recursive: true, force: true })
}

/**
 * @param {string} source
 * @param {import('./support/backup-manifest.mjs').BackupFile} file
 * @param {string} work
 * @param {(bytes: number) => void} progress
 */
async function copyChecked(source, { path, size, sha256 }, work, progress) {
  const from = await open(join(source, path), 'r').catch((/** @type {NodeJS.ErrnoException} */ { code }) => {
    throw new Refusal(
      `The backup is damaged: ${path} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`}`,
    )
  })
  try {
    const hash = createHash('sha256')
    let copied = 0
    const onChunk = (/** @type {Buffer} */ chunk) => {
      hash.update(chunk)
      copied += chunk.length
      progress(chunk.length)
    }
    await mkdir(dirname(join(work, path)), { recursive: true, mode: 0o700 })
    // One byte more shows that the file has grown.
    await copyBytes({ from, to: join(work, path), size: size + 1, onChunk })
    if (copied !== size || hash.digest('hex') !== sha256)
      throw new Refusal(`The backup is damaged: ${path} is not the file that was copied`)
  } finally {
    await from.close()
  }
}

async function ownVersion() {
  return JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')).version
}

/**
 * @param {import('./support/backup-manifest.mjs').BackupManifest} manifest
 * @param {string} dataDir
 * @param {string} archive where ARCHIVE_URL says that it is
 */
function doneText({ begun, flashline, auditHeads, files }, dataDir, archive) {
  const isUsual = dataDir === join(projectRoot, 'data')
  const setting = isUsual ? '' : `DATA_DIR=${shellWord(dataDir)} `
  const heads = auditHeads.map((head) => ` --expect ${head}`).join('')
  const restored = join(dataDir, archiveFileName)
  const isElsewhere = archive !== restored && files.some(({ path }) => path === archiveFileName)
  return `Restored to ${relative(process.cwd(), dataDir) || dataDir}: the data of ${begun}, from Flashline ${flashline}

  Start    ${setting}npm start
  Check    ${setting}npm run -s audit:verify${heads && ` --${heads}`}
${isElsewhere ? `  Archive  ARCHIVE_URL names ${archive}: remove the setting, or move ${restored} there before the start\n` : ''}
Acts after that time are lost, also revocations of keys: do these again. A reader that has seen later events proves the
loss when it returns, and then every reader gets the strip again: docs/operators.md, "Restore".`
}

/** @param {string} path */
function shellWord(path) {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
