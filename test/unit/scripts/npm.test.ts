import { expect, it } from '@jest/globals'
import { tmpdir } from 'node:os'
import { runNpm } from '../../../scripts/support/npm.mjs'

const LIMIT_MS = 30_000

it(
  'says in one sentence that the package registry cannot be reached',
  async () => {
    // Nothing listens on port 9 of this machine.
    const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' }
    const failure = runNpm(['view', 'flashline-nothing'], { cwd: tmpdir(), env })
    await expect(failure).rejects.toMatchObject({
      code: 'npm-offline',
      message:
        'npm view cannot reach the package registry (ECONNREFUSED). Connect to the network and run the command again',
    })
  },
  LIMIT_MS,
)
