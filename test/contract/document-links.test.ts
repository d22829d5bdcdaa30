import { describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Folders with installed, built or downloaded files, which contain no documents of the project. */
const notOurs = ['node_modules', 'dist', 'data', 'coverage']

const documents = documentsIn(root)

/** A relative link names a file or folder that exists; an anchor names a heading of that document. */
describe.each(documents)('%s', (document) => {
  it('has no broken links', () => {
    const links = linksOf(readFileSync(join(root, document), 'utf8'))
    expect(links.map((link) => faultOf(document, link)).filter((fault) => fault !== undefined)).toEqual([])
  })
})

it('finds the documents of every folder', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['README.md', join('docs', 'readers.md'), join('web', 'sdk', 'README.md')]),
  )
})

it.each([
  ['a missing file', '[a](docs/none.md)', 'docs/none.md: no such file'],
  ['a missing heading', '[a](PROTOCOL.md#none)', 'PROTOCOL.md#none: no such heading'],
  ['a missing heading of its own', '[a](#none)', '#none: no such heading'],
  ['a missing picture', '![a](docs/images/none.png)', 'docs/images/none.png: no such file'],
])('notices %s', (_name, markdown, fault) => {
  expect(linksOf(markdown).map((link) => faultOf('README.md', link))).toEqual([fault])
})

it('names headings as GitHub does', () => {
  expect(anchorsIn("# What it does, *now*\n## The desk's `A_b`\n## Again\n```\n# no\n```\n## Again")).toEqual(
    ['what-it-does-now', 'the-desks-a_b', 'again', 'again-1'],
  )
})

function faultOf(document: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? join(root, document) : resolve(root, dirname(document), path)
  const file = existing(target)
  if (file === undefined) return `${link}: no such file`
  if (anchor === undefined) return undefined
  return anchorsIn(readFileSync(file, 'utf8')).includes(anchor) ? undefined : `${link}: no such heading`
}

/** The client's package has declarations in place of its sources. */
function existing(target: string): string | undefined {
  return [target, target.replace(/\.d\.ts$/, '.ts')].find((each) => existsSync(each))
}

function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
}

/**
 * The anchor of a heading on GitHub: lower case, no punctuation, hyphens for spaces; a repeated anchor has a number.
 */
function anchorsIn(markdown: string): string[] {
  const seen = new Map<string, number>()
  return [...withoutCode(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return times === 0 ? name : `${name}-${times}`
  })
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^( *)(`{3,}).*\n[\s\S]*?^\1\2 *$/gm, '')
}

function documentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !notOurs.includes(name))
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? documentsIn(path) : [relative(root, path)]))
    .filter((path) => path.endsWith('.md'))
    .sort()
}
