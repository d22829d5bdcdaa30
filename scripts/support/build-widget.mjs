/**
 * The ticker for strange pages: one classic script with the reader's client in it, and the parts of the client that
 * it loads when they are needed. Their names have a hash of what is in them, so they can be kept for ever.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of the client, as it is built already. */
const clientParts = ['http-transports', 'tabs']
const ownParts = ['crawl', 'languages']

/**
 * Comes after `buildSdk`, and takes its bundles as they are.
 *
 * @param {string} projectRoot
 * @returns {Promise<{ file: string, integrity: string }>} as in `manifest.json`
 */
export async function buildWidget(projectRoot) {
  const sdk = join(projectRoot, 'dist/web/sdk')
  const output = join(projectRoot, 'dist/web/widget')
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  const source = join(projectRoot, 'web/widget')
  const css = await minifiedCss(join(source, 'ticker.css'))
  /** By the name under which they are imported. @type {Map<string, string>} */
  const parts = new Map()
  for (const name of clientParts) {
    const text = await readFile(join(sdk, `${name}.min.js`), 'utf8')
    parts.set(`./${name}.min.js`, await writeHashed(output, name, text))
  }
  for (const name of ownParts) {
    const text = await minified(await bundle({ entry: join(source, `${name}.ts`) }), true)
    parts.set(`./${name}.ts`, await writeHashed(output, name, text))
  }
  const module = await bundle({
    entry: join(source, 'define.ts'),
    define: { TICKER_CSS: JSON.stringify(css) },
    plugins: [{ name: 'parts', setup: (plugin) => resolveParts(plugin, join(sdk, 'index.min.js'), parts) }],
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
 * @param {string} client
 * @param {ReadonlyMap<string, string>} parts
 */
function resolveParts({ onResolve }, client, parts) {
  onResolve({ filter: /\/sdk\/index\.ts$/ }, () => ({ path: client }))
  onResolve({ filter: /^\.\// }, ({ kind, path }) =>
    kind === 'dynamic-import' ? { path: `./${parts.get(path)}`, external: true } : undefined,
  )
}

/** Asked of the prototype: an image of the page by the name of `currentScript` would answer in its place. */
const ownScript =
  'const own=Object.getOwnPropertyDescriptor(Document.prototype,"currentScript").get.call(document),' +
  'SCRIPT_URL=own instanceof HTMLScriptElement&&own.src||location.origin+"/widget/v1.js"'

/**
 * A classic script of another site is told no base for what it imports: its own address is, or that on the page's own
 * server where it does not know it. Nothing of it becomes a name of the page.
 *
 * @param {string} module
 */
function asClassicScript(module) {
  const withBase = module.replace(
    /\bimport\((["'`])(\.\/[^"'`]+)\1\)/g,
    'import(new URL("$2",SCRIPT_URL).href)',
  )
  return `(()=>{${ownScript};${withBase}})()`
}

/** @param {import('esbuild').BuildOptions & { entry: string }} options */
async function bundle({ entry, ...options }) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    logLevel: 'warning',
    ...options,
  })
  return outputFiles?.[0]?.text ?? ''
}

/**
 * A second pass, for it makes the script 5 % smaller.
 *
 * @param {string} text
 * @param {boolean} module
 */
async function minified(text, module) {
  const { minify } = await import('@swc/core')
  const compress = /** @type {const} */ ({
    passes: 4,
    ecma: 2020,
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
  return code.trim()
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @returns {Promise<string>} the name of the file
 */
async function writeHashed(folder, name, text) {
  const file = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.js`
  await writeFile(join(folder, file), text)
  return file
}
