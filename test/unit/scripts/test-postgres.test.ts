import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const script = new URL('../../../scripts/support/test-postgres.mjs', import.meta.url).href
const files = ['test/integration/archive-postgres.test.ts']

let empty: string
beforeEach(async () => {
  empty = await mkdtemp(join(tmpdir(), 'flashline-no-programs-'))
})
afterEach(() => rm(empty, { recursive: true }))

/** In a process of its own with this environment. */
async function start(files: readonly string[], env: Record<string, string>): Promise<unknown> {
  const options = JSON.stringify({ installed: empty })
  const call = `await startTestPostgres(${JSON.stringify(files)}, ${options})`
  const code = `import { startTestPostgres } from '${script}'
    const { stop, ...started } = ${call}
    await stop()
    console.log(JSON.stringify(started))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env })
  return JSON.parse(stdout)
}

it('names PostgreSQL where none is found, so that its tests are skipped; a CI run fails', async () => {
  expect(await start(files, { PATH: empty })).toEqual({ env: {}, missing: ['PostgreSQL'] })
  await expect(start(files, { PATH: empty, CI: 'true' })).rejects.toThrow('This CI run has no PostgreSQL')
})

it('starts none where no test needs it', async () => {
  expect(await start(['test/unit/a.test.ts'], { PATH: empty, CI: 'true' })).toEqual({ env: {}, missing: [] })
})
