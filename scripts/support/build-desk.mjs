/**
 * The newsroom's page: bundles web/desk into dist/web/desk, with a manifest that names the files. Its packages are in the
 * bundles, so the service needs none of them.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

/**
 * @param {string} projectRoot
 * @returns {Promise<void>}
 */
export async function buildDesk(projectRoot) {
  // Not above: a start loads this file before it has installed the packages.
  const [{ build }, { parse }] = await Promise.all([
    import('vite'),
    import('@formatjs/icu-messageformat-parser'),
  ])
  await build({
    configFile: false,
    envDir: false,
    root: join(projectRoot, 'web/desk'),
    base: '/desk/',
    logLevel: 'warn',
    publicDir: false,
    resolve: {
      alias: [
        // Messages are parsed here, so the page needs no parser.
        {
          find: /^@formatjs\/icu-messageformat-parser$/,
          replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
        },
      ],
    },
    plugins: [compileMessages(parse)],
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      outDir: join(projectRoot, 'dist/web/desk'),
      emptyOutDir: true,
      manifest: 'manifest.json',
      target: 'es2022',
      // A data: address of a file would need another rule in the page's policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: join(projectRoot, 'web/desk/main.tsx'),
        // Packages mark their files with "use client" for servers that draw pages; this page has none.
        onLog(level, log, handle) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
        },
      },
    },
  })
  await compressFiles(join(projectRoot, 'dist/web/desk/assets'))
}

/**
 * Writes each file a second time, compressed, for the service to send as it is.
 *
 * @param {string} folder
 */
async function compressFiles(folder) {
  const names = await readdir(folder)
  await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      const level = constants.Z_BEST_COMPRESSION
      await writeFile(`${file}.gz`, await promisify(gzip)(await readFile(file), { level }))
    }),
  )
}

/**
 * Parses the messages of each language at the build, a file for each room of the desk.
 *
 * @param {typeof import('@formatjs/icu-messageformat-parser').parse} parse
 * @returns {import('vite').Plugin}
 */
function compileMessages(parse) {
  return {
    name: 'compile-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/messages\/[a-z]+\/[a-z-]+\.json$/.test(id)) return undefined
      const messages = Object.entries(/** @type {Record<string, string>} */ (JSON.parse(code)))
      return { code: JSON.stringify(Object.fromEntries(messages.map(([key, text]) => [key, parse(text)]))) }
    },
  }
}
