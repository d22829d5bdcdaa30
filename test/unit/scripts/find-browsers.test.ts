import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const script = new URL('../../../scripts/support/find-browsers.mjs', import.meta.url).href

let empty: string
beforeEach(async () => {
  empty = await mkdtemp(join(tmpdir(), 'flashline-no-programs-'))
})
afterEach(() => rm(empty, { recursive: true }))

/** In a process that has no programs on its path, since the path of this one is not passed on in jest. */
async function find(files: readonly string[], env: Record<string, string> = {}) {
  const call = `await findBrowsers(${JSON.stringify(files)}, { cacheDir: ${JSON.stringify(empty)} })`
  const code = `import { findBrowsers } from '${script}'; console.log(JSON.stringify(${call}))`
  const args = ['--input-type=module', '-e', code]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: empty, ...env },
  })
  return { found: JSON.parse(stdout) as unknown, said: stderr.trim().split('\n') }
}

it.each(['true', 'false'])('names each browser that is not found, and fails for none (CI=%s)', async (CI) => {
  const { found, said } = await find(
    ['firefox', 'at-spi', 'webkit'].map((name) => `test/a/one-${name}.test.ts`),
    { CI },
  )
  expect(found).toEqual({ env: {}, missing: ['Firefox', 'Firefox with AT-SPI', 'WebKit'] })
  expect(said).toEqual([
    'Firefox is not found: not a Debian-like system: apt-get or dpkg-deb is missing',
    expect.stringMatching(/^Firefox with AT-SPI is not found: .*: xvfb, dbus-daemon, systemd/),
    expect.stringContaining('WebKit is not found: '),
    ...(CI === 'true' ? [expect.stringMatching(/^WARNING: .* no Firefox/)] : []),
  ])
})

it('takes a browser that is configured, and refuses one that is no program', async () => {
  const files = ['test/a/one-firefox.test.ts']
  const { found } = await find(files, { FIREFOX_PATH: process.execPath })
  expect(found).toEqual({ env: { FIREFOX_PATH: process.execPath }, missing: [] })
  await expect(find(files, { FIREFOX_PATH: `${empty}/none` })).rejects.toThrow('this is not a program')
})

it('looks for no browser that no test needs', async () => {
  const { found, said } = await find(['test/unit/a.test.ts'])
  expect([found, said]).toEqual([{ env: {}, missing: [] }, ['']])
})
