/**
 * The pages /docs: copies Redoc's file for browsers into dist/web/docs/assets, named with its version, also compressed.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

/**
 * @param {string} projectRoot
 * @returns {Promise<void>}
 */
export async function buildDocs(projectRoot) {
  const source = join(projectRoot, 'node_modules/redoc')
  const assets = join(projectRoot, 'dist/web/docs/assets')
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
  await rm(assets, { recursive: true, force: true })
  await mkdir(assets, { recursive: true })
  const bundle = join(assets, `redoc-${version}.js`)
  const license = join(assets, `redoc-${version}-license.txt`)
  await copyFile(join(source, 'bundles/redoc.standalone.js'), bundle)
  await copyFile(join(source, 'LICENSE'), license)
  for (const file of [bundle, license])
    await writeFile(
      `${file}.gz`,
      await promisify(gzip)(await readFile(file), { level: constants.Z_BEST_COMPRESSION }),
    )
}
