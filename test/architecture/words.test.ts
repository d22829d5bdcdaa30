import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const folders = ['src', 'workers', 'web', 'scripts', 'bench']
/** Words that had several meanings, with the words that have replaced them. */
const replaced: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\b[sS]tanding(s|Of)?\b/, 'desk headline, feed state, stored value'],
  [/\bEventLog\b/, 'Store'],
  [/\b(un)?told\b/, 'the noun of the data that is sent'],
  [/\basked\b/, 'request, wanted, questions'],
  [/\b(Written|Clearing)(Report|s)?\b/, 'delivery counts, acknowledgement counts, receipt report'],
  [/\bstrange (page|site)/i, 'other sites'],
  [/\bsomebody\b/i, 'person, caller, reader'],
]
/** Members, keys and log events that users and stored data know by these words. */
const wire =
  /\basked(?:\+\+|: |, cleared| = |`| >| - cleared)|receipts-not-asked|`asked`|sums\.asked|writtenAsked|written-asked|receipt-not-told/

it('a word that was replaced does not come back', async () => {
  const found: string[] = []
  for (const { file, lines } of await sources(folders))
    lines.forEach((line, index) => {
      if (wire.test(line)) return
      for (const [word, instead] of replaced)
        if (word.test(line)) found.push(`${file}:${index + 1}: ${line.trim()} (say: ${instead})`)
    })
  expect(found).toEqual([])
})

it('no comment begins with "Of"', async () => {
  expect(await commentsThatBegin(/Of [a-z]/, [...folders, 'test'])).toEqual([])
})

it('a comment of the product begins with its noun, not with "what" or "who"', async () => {
  expect(await commentsThatBegin(/(Who|What) [a-z]/, folders)).toEqual([])
})

async function commentsThatBegin(words: RegExp, of: readonly string[]): Promise<string[]> {
  const comment = new RegExp(`^\\s*(//|/?\\*\\*?|--)\\s*${words.source}`)
  const found: string[] = []
  for (const { file, lines } of await sources(of))
    lines.forEach((line, index) => {
      if (comment.test(line)) found.push(`${file}:${index + 1}: ${line.trim()}`)
    })
  return found
}

async function sources(of: readonly string[]): Promise<{ file: string; lines: string[] }[]> {
  const found: { file: string; lines: string[] }[] = []
  for (const folder of of)
    for (const name of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.(ts|mjs|lua)$/.test(name) || name.includes('node_modules')) continue
      const text = await readFile(join(root, folder, name), 'utf8')
      found.push({ file: `${folder}/${name}`, lines: text.split('\n') })
    }
  return found
}
