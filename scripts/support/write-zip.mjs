/** Writes a zip file (PKWARE APPNOTE 6.3.10) with the same bytes for the same files. */
import { crc32, deflateRawSync } from 'node:zlib'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
/** Version 2.0 of the format: files are deflated. */
const VERSION = 20
/** Names are in UTF-8. */
const FLAGS = 0x0800
const DEFLATED = 8
/** 1 January 1980, the first day that the format has: a date of today would change the bytes with each build. */
const DATE = 0x0021

/**
 * @param {readonly { name: string, content: Buffer }[]} files
 * @returns {Buffer}
 */
export function zipOf(files) {
  /** @type {Buffer[]} */
  const bodies = []
  /** @type {Buffer[]} */
  const entries = []
  let offset = 0
  for (const { name, content } of files) {
    const path = Buffer.from(name)
    const deflated = deflateRawSync(content, { level: 9 })
    const described = description(content, deflated, path)
    const body = Buffer.concat([words([LOCAL, 4]), described, path, deflated])
    // No comment, first disk, no attributes.
    const position = words([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4])
    entries.push(Buffer.concat([words([CENTRAL, 4], [VERSION, 2]), described, position, path]))
    bodies.push(body)
    offset += body.length
  }
  const directory = Buffer.concat(entries)
  const { length } = files
  const end = words(
    [END, 4],
    [0, 2],
    [0, 2],
    [length, 2],
    [length, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  )
  return Buffer.concat([...bodies, directory, end])
}

/**
 * The fields that stand before each file, and again in the directory.
 * @param {Buffer} content
 * @param {Buffer} deflated
 * @param {Buffer} path
 */
function description(content, deflated, path) {
  const sizes = /** @type {const} */ ([
    [crc32(content), 4],
    [deflated.length, 4],
    [content.length, 4],
    [path.length, 2],
    [0, 2],
  ])
  return words([VERSION, 2], [FLAGS, 2], [DEFLATED, 2], [0, 2], [DATE, 2], ...sizes)
}

/**
 * @param {...readonly [value: number, bytes: 2 | 4]} fields
 * @returns {Buffer} little-endian
 */
function words(...fields) {
  const buffer = Buffer.alloc(fields.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of fields) at = buffer.writeUIntLE(value, at, bytes)
  return buffer
}
