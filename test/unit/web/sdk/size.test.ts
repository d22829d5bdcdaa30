import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

/** What a page loads that reads a feed. Fallbacks and the sharing among tabs come apart, when they are needed. */
const BUDGET_BYTES = 4_096

it('costs a page at most 4 kB', async () => {
  const bundle = await readFile(new URL('../../../../dist/web/sdk/index.min.js', import.meta.url))
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(BUDGET_BYTES)
})
