import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const hashing = /\b(update|sha1|sha1hex|sha256|hashOf)\(/g

/**
 * cjson orders the members of an object as it likes: Redis and Valkey differ. A text that a script has encoded goes
 * into a field of Redis as it is. A hash over it, or over an audit entry with it, cannot be made again from the values.
 */
it('a script stores what it encodes, and neither hashes it nor makes it part of another text', async () => {
  const found: string[] = []
  for (const { file, text } of await sources('src/eventlog/lua', /\.lua$/))
    for (const { index } of text.matchAll(/cjson\.encode\(/g))
      if (!isStoredAsItIs(text, index)) found.push(`${file}:${lineOf(text, index)}`)
  expect(found).toEqual([])
})

it('the service hashes a stored text, not one that it has parsed and written again', async () => {
  const found: string[] = []
  for (const folder of ['src', 'workers'])
    for (const { file, text } of await sources(folder, /\.ts$/))
      for (const { 0: name, index } of text.matchAll(hashing)) {
        const start = index + name.length
        const argument = text.slice(start, endOfCall(text, start))
        if (/JSON\.(parse|stringify)/.test(argument)) found.push(`${file}:${lineOf(text, index)}`)
      }
  expect(found).toEqual([])
})

it.each([
  ["redis.call('HSET', key, id, cjson.encode(state))", true],
  ["redis.call('HSET', key, member, cjson.encode({\n  op = op(1) }))", true],
  ["redis.call('HSET', key, id, cjson.encode(a), other, '1')", true],
  ['redis.sha1hex(cjson.encode(state))', false],
  ['local detail = cjson.encode(detail)', false],
  ["redis.call('HSET', key, id, '1' .. cjson.encode(state))", false],
  ["redis.call('HSET', key, id, cjson.encode(state) .. '1')", false],
  ["redis.call('XADD', key, '*', 'a', cjson.encode(state))", false],
])('"%s" stores what it encodes: %s', (line, stores) => {
  expect(isStoredAsItIs(line, line.indexOf('cjson.encode('))).toBe(stores)
})

/** Whether the encoded text is one whole argument of an HSET. */
function isStoredAsItIs(text: string, index: number): boolean {
  let depth = 0
  let open = index - 1
  for (; open >= 0 && depth >= 0; open--) depth += text[open] === ')' ? 1 : text[open] === '(' ? -1 : 0
  const call = text.slice(0, open + 2)
  const before = text.slice(open + 2, index)
  const after = text.slice(endOfCall(text, index + 'cjson.encode('.length) + 1)
  return (
    call.endsWith('redis.call(') &&
    before.startsWith("'HSET',") &&
    before.trimEnd().endsWith(',') &&
    /^\s*[,)]/.test(after)
  )
}

/** The index of the bracket that ends a call whose arguments begin at `start`. */
function endOfCall(text: string, start: number): number {
  let depth = 1
  for (let index = start; index < text.length; index++) {
    depth += text[index] === '(' ? 1 : text[index] === ')' ? -1 : 0
    if (depth === 0) return index
  }
  return text.length
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

async function sources(folder: string, name: RegExp): Promise<{ file: string; text: string }[]> {
  const names = await readdir(join(root, folder), { recursive: true })
  return Promise.all(
    names
      .filter((each) => name.test(each))
      .map(async (each) => ({
        file: `${folder}/${each}`,
        text: await readFile(join(root, folder, each), 'utf8'),
      })),
  )
}
