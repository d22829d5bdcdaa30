import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

/** The bytes that a page with a ticker loads, client included. Other languages, crawl and fallbacks are separate. */
const BUDGET_BYTES = 12_288

it('costs a page at most 12 kB', async () => {
  const folder = new URL('../../../../dist/web/widget/', import.meta.url)
  const { file } = JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8')) as { file: string }
  const script = await readFile(new URL(file, folder))
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(BUDGET_BYTES)
})
