import { expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

const root = new URL('../../', import.meta.url)
const documents = ['ARCHITECTURE.md', 'CONTRIBUTING.md']

it.each(documents)('%s names only files that exist', async (document) => {
  const text = await readFile(new URL(document, root), 'utf8')
  const paths = Array.from(
    text.matchAll(/`((?:src|test|workers|web|scripts|bench|docs)\/[\w./-]+)`/g),
    ([, path = '']) => path,
  )
  expect(paths.length).toBeGreaterThan(5)
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
})

it('ARCHITECTURE.md quotes only tests that exist', async () => {
  const text = await readFile(new URL('ARCHITECTURE.md', root), 'utf8')
  // A row of the table quotes the test after its file: `test/….test.ts`, "the name of the test".
  const quotes = Array.from(
    text.matchAll(/`(test\/[\w./-]+\.test\.ts)`, "(.+?)"(?= [|(]|;)/g),
    ([, file, name]) => ({
      file: file ?? '',
      name: name ?? '',
    }),
  )
  expect(quotes.length).toBeGreaterThan(3)
  for (const { file, name } of quotes) expect(await readFile(new URL(file, root), 'utf8')).toContain(name)
})
