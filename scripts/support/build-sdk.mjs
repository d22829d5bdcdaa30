/**
 * Builds the reader's client as a package: the compiler's modules and types for Node and bundlers, and small bundles
 * for pages without a bundler. `npm publish dist/web/sdk` publishes it.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Entry points of the bundles. Pages load the last two only when they need them. */
const bundles = ['index', 'http-transports', 'tabs']

/** Property names that the bundles may shorten: internal state that no page, server, cache or other tab reads. */
const ownNames =
  'audience|betterAt|deadline|failures|filtered|gapAt|httpStatus|isHeld|key|lesser|lines|lost|memory|newestHead|notBefore|' +
  'openedAt|part|phase|problem|query|refused|rung|rungs|target|unsteady|view'

/**
 * @param {string} projectRoot
 * @returns {Promise<Record<string, string | false>>} the short property names, for further bundles that use these
 */
export async function buildSdk(projectRoot) {
  const source = join(projectRoot, 'web/sdk')
  const output = join(projectRoot, 'dist/web/sdk')
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '-p', source, '--pretty', 'false'], {
    cwd: projectRoot,
  })
  for (const name of await readdir(source))
    if (!/^tsconfig|^package\.json$|\.ts$/.test(name)) await copyFile(join(source, name), join(output, name))
  await writeFile(
    join(output, 'package.json'),
    publishedManifest(await readFile(join(source, 'package.json'), 'utf8')),
  )
  // The compiler rewrites '.ts' imports in modules, but not in type declarations.
  for (const name of (await readdir(output)).filter((file) => file.endsWith('.d.ts'))) {
    const types = await readFile(join(output, name), 'utf8')
    await writeFile(join(output, name), types.replace(/(from '\.\/[^']+)\.ts'/g, "$1.js'"))
  }
  /** The short name of each property, the same in all bundles. @type {Record<string, string | false>} */
  let short = {}
  for (const name of bundles) {
    const { code, mangleCache } = await bundle(join(source, `${name}.ts`), short)
    short = mangleCache
    await writeFile(join(output, `${name}.min.js`), code)
  }
  return short
}

/**
 * Without `scripts`, whose `prepack` refuses to pack the source.
 * @param {string} manifest
 */
function publishedManifest(manifest) {
  return `${JSON.stringify({ ...JSON.parse(manifest), scripts: undefined }, undefined, 2)}\n`
}

/**
 * @param {string} entry
 * @param {Record<string, string | false>} short
 * @param {string} [cache] the module that takes the place of `cache.ts`
 * @returns {Promise<{ code: string, mangleCache: Record<string, string | false> }>}
 */
export async function bundle(entry, short, cache) {
  const { build } = await import('esbuild')
  const { minify } = await import('@swc/core')
  const { outputFiles, mangleCache = {} } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
    mangleProps: new RegExp(`^(${ownNames})$`),
    mangleCache: short,
    plugins: [{ name: 'bundles-apart', setup: (plugin) => keepApart(plugin, cache) }],
  })
  const text = outputFiles[0]?.text ?? ''
  // A second minifier makes the bundle 4 % smaller than esbuild alone.
  const { code } = await minify(text, {
    module: true,
    mangle: { toplevel: true },
    compress: {
      passes: 4,
      toplevel: true,
      module: true,
      ecma: 2020,
      unsafe_arrows: true,
      pure_getters: true,
      inline: 3,
    },
  })
  return { code, mangleCache }
}

/**
 * @param {import('esbuild').PluginBuild} build
 * @param {string} [cache]
 */
function keepApart({ onResolve }, cache) {
  if (cache) onResolve({ filter: /^\.\/cache\.ts$/ }, () => ({ path: cache }))
  onResolve({ filter: /^\.\// }, ({ kind, path }) =>
    kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.min.js'), external: true } : undefined,
  )
}
