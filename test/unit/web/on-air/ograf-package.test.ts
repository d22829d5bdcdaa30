import { beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { readdir, readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { webFolder } from '../../../../src/platform/web-folder.ts'
import { looks } from '../../../../web/on-air/read-settings.ts'

const schemas = fileURLToPath(new URL('../../../schemas/ograf/', import.meta.url))
const built = webFolder('on-air')
/** Names of custom elements, as far as this graphic needs them: a small letter first, a hyphen, no capital. */
const ELEMENT_NAME = /^[a-z][a-z0-9._]*-[a-z0-9._-]*$/

interface Manifest {
  readonly id: string
  readonly version: string
  readonly main: string
  readonly schema: { readonly properties: Record<string, { readonly enum?: readonly string[] }> }
}

let manifest: Manifest
let validate: ValidateFunction
beforeAll(async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const name of await readdir(schemas, { recursive: true }))
    if (name.endsWith('.json'))
      ajv.addSchema(JSON.parse(await readFile(join(schemas, name), 'utf8')) as object)
  const found = ajv.getSchema('https://ograf.ebu.io/v1/specification/json-schemas/graphics/schema.json')
  if (!found) throw new Error('the schema of manifests is missing')
  validate = found
  manifest = JSON.parse(await readFile(`${built}flashline.ograf.json`, 'utf8')) as Manifest
})

describe('the OGraf package', () => {
  it('has a valid manifest', () => {
    validate(manifest)
    expect(validate.errors).toBeNull()
    expect(validate({ ...manifest, main: 1 })).toBe(false)
  })

  it('has an id that is a name of an element, also with the version behind it', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect(manifest.version).toBe(version)
    expect(manifest.id).toMatch(ELEMENT_NAME)
    expect(`${manifest.id}-v${version}`).toMatch(ELEMENT_NAME)
  })

  it('offers the looks of the graphic', () => {
    expect(manifest.schema.properties.look?.enum).toEqual(looks)
  })

  it('comes as a zip, too, with the files that a host copies', async () => {
    const files = readZip(await readFile(`${built}flashline-on-air.zip`))
    expect([...files.keys()]).toEqual([
      'flashline/flashline.ograf.json',
      'flashline/flashline.js',
      'flashline/flashline.html',
      'flashline/page.css',
      'flashline/settings.js',
      'flashline/template.js',
      'flashline/fonts-license.txt',
    ])
    for (const [name, content] of files)
      expect([name, content.equals(await readFile(built + name.replace('flashline/', '')))]).toEqual([
        name,
        true,
      ])
  })
})

/** The files of a zip, by its directory at the end (APPNOTE 4.3.12 and 4.3.16). */
function readZip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'))
  const files = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const start = zip.readUInt32LE(at + 42)
    const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28)
    files.set(name, inflateRawSync(zip.subarray(data, data + zip.readUInt32LE(at + 20))))
    at += 46 + nameLength
  }
  return files
}
