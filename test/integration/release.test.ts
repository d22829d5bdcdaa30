import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../support/cluster.ts'

const run = promisify(execFile)
const version = '1.4.0'
let folder: string

/** A separate project under git with the scripts of this project, released as 1.4.0, with one change since. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-release-'))
  const manifest = JSON.stringify({ version, type: 'module' })
  await cp(join(projectRoot, 'scripts'), join(folder, 'scripts'), { recursive: true })
  await writeFile(join(folder, 'package.json'), manifest)
  await writeFile(join(folder, 'package-lock.json'), manifest)
  await cp(join(folder, 'package.json'), join(folder, 'web/sdk/package.json'))
  await writeFile(
    join(folder, 'CHANGELOG.md'),
    '# Changelog\n\n## [Unreleased]\n\n- A change.\n\n## [1.4.0]\n',
  )
  await git('init', '--quiet')
  await git('add', '.')
  const author = ['-c', 'user.name=Newsroom', '-c', 'user.email=desk@news.example']
  await git(...author, 'commit', '--quiet', '-m', 'start')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: folder })).stdout
}

/** The script's message when it refuses. It must have changed no file. */
async function refusal(...args: string[]): Promise<string> {
  const before = await git('status', '--porcelain')
  const output = await run(process.execPath, [join(folder, 'scripts/release.mjs'), ...args], {
    cwd: folder,
  }).then(
    () => 'nothing',
    (error: unknown) => (error as { stderr: string }).stderr,
  )
  expect(await git('status', '--porcelain')).toBe(before)
  return output
}

it.each([
  ['a version that comes later', ['1.6.0'], 'After 1.4.0 comes 1.5.0, not 1.6.0'],
  ['a version that was', ['1.4.0'], 'The version is 1.4.0 already'],
  ['no version', [], 'A version has three numbers'],
  ['a date that is none', ['1.5.0', '--date', 'soon'], 'A date is written as'],
  ['an option that is none', ['1.5.0', '--force'], "Unknown option '--force'"],
])('is refused with %s', async (_which, args, reason) => {
  expect(await refusal(...args)).toContain(reason)
})

it('is refused if a file is not committed', async () => {
  await writeFile(join(folder, 'notes.txt'), 'half a thought')
  expect(await refusal('1.5.0')).toBe('Commit or remove these changes first:\n?? notes.txt\n')
})

it('leaves the files as they were if a later step fails', async () => {
  // The dependencies look installed to the set-up, but there is no compiler.
  const lock = createHash('sha256').update(await readFile(join(folder, 'package-lock.json')))
  await mkdir(join(folder, 'node_modules'))
  await writeFile(join(folder, 'node_modules/.flashline-lock'), lock.digest('hex'))
  await appendFile(join(folder, '.git/info/exclude'), 'node_modules\n.cache\n')
  expect(await refusal('1.5.0')).toContain('The build failed')
})
