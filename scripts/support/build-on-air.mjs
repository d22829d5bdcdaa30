/**
 * Builds the graphic for television: an OGraf package with one module, a template for CasparCG that is the same graphic in
 * a classic script, the page of the gateway, and a zip of the files that hosts copy. The typefaces are in the scripts, so
 * that a host needs no server and no font of its own.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFaces } from './build-fonts.mjs'
import { zipOf } from './write-zip.mjs'

const copied = ['flashline.html', 'page.css', 'page.html', 'settings.js']
/** Files of the zip, in one folder. */
const packed = [
  'flashline.ograf.json',
  'flashline.js',
  'flashline.html',
  'page.css',
  'settings.js',
  'template.js',
  'fonts-license.txt',
]
/** Families in the style sheet of the graphic. */
const families = { 'Flashline Latin': 'On Air Latin', 'Flashline Arabic': 'On Air Arabic' }

/** @param {string} projectRoot */
export async function buildOnAir(projectRoot) {
  const source = join(projectRoot, 'web/on-air')
  const output = join(projectRoot, 'dist/web/on-air')
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  for (const name of copied) await copyFile(join(source, name), join(output, name))
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
  const manifest = JSON.parse(await readFile(join(source, 'flashline.ograf.json'), 'utf8'))
  await writeFile(
    join(output, 'flashline.ograf.json'),
    `${JSON.stringify({ ...manifest, version }, undefined, 2)}\n`,
  )
  const { faces, licences } = await readFaces()
  await writeFile(join(output, 'fonts-license.txt'), licences)
  const define = {
    ON_AIR_CSS: JSON.stringify(await minifiedCss(join(source, 'on-air.css'))),
    ON_AIR_FONTS: JSON.stringify(
      faces.map(({ family, weight, range, bytes }) => ({
        family: /** @type {Record<string, string>} */ (families)[family] ?? family,
        weight,
        range,
        base64: bytes.toString('base64'),
      })),
    ),
  }
  await bundle(join(source, 'flashline-on-air.ts'), join(output, 'flashline.js'), { define, format: 'esm' })
  await bundle(join(source, 'page.ts'), join(output, 'page.js'), { format: 'esm', plugins: [graphicApart] })
  await bundle(join(source, 'template.ts'), join(output, 'template.js'), {
    // A classic script has no address of its own.
    define: { ...define, 'import.meta.url': 'undefined' },
    format: 'iife',
  })
  const files = await Promise.all(
    packed.map(async (name) => ({ name: `flashline/${name}`, content: await readFile(join(output, name)) })),
  )
  await writeFile(join(output, 'flashline-on-air.zip'), zipOf(files))
}

/** The page loads the graphic that hosts load. @type {import('esbuild').Plugin} */
const graphicApart = {
  name: 'graphic-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/flashline-on-air\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './flashline.js', external: true },
    )
  },
}

/**
 * @param {string} entry
 * @param {string} outfile
 * @param {import('esbuild').BuildOptions} options
 */
async function bundle(entry, outfile, options) {
  const { build } = await import('esbuild')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'browser',
    // Chromium 100, which hosts of 2022 have.
    target: 'chrome100',
    charset: 'utf8',
    minify: true,
    logLevel: 'warning',
    ...options,
  })
}

/** @param {string} path */
async function minifiedCss(path) {
  const { transform } = await import('esbuild')
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })
  return code.trim()
}
