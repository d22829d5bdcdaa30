import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../support/cluster.ts'

const LIMIT_MS = 60_000

it(
  'web/sdk/API.md has the text of the types (`node scripts/client-api.mjs` writes it)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-reference-'))
    try {
      const file = join(folder, 'API.md')
      const script = join(projectRoot, 'scripts/client-api.mjs')
      await promisify(execFile)(process.execPath, [script, file], { cwd: projectRoot, timeout: LIMIT_MS })
      const kept = await readFile(join(projectRoot, 'web/sdk/API.md'), 'utf8')
      expect(kept).toBe(await readFile(file, 'utf8'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  LIMIT_MS,
)
