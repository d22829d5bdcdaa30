import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { parseUrl } from '../../../src/protocol/parse-url.ts'

it('reads an address with a Latin letter beyond ASCII as often as it is asked', () => {
  let faults = 0
  for (let n = 0; n < 50_000; n++)
    if (parseUrl('https://bücher.example/ü')?.host !== 'xn--bcher-kva.example') faults += 1
  expect(faults).toBe(0)
  expect(parseUrl('no address')).toBeUndefined()
})

it('the service does not ask URL.canParse', async () => {
  const root = new URL('../../../', import.meta.url)
  const folders = await Promise.all(
    ['src', 'workers'].map(async (folder) =>
      (await readdir(new URL(folder, root), { recursive: true })).map((file) => `${folder}/${file}`),
    ),
  )
  const files = folders.flat().filter((file) => file.endsWith('.ts'))
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, root), 'utf8')))
  expect(files.filter((_, index) => texts[index]?.includes('URL.canParse('))).toEqual([])
})
