import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const folders = ['src', 'workers', 'web', 'scripts', 'bench']
/** Browser tests and the newsroom's fixtures quote texts for readers; their comments are checked all the same. */
const commented = [...folders, 'test']

/** Words that had several meanings, with the words that have replaced them. */
const replaced: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\b[sS]tanding(s|Of)?\b/, 'desk headline, feed state, stored value'],
  [/\bEventLog\b/, 'Store'],
  [/\b(un)?told\b/, 'the noun of what is passed on'],
  [/\basked(?!['"]?[:,]| =|\+\+|\b.*\b(cleared|screens|sums|wire)\b)\b(?!For)/, 'request, wanted, questions'],
  [/\b(Written|Clearing)(Report|s)?\b/, 'delivery counts, acknowledgement counts, receipt report'],
  [/\bstrange (page|site)/i, 'other sites'],
  [/\bsomebody\b/i, 'person, caller, reader'],
]

it('a word that was replaced does not come back', async () => {
  const found: string[] = []
  for (const { file, lines } of await sources(folders))
    lines.forEach((line, index) => {
      for (const [word, instead] of replaced)
        if (word.test(line)) found.push(`${file}:${index + 1}: ${line.trim()} (say: ${instead})`)
    })
  expect(found).toEqual([])
})

it('no comment begins with "Of", and none asks a riddle', async () => {
  const found: string[] = []
  for (const { file, lines } of await sources(commented))
    lines.forEach((line, index) => {
      if (/^\s*(\/\/|\/?\*\*?|--)\s*(Of|Who|What) [a-z]/.test(line))
        found.push(`${file}:${index + 1}: ${line.trim()}`)
    })
  expect(found).toEqual([])
})

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
