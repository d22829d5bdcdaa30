/** The faces of `font="own"`: subsets of two families under the SIL Open Font License 1.1, from npm packages. */
import { createHash } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
const latin = { package: '@fontsource-variable/source-sans-3', name: 'source-sans-3', weight: '200 900' }
const arabic = { package: '@fontsource-variable/vazirmatn', name: 'vazirmatn', weight: '100 900' }
const faces = [
  { ...latin, family: 'Flashline Latin', subset: 'latin' },
  { ...latin, family: 'Flashline Latin', subset: 'latin-ext' },
  { ...arabic, family: 'Flashline Arabic', subset: 'arabic' },
]

/** @typedef {{ family: string, subset: string, file: string, weight: string, range: string }} Face */

/**
 * Writes the files of the faces, a style sheet for pages of this server, and the licences.
 *
 * @param {string} output folder
 * @returns {Promise<Face[]>}
 */
export async function buildFonts(output) {
  const built = await Promise.all(faces.map((face) => buildFace(face, output)))
  const rules = built.map(
    ({ family, file, weight, range }) =>
      `@font-face{font-family:'${family}';font-weight:${weight};font-display:optional;` +
      `src:url(${file}) format('woff2');unicode-range:${range}}`,
  )
  const stack = built.map(({ family }) => `'${family}'`)
  const families = [...new Set(stack), 'system-ui', 'sans-serif'].join()
  rules.push(`:root[data-font]{--sans:${families};--serif:${families}}`)
  await writeFile(join(output, 'fonts.css'), rules.join('\n'))
  await writeFile(join(output, 'fonts-license.txt'), await readLicences())
  return built
}

/** The bytes of the faces, for a bundle that holds them, with the licences. */
export async function readFaces() {
  const read = faces.map(async ({ package: from, name, subset, family, weight }) => ({
    family,
    weight,
    range: await rangeOf(from, subset),
    bytes: await readFile(sourceOf(from, name, subset)),
  }))
  return { faces: await Promise.all(read), licences: await readLicences() }
}

/**
 * @param {(typeof faces)[number]} face
 * @param {string} output
 * @returns {Promise<Face>}
 */
async function buildFace({ package: from, name, subset, family, weight }, output) {
  const source = sourceOf(from, name, subset)
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
  const file = `${name}-${subset}-${hash.slice(0, 16)}.woff2`
  await copyFile(source, join(output, file))
  return { family, subset, file, weight, range: await rangeOf(from, subset) }
}

/**
 * @param {string} from package
 * @param {string} name
 * @param {string} subset
 */
function sourceOf(from, name, subset) {
  return resolve(`${from}/files/${name}-${subset}-wght-normal.woff2`)
}

/**
 * @param {string} from package
 * @param {string} subset
 */
async function rangeOf(from, subset) {
  /** @type {Record<string, string>} */
  const ranges = JSON.parse(await readFile(resolve(`${from}/unicode.json`), 'utf8'))
  return ranges[subset] ?? ''
}

async function readLicences() {
  const licences = [latin, arabic].map(({ package: from }) => readFile(resolve(`${from}/LICENSE`), 'utf8'))
  return (await Promise.all(licences)).join('\n\n')
}
