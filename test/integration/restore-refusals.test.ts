import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { projectRoot } from '../support/cluster.ts'
import { runOn, settingsFor } from '../support/embedded-flashline.ts'
import { startScript } from '../support/started-script.ts'

let folder: string
let dataDir: string
/** A whole backup of data that no service uses. */
let whole: string
let count = 0
let backup: string
let target: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-restore-'))
  dataDir = join(folder, 'data')
  whole = join(folder, 'whole')
  const aof = join(dataDir, 'redis', 'appendonlydir')
  await mkdir(aof, { recursive: true })
  const packed = await readFile(join(projectRoot, 'test/fixtures/data-before-archive/appendonly.aof.gz'))
  await writeFile(join(aof, 'old.incr.aof'), gunzipSync(packed))
  await writeFile(join(aof, 'appendonly.aof.manifest'), 'file old.incr.aof seq 1 type i\n')
  const made = await runOn(dataDir, 'scripts/backup.mjs', whole)
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('The backup is whole')])
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  count += 1
  backup = join(folder, `backup-${count}`)
  target = join(folder, `target-${count}`)
  await cp(whole, backup, { recursive: true })
})

/** Changes members of the backup's list. */
async function change(edit: (manifest: Manifest) => object): Promise<void> {
  const file = join(backup, 'backup.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest
  await writeFile(file, JSON.stringify({ ...manifest, ...edit(manifest) }))
}

interface Manifest {
  readonly format: number
  readonly files: readonly { readonly path: string }[]
}

const aofFile = () => join(backup, 'data/redis/appendonlydir/old.incr.aof')

describe('npm run restore', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a byte more', () => appendFile(aofFile(), 'x'), 'old.incr.aof is not the file that was copied'],
    [
      'another byte',
      async () => {
        const bytes = await readFile(aofFile())
        bytes[1000] = bytes[1000]! ^ 1
        await writeFile(aofFile(), bytes)
      },
      'old.incr.aof is not the file that was copied',
    ],
    ['a missing file', () => rm(aofFile()), 'old.incr.aof is missing'],
    ['no list', () => rm(join(backup, 'backup.json')), 'is no whole backup'],
    ['half a list', () => writeFile(join(backup, 'backup.json'), '{"format":1,'), 'backup.json is damaged'],
    [
      'a newer version',
      () => change(() => ({ flashline: '99.0.0' })),
      'Restore it with version 99.0.0 or newer',
    ],
    ['a newer format', () => change(({ format }) => ({ format: format + 1 })), 'has made this backup'],
    [
      'a file outside the data',
      () => change(({ files }) => ({ files: files.map((file) => ({ ...file, path: `../${file.path}` })) })),
      'names files that a backup does not have',
    ],
  ])('refuses a backup with %s, and leaves no data behind', async (_what, damage, words) => {
    await damage()
    const { code, output } = await runOn(target, 'scripts/restore.mjs', backup)
    expect([code, output]).toEqual([2, expect.stringContaining(words)])
    expect(output).not.toMatch(/ {4}at /)
    expect([existsSync(target), existsSync(`${target}.restoring`)]).toEqual([false, false])
  })

  it('refuses a folder that is not empty, or in use', async () => {
    await mkdir(target)
    await writeFile(join(target, 'notes'), '')
    const full = await runOn(target, 'scripts/restore.mjs', backup)
    expect([full.code, full.output]).toEqual([2, expect.stringContaining('is not empty. Put it aside')])

    const redis = await startRedis({ dataDir: join(target, 'redis') })
    const used = await runOn(target, 'scripts/restore.mjs', backup)
    await redis.stop()
    expect([used.code, used.output]).toEqual([2, expect.stringContaining('is in use by npm start')])
  })

  it('restores into an empty folder', async () => {
    await mkdir(target)
    const { code, output } = await runOn(target, 'scripts/restore.mjs', backup)
    expect([code, output]).toEqual([0, expect.stringContaining(`DATA_DIR=${target} npm start`)])
    const path = 'redis/appendonlydir/old.incr.aof'
    expect(await readFile(join(target, path))).toEqual(await readFile(join(dataDir, path)))
  })
})

describe('npm run backup', () => {
  it.each<[string, () => string, Record<string, string>, string]>([
    ['a folder with files', () => backup, {}, 'is not empty'],
    ['a folder inside the data', () => join(dataDir, 'new', 'backup'), {}, 'is inside the data'],
    ['no folder', () => '', {}, 'Name one folder'],
    ['another Redis', () => target, { REDIS_URL_API: 'redis://127.0.0.1' }, 'docs/operators.md'],
    ['PostgreSQL', () => target, { ARCHIVE_URL: 'postgres://127.0.0.1/x' }, 'pg_dump'],
    ['data that are not there', () => target, { DATA_DIR: '/nowhere' }, 'holds no data of npm start'],
    ['a disk without space', () => '/proc/backup', {}, 'is too full'],
  ])('refuses %s', async (_what, place, env, words) => {
    const run = startScript('scripts/backup.mjs', [place()], settingsFor(dataDir, env))
    expect([await run.exitCode, run.output]).toEqual([2, expect.stringContaining(words)])
    expect(run.output).not.toMatch(/ {4}at /)
    expect(existsSync(target)).toBe(false)
  })

  it('cuts off a command that Redis has not written to its end', async () => {
    await appendFile(
      join(dataDir, 'redis/appendonlydir/old.incr.aof'),
      '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$90\r\nhalf',
    )
    const again = join(folder, `cut-${count}`)
    const { code, output } = await runOn(dataDir, 'scripts/backup.mjs', again)
    expect([code, output]).toEqual([0, expect.stringContaining('The backup is whole')])
    const path = 'data/redis/appendonlydir/old.incr.aof'
    expect(await readFile(join(again, path))).toEqual(await readFile(join(whole, path)))
  })

  it('refuses data whose append-only file is damaged', async () => {
    const damaged = join(folder, 'damaged')
    await cp(dataDir, damaged, { recursive: true })
    const file = join(damaged, 'redis/appendonlydir/old.incr.aof')
    const bytes = await readFile(file)
    bytes.write('!', 0)
    await writeFile(file, bytes)
    const { code, output } = await runOn(damaged, 'scripts/backup.mjs', target)
    expect([code, output]).toEqual([2, expect.stringContaining('damaged before byte')])
    expect(existsSync(target)).toBe(false)
  })
})
