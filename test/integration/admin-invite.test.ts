import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, password } from '../support/browser.ts'
import { readAudit } from '../support/desk-audit.ts'
import { testRedisUrl } from '../support/redis.ts'

const script = fileURLToPath(new URL('../../scripts/admin-invite.mjs', import.meta.url))

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

function run(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, REDIS_URL: testRedisUrl, REDIS_URL_API: '', REDIS_PREFIX: api.prefix }
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
    })
  })
}

describe('npm run admin:invite', () => {
  it('invites an admin without a second admin, and writes it into the audit', async () => {
    const { code, output } = await run('--email', 'rescue@example.org')
    expect([code, output]).toEqual([0, expect.stringMatching(/^inv_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$/)])
    expect((await readAudit(api.store)).at(-1)).toMatchObject({
      action: 'invited',
      act: { by: 'operator', person: 'operator', name: expect.any(String) },
      detail: { email: 'rescue@example.org', roles: { '*': 'admin' } },
    })

    const accepted = await new Browser(api).post('/v1/invitations/accept', {
      token: output.trim(),
      name: 'Rescue',
      password,
    })
    expect([accepted.status, accepted.body]).toMatchObject([200, { roles: { '*': 'admin' } }])
    const again = await run('--email', 'rescue@example.org')
    expect([again.code, again.output]).toEqual([2, expect.stringContaining('has an account')])
  })

  it.each([[[]], [['--email', 'nobody']], [['--wrong']]])('refuses %j', async (args) => {
    expect((await run(...args)).code).toBe(2)
  })
})
