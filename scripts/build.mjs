/**
 * The build: compiled services and Lua scripts in dist/src and dist/workers, the pages with their bundles in
 * dist/web/page, dist/web/embed and dist/web/showcase, the newsroom's page in dist/web/desk, the reader's client in
 * dist/web/sdk, the ticker for other sites in dist/web/widget, Redoc for /docs in dist/web/docs, and the graphic for
 * television in dist/web/on-air.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDesk } from './support/build-desk.mjs'
import { buildDocs } from './support/build-docs.mjs'
import { buildOnAir } from './support/build-on-air.mjs'
import { buildSdk } from './support/build-sdk.mjs'
import { buildWidget } from './support/build-widget.mjs'
import { socketFolderOf, withLock } from './support/socket-lock.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const dist = join(projectRoot, 'dist')
const stampFile = join(dist, '.stamp')
const lockTimeoutMs = 5 * 60_000
const compileTimeoutMs = 5 * 60_000

/**
 * Builds when a source has changed since the last build. Two builds at the same time wait for each other.
 *
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} whether anything was built
 */
export async function build({ force = false, log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  if (!force && (await isFresh())) return false

  const cache = join(projectRoot, '.cache')
  await mkdir(cache, { recursive: true })
  const lock = join(await socketFolderOf(cache), 'build')
  const onWait = () => log('Another build is running: waiting for it')
  return withLock(lock, { limitMs: lockTimeoutMs, onWait }, async () => {
    if (!force && (await isFresh())) return false
    log('Building')
    const stamp = await describeSources()
    await rm(stampFile, { force: true })
    await compile({ force })
    await copyLua()
    await bundlePages()
    await buildDesk(projectRoot)
    await buildDocs(projectRoot)
    const clientNames = await buildSdk(projectRoot)
    const { file, integrity } = await buildWidget(projectRoot, clientNames)
    await buildOnAir(projectRoot)
    log(
      `Ticker: <script src="/widget/${file}" integrity="${integrity}" crossorigin="anonymous" async></script>`,
    )
    // The stamp is written last, so that an interrupted build is repeated.
    await writeFile(`${stampFile}.new`, stamp)
    await rename(`${stampFile}.new`, stampFile)
    return true
  })
}

async function isFresh() {
  const [stamp, sources] = await Promise.all([readFile(stampFile, 'utf8').catch(() => ''), describeSources()])
  return stamp === sources
}

/** A hash over names, sizes and times of all files that the build reads, and the version of Node, so that each builds. */
async function describeSources() {
  const folders = ['src', 'workers', 'web']
  const files = (await Promise.all(folders.map((folder) => filesIn(join(projectRoot, folder))))).flat()
  const settings = [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'scripts/build.mjs',
    'scripts/support/build-desk.mjs',
    'scripts/support/build-docs.mjs',
    'scripts/support/build-on-air.mjs',
    'scripts/support/write-zip.mjs',
    'scripts/support/build-sdk.mjs',
    'scripts/support/build-widget.mjs',
    'scripts/support/build-fonts.mjs',
  ]
  const lines = await Promise.all(
    [...files, ...settings.map((name) => join(projectRoot, name))].map(async (path) => {
      const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }))
      return `${relative(projectRoot, path)} ${mtimeMs} ${size}`
    }),
  )
  return createHash('sha256')
    .update([process.version, ...lines.sort()].join('\n'))
    .digest('hex')
}

/** @param {{ force: boolean }} options */
async function compile({ force }) {
  // Without its output, tsc's build info is wrong: tsc would not write the files again.
  if (force || !existsSync(join(dist, 'src'))) await rm(join(dist, '.tsbuildinfo'), { force: true })
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
  await runNode([compiler, '-p', 'tsconfig.build.json', '--pretty', 'false'])
  for (const folder of ['src', 'workers']) await removeStale(folder)
}

/**
 * Removes output without a source file: an import of a deleted module would otherwise still work.
 * @param {string} folder
 */
async function removeStale(folder) {
  const sources = new Set(await filesIn(join(projectRoot, folder)))
  for (const output of await filesIn(join(dist, folder))) {
    const path = join(projectRoot, relative(dist, output))
    const source = path.replace(/\.js(\.map)?$/, '.ts')
    if (!sources.has(source)) await rm(output)
  }
}

async function copyLua() {
  const scripts = (await filesIn(join(projectRoot, 'src'))).filter((file) => extname(file) === '.lua')
  for (const script of scripts) await copy(script, join(dist, relative(projectRoot, script)))
}

/** The scripts of each page with their names and formats. */
const pages = {
  page: [
    { source: 'page.ts', output: 'page.js', format: 'esm' },
    { source: 'how-to-post.ts', output: 'how-to-post.js', format: 'esm' },
  ],
  embed: [
    { source: 'builder.ts', output: 'builder.js', format: 'esm' },
    // Classic scripts: frame.js runs in a sandbox without an origin, v1.js in pages of other sites.
    { source: 'frame.ts', output: 'frame.js', format: 'iife' },
    { source: 'parent.ts', output: 'v1.js', format: 'iife' },
  ],
  conformance: [{ source: 'conformance.ts', output: 'conformance.js', format: 'esm' }],
  showcase: [],
}

async function bundlePages() {
  for (const [name, scripts] of Object.entries(pages)) await bundlePage(name, scripts)
}

/**
 * @param {string} name
 * @param {{ source: string, output: string, format: string }[]} scripts
 */
async function bundlePage(name, scripts) {
  const folder = join('web', name)
  const { build: bundle } = await import('esbuild')
  for (const { source, output, format } of scripts) {
    await bundle({
      absWorkingDir: projectRoot,
      entryPoints: [join(folder, source)],
      outfile: join('dist', folder, output),
      bundle: true,
      format: format === 'esm' ? 'esm' : 'iife',
      platform: 'browser',
      target: 'es2022',
      minify: true,
      sourcemap: true,
      logLevel: 'warning',
    })
  }
  await copyAssets(
    folder,
    scripts.flatMap(({ output }) => [output, `${output}.map`]),
  )
}

/**
 * Copies files that are served unchanged. Other files in the output are removed, because they would be served too.
 * @param {string} folder
 * @param {string[]} bundled names of the bundles in the output
 */
async function copyAssets(folder, bundled) {
  const [source, output] = [join(projectRoot, folder), join(dist, folder)]
  const assets = (await filesIn(source)).filter((file) => extname(file) !== '.ts')
  const names = assets.map((asset) => relative(source, asset))
  for (const name of names) await copy(join(source, name), join(output, name))
  const expected = new Set([...names, ...bundled].map((name) => join(output, name)))
  for (const file of await filesIn(output)) if (!expected.has(file)) await rm(file)
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>} absolute paths, all levels
 */
async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
  return (await Promise.all(nested)).flat()
}

/**
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function runNode(args) {
  return new Promise((resolve, reject) => {
    const options = { cwd: projectRoot, timeout: compileTimeoutMs, maxBuffer: 1 << 26 }
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`The build failed:\n${stdout}${stderr}`.trimEnd()))
      else resolve()
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ force: true }).catch((/** @type {Error} */ error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
