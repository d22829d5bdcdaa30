import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

/** The bytes that a page loads to follow a feed. Fallback transports and tab sharing are loaded separately when needed. */
const BUDGET_BYTES = 4_096

it('costs a page at most 4 kB', async () => {
  const bundle = await readFile(new URL('../../../../dist/web/sdk/index.min.js', import.meta.url))
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(BUDGET_BYTES)
})
