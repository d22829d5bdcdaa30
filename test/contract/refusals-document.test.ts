import { beforeAll, describe, expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { problems } from '../../src/protocol/problems.ts'
import { tableUnder, type Row } from '../support/markdown-table.ts'

const root = new URL('../../', import.meta.url)
const headings = ['## Writing and posting', '## The two-person rule', '## Accounts and keys']

/** docs/refusals.md tells statuses, codes and words as the code has them. */
describe('docs/refusals.md', () => {
  let document: string
  let rows: readonly Row[]
  beforeAll(async () => {
    document = await readFile(new URL('docs/refusals.md', root), 'utf8')
    rows = headings.flatMap((heading) => tableUnder(document, heading))
  })

  it('has no other table than these', () => {
    expect(document.split('\n').filter((line) => line.startsWith('## '))).toEqual(headings)
    for (const row of rows) expect(Object.values(row)).not.toContain('')
  })

  it('names each code with its status and its words', () => {
    const told = rows.filter(({ code }) => code !== '–')
    expect(told.map(({ code, status, words }) => [code, status, words?.split('. ')[0]])).toEqual(
      told.map(({ code = '' }) => {
        const problem = Object.hasOwn(problems, code) ? problems[code as keyof typeof problems] : undefined
        return [code, String(problem?.status), problem?.title]
      }),
    )
  })

  it('quotes what is said beside the title as the code says it', async () => {
    const code = await sources()
    const quoted = rows.flatMap(({ code: its, words = '' }) =>
      its === '–'
        ? []
        : [
            words
              .split('. ')
              .slice(1)
              .join('. ')
              .replace(/^errors: /, ''),
          ],
    )
    const fixed = quoted
      .filter((words) => words !== '')
      .map((words) => words.replace(/^U\+[0-9A-F]+ at position \d+ is (.*): take it out$/, '$1'))
    expect(fixed.filter((words) => !code.includes(words))).toEqual([])
  })
})

/** All sources, with the places of values in texts as numbers of the document are written. */
async function sources(): Promise<string> {
  const files = (await readdir(new URL('src/', root), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  )
  const texts = await Promise.all(files.map((file) => readFile(new URL(`src/${file}`, root), 'utf8')))
  return texts.join('\n').replaceAll('${MAX_LINK_LENGTH}', '2,048')
}
