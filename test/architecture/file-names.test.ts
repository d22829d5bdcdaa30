import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')

/** Files whose name is known outside the code. */
const knownByName = [
  // Pages load these bundles by name.
  'web/sdk/tabs.ts',
]

it('a file that exports one value is named like it', async () => {
  const misnamed = (await sources())
    .map(({ file, text }) => ({ file, exports: exportsOf(text) }))
    .filter(({ file, exports }) => !knownByName.includes(file) && isMisnamed(basename(file, '.ts'), exports))
    .map(({ file, exports }) => `${file} exports ${exports.values.join()}`)
  expect(misnamed).toEqual([])
})

it('a type name is declared once in the service', async () => {
  const files = new Map<string, string[]>()
  for (const { file, text } of await sources())
    if (!file.startsWith('web/'))
      for (const [, name = ''] of text.matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm))
        files.set(name, [...(files.get(name) ?? []), file])
  const twice = [...files].filter(([, places]) => places.length > 1)
  expect(Object.fromEntries(twice)).toEqual({})
})

interface Exports {
  readonly values: readonly string[]
  readonly types: readonly string[]
}

function exportsOf(text: string): Exports {
  const names = (kinds: string) =>
    Array.from(
      text.matchAll(new RegExp(`^export (?:async )?(?:${kinds}) (\\w+)`, 'gm')),
      ([, name = '']) => name,
    )
  return { values: names('function|class|const|let'), types: names('interface|type') }
}

function isMisnamed(file: string, { values, types }: Exports): boolean {
  const [value] = values
  // A file with several exports has a subject, which no single one of them names.
  if (value === undefined || values.length > 1 || types.length > 2) return false
  return ![value, ...types].some((name) => kebab(name) === file)
}

function kebab(name: string): string {
  return name
    .replace(/_/g, '-')
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

async function sources(): Promise<{ file: string; text: string }[]> {
  const folders = ['src', 'workers', 'web']
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
        .map((file) => `${folder}/${file}`),
    ),
  )
  return Promise.all(
    files.flat().map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })),
  )
}
