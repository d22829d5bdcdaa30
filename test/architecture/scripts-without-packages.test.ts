import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'

const root = new URL('../../', import.meta.url)
const IMPORT = /^(?:import|export)(?: .*? from)? '([^']+)'|^\} from '([^']+)'/gm

/** The packages that a module and the modules it imports need when they are loaded; import() comes later. */
async function packagesOf(file: URL, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file.href)) return []
  seen.add(file.href)
  const text = await readFile(file, 'utf8')
  const names = [...text.matchAll(IMPORT)].map(([, whole, last]) => whole ?? last ?? '')
  const found = await Promise.all(
    names.map(async (name) => {
      if (name.startsWith('node:')) return []
      return name.startsWith('.') ? packagesOf(new URL(name, file), seen) : [`${name} in ${file.pathname}`]
    }),
  )
  return found.flat()
}

it('an npm script of a fresh clone loads no package before it has installed the packages', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
    scripts: Record<string, string>
  }
  const files = Object.values(scripts).flatMap(
    (script) => /^node (scripts\/\S+\.mjs)$/.exec(script)?.[1] ?? [],
  )
  expect(files.length).toBeGreaterThan(8)
  const packages = await Promise.all(files.map((file) => packagesOf(new URL(file, root))))
  expect([...new Set(packages.flat())]).toEqual([])
})
