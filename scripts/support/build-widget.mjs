/**
 * Builds the ticker for other sites: one classic script that includes the reader's client, and parts of the client that
 * it loads on demand. File names contain a hash of the content, so that browsers can cache the files for ever.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFonts } from './build-fonts.mjs'
import { bundle as clientBundle } from './build-sdk.mjs'
import { withSecondTries } from './second-tries.mjs'

/** Parts of the client that buildSdk has built. */
const clientParts = ['http-transports', 'tabs']
/** A part comes after those that it loads itself. */
const ownParts = [
  'after-events',
  'complain',
  'crawl',
  'feed-words',
  'fold',
  'keep-focus',
  'languages',
  'own-fonts',
  'own-time-text',
  'looks-for',
  'turn-parts',
]

/** Four bytes: the entry script names all parts, and a changed file gets the name of an earlier one once in 2³² changes. */
const HASH_LENGTH = 8

/**
 * Property names that the script and its parts may shorten: no page, server, client or browser reads them, and
 * `settings.ts` does not compare them with attributes by name.
 */
const ownNames =
  'addNotices|attention|breaking|change|clock|drawNotice|dropNotices|feedLang|heard|index|isDark|isKnown|isPaused|isWorded|item|line|lines|linesDir|locale|moves|' +
  'onAttention|onEmpty|onHide|onPause|onStep|parts|reveal|said|say|seen|sees|showSoon|times|unseen|until|update'

/**
 * Runs after `buildSdk` and uses its bundles unchanged.
 *
 * @param {string} projectRoot
 * @param {Record<string, string | false>} clientNames the short property names in the bundles of the client
 * @returns {Promise<{ file: string, integrity: string }>} as in `manifest.json`
 */
export async function buildWidget(projectRoot, clientNames) {
  const sdk = join(projectRoot, 'dist/web/sdk')
  const output = join(projectRoot, 'dist/web/widget')
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  const source = join(projectRoot, 'web/widget')
  const fonts = await buildFonts(output)
  const css = await minifiedCss(join(source, 'ticker.css'))
  const crawlCss = await minifiedCss(join(source, 'crawl.css'))
  /** File names of the parts by their import name. @type {Map<string, string>} */
  const parts = new Map()
  /** @type {import('esbuild').Plugin} */
  const resolve = {
    name: 'parts',
    setup: (plugin) => resolveParts(plugin, client, parts),
  }
  const lateCache = join(source, 'late-cache.ts')
  const { code: client } = await clientBundle(join(source, 'client.ts'), clientNames, lateCache)
  const { code: memory } = await clientBundle(join(source, 'memory.ts'), clientNames)
  parts.set('./memory.ts', await writeHashed(output, 'memory', memory))
  for (const name of clientParts) {
    const text = await readFile(join(sdk, `${name}.min.js`), 'utf8')
    parts.set(`./${name}.min.js`, await writeHashed(output, name, text))
  }
  /** The short name of each property, the same in all parts. @type {Record<string, string | false>} */
  const short = {}
  for (const name of ownParts) {
    const define = { OWN_FONTS: JSON.stringify(fonts), CRAWL_CSS: JSON.stringify(crawlCss) }
    const module = await bundle({ entry: join(source, `${name}.ts`), short, define, plugins: [resolve] })
    const text = await minified(asModule(module), true)
    parts.set(`./${name}.ts`, await writeHashed(output, name, text))
  }
  const module = await bundle({
    entry: join(source, 'define.ts'),
    short,
    define: { TICKER_CSS: JSON.stringify(css) },
    plugins: [resolve],
  })
  const text = await minified(asClassicScript(module), false)
  const file = await writeHashed(output, 'flashline-ticker', text)
  // W3C Subresource Integrity.
  const manifest = { file, integrity: `sha384-${createHash('sha384').update(text).digest('base64')}` }
  await writeFile(join(output, 'manifest.json'), JSON.stringify(manifest))
  return manifest
}

/**
 * @param {import('esbuild').PluginBuild} build
 * @param {string} client the code of `client.ts`
 * @param {ReadonlyMap<string, string>} parts
 */
function resolveParts({ onResolve, onLoad }, client, parts) {
  onLoad({ filter: /\/widget\/client\.ts$/ }, () => ({ contents: client, loader: 'js' }))
  onResolve({ filter: /^\.\// }, ({ kind, path }) =>
    kind === 'dynamic-import' ? { path: `./${parts.get(path)}`, external: true } : undefined,
  )
}

/** @param {string} module */
function asModule(module) {
  const { text, load } = withSecondTries(module)
  return text === module ? module : `const ${load};${text}`
}

/** Read from the prototype: an element of the page with the name `currentScript` would hide the property. */
const ownScript =
  'const own=Reflect.get(Document.prototype,"currentScript",document),' +
  'SCRIPT_URL=own?.src||location.origin+"/widget/"'

/**
 * Wraps the module as a classic script. A classic script needs its own URL to import its parts; when the browser does
 * not give it, the script uses that of the page's own server. The wrapper defines no global names in the page.
 *
 * @param {string} module
 */
function asClassicScript(module) {
  const { text, load } = withSecondTries(module, 'new URL(name+[tried[name]],SCRIPT_URL)')
  return `(()=>{${ownScript},${load};${text}})()`
}

/** @param {import('esbuild').BuildOptions & { entry: string, short: Record<string, string | false> }} options */
async function bundle({ entry, short, ...options }) {
  const { build } = await import('esbuild')
  const { outputFiles, mangleCache } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    logLevel: 'warning',
    mangleProps: new RegExp(`^(${ownNames})$`),
    mangleCache: short,
    ...options,
  })
  Object.assign(short, mangleCache)
  return outputFiles?.[0]?.text ?? ''
}

/**
 * A second minifier makes the script 5 % smaller.
 *
 * @param {string} text
 * @param {boolean} module
 */
async function minified(text, module) {
  const { minify } = await import('@swc/core')
  const compress = /** @type {const} */ ({
    passes: 4,
    ecma: 2022,
    unsafe_arrows: true,
    pure_getters: true,
    inline: 3,
  })
  return (await minify(text, { module, compress, mangle: true })).code
}

/** @param {string} path */
async function minifiedCss(path) {
  const { transform } = await import('esbuild')
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })
  return code.trim().replace(/(?<=--[\w-]+[:,]) /g, '')
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @returns {Promise<string>} the name of the file
 */
async function writeHashed(folder, name, text) {
  const file = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH)}.js`
  await writeFile(join(folder, file), text)
  return file
}
