import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Redis } from 'ioredis'
import { runningRedis } from '../../scripts/support/redis-server.mjs'
import type { Archive } from '../../src/archive/archive.ts'
import { openArchive } from '../../src/archive/databases/open-archive.ts'
import { EmbeddedFlashline, runOn, settingsFor } from '../support/embedded-flashline.ts'
import { eventually } from '../support/eventually.ts'
import { startScript } from '../support/started-script.ts'

const LIMIT_MS = 30_000
const settings = { ARCHIVE_AFTER_MS: '1000', WRITES_PER_MINUTE: '100000' }

let folder: string
let dataDir: string
let backup: string
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-backup-'))
  dataDir = join(folder, 'data')
  backup = join(folder, 'backup')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

async function start(from: string): Promise<EmbeddedFlashline> {
  const flashline = await EmbeddedFlashline.start(from, settings)
  closing.push(() => flashline.process.end())
  if (from === dataDir) await flashline.createFeed({ id: 'news', title: 'News', lang: 'en' })
  return flashline
}

async function archiveOf(from: string): Promise<Archive> {
  const archive = await openArchive(pathToFileURL(join(from, 'archive.db')).href)
  closing.push(() => archive.close())
  return archive
}

it('has everything that was answered before it began, while posting goes on, and starts elsewhere', async () => {
  const source = await start(dataDir)
  const live = [await source.post('The harbour opens at 6'), await source.post('Two bridges are closed')]
  await source.act(live[0]!, 'correct', { text: 'The harbour opens at 7', note: 'The hour was wrong.' })
  const ended = [await source.post('The mayor resigns'), await source.post('A ship is missing')]
  for (const id of ended) await source.act(id, 'withdraw', { note: 'Not confirmed.' })
  await eventually('the withdrawn lines move', LIMIT_MS, async () => {
    return (await source.metric('flashline_lines_archived_total')) === ended.length
  })
  const editor = postOn(source)
  await eventually('lines are posted', LIMIT_MS, () => editor.ids.length >= 5)

  const answered = [...live, ...editor.ids]
  const moment = new Date().toISOString()
  const made = await source.run('scripts/backup.mjs', backup)
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('The backup is whole')])
  await eventually('more lines are posted', LIMIT_MS, () => editor.ids.length >= answered.length + 5)
  await editor.stop()
  const elsewhere = join(folder, 'elsewhere')
  const restored = await runOn(elsewhere, 'scripts/restore.mjs', backup)
  expect([restored.code, restored.output]).toEqual([
    0,
    expect.stringContaining(`DATA_DIR=${elsewhere} npm start`),
  ])
  const copy = await start(elsewhere)

  // A line that was saved and not released when the backup began is released by the copy, at its own time.
  const knows = new Set([...answered, ...ended])
  const knownIn = (lines: readonly { id: string }[]) => lines.filter(({ id }) => knows.has(id))
  const shown = knownIn((await copy.snapshot()).strip)
  expect(shown.map(({ id }) => id).sort()).toEqual([...answered].sort())
  expect(shown).toEqual(knownIn((await source.snapshot()).strip))
  for (const id of knows) {
    const path = `/v1/feeds/news/headlines/${id}`
    expect((await copy.get(path)).body).toEqual((await source.get(path)).body)
  }
  const eventsOf = async (of: EmbeddedFlashline) =>
    (await of.events()).filter(({ headline }) => knows.has(headline.id))
  const events = await eventsOf(copy)
  expect(events).toHaveLength(answered.length + 2 * ended.length + 1)
  expect(events).toEqual(await eventsOf(source))
  const [, expectations = ''] = /audit:verify -- (.*)/.exec(restored.output) ?? []
  const verified = await copy.run('scripts/audit-verify.mjs', ...expectations.split(' '))
  expect([verified.code, verified.output]).toEqual([0, expect.stringMatching(/^news:\d+:\w+ ok$/m)])
  const head = Number(/news:(\d+)/.exec(expectations)?.[1])
  expect(head).toBeGreaterThan(events.length)
  expect((await auditOf(copy)).slice(0, head)).toEqual((await auditOf(source)).slice(0, head))

  const asOf = async (of: EmbeddedFlashline) => {
    const { body } = await of.get(`/v1/feeds/news/as-of?at=${moment}`)
    return knownIn((body as { strip: { id: string }[] }).strip)
  }
  expect(await asOf(copy)).toEqual(await asOf(source))
  expect(await asOf(copy)).toHaveLength(answered.length)

  const [original, copied] = [await archiveOf(dataDir), await archiveOf(elsewhere)]
  expect(copied.identity).toBe(original.identity)
  expect(await copied.readLines('news', ended)).toEqual(await original.readLines('news', ended))
  expect(await copied.countLines('news')).toBe(ended.length)
  const archived = (await copied.readEvents('news', {}, 1000)).filter(({ headline }) => knows.has(headline))
  expect(archived.length).toBeGreaterThanOrEqual(2 * ended.length)
  const byPosition = new Map(
    (await original.readEvents('news', {}, 1000)).map((event) => [event.position, event]),
  )
  for (const event of archived) expect(byPosition.get(event.position)?.chain).toBe(event.chain)
}, 120_000)

it.each(['SIGKILL', 'SIGINT'] as const)(
  'changes nothing when it is ended with %s in the middle',
  async (signal) => {
    const source = await start(dataDir)
    const id = await source.post('Still here after the backup')
    const redis = new Redis((await runningRedis(join(dataDir, 'redis'), 'api')) ?? '', {
      disableClientInfo: true,
    })
    closing.push(async () => redis.disconnect())
    const rewriting = async () => redis.config('GET', 'auto-aof-rewrite-percentage')
    const before = await rewriting()

    const broken = await endedInTheMiddle(signal)

    expect(await rewriting()).toEqual(before)
    expect(await source.post('And a new line')).not.toBe(id)
    if (signal === 'SIGINT') expect(existsSync(broken)).toBe(false)
    else {
      const again = await source.run('scripts/backup.mjs', broken)
      expect([again.code, again.output]).toEqual([2, expect.stringContaining('broken off')])
    }
    const restored = await runOn(join(folder, 'elsewhere'), 'scripts/restore.mjs', broken)
    expect([restored.code, restored.output]).toEqual([2, expect.stringContaining('no whole backup')])
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
    expect((await source.run('scripts/backup.mjs', backup)).code).toBe(0)
  },
  120_000,
)

it('has the same rights and the same database mode as the data', async () => {
  const source = await start(dataDir)
  await eventually('the archive is made', LIMIT_MS, () => existsSync(join(dataDir, 'archive.db')))
  await source.process.end()
  const made = await runOn(dataDir, 'scripts/backup.mjs', backup)
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('no heads')])

  const modeOf = async (path: string) => ((await stat(join(backup, path))).mode & 0o777).toString(8)
  expect(await Promise.all(['', 'data', 'data/redis/appendonlydir'].map(modeOf))).toEqual([
    '700',
    '700',
    '700',
  ])
  const files = ['backup.json', 'data/archive.db', 'data/first-run-key', 'data/redis/passwords.json']
  expect(await Promise.all(files.map(modeOf))).toEqual(files.map(() => '600'))
  expect(await writeVersionOf(join(backup, 'data/archive.db'))).toBe(2)
}, 60_000)

/** An editor who posts one line after the other, and notes those that were answered. */
function postOn(flashline: EmbeddedFlashline) {
  const ids: string[] = []
  const stopping = new AbortController()
  const posting = (async () => {
    while (!stopping.signal.aborted) ids.push(await flashline.post(`Line ${ids.length + 1}`))
  })()
  closing.push(async () => stopping.abort())
  return {
    ids,
    async stop() {
      stopping.abort()
      await posting
    },
  }
}

/** Returns the folder of a backup that was ended before it was whole. */
async function endedInTheMiddle(signal: NodeJS.Signals): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const target = join(folder, `broken-${attempt}`)
    const run = startScript('scripts/backup.mjs', [target], settingsFor(dataDir))
    const copied = join(target, 'data/redis/appendonlydir/appendonly.aof.manifest')
    await eventually('Redis is copied', LIMIT_MS, () => existsSync(copied))
    run.signal(signal)
    const code = await run.exitCode
    // A small backup can be whole before the signal arrives.
    if (!existsSync(join(target, 'backup.json'))) {
      expect(code).toBe(signal === 'SIGKILL' ? null : 2)
      return target
    }
    if (attempt === 10) throw new Error('the signal was always too late')
  }
}

async function auditOf(flashline: EmbeddedFlashline): Promise<{ n: number }[]> {
  const { body } = await flashline.get('/v1/feeds/news/audit?limit=500')
  return (body as { entries: { n: number }[] }).entries.toSorted((a, b) => a.n - b.n)
}

/** SQLite's file format: byte 18 of the header is 2 in WAL mode. */
async function writeVersionOf(path: string): Promise<number | undefined> {
  const file = await open(path, 'r')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 18)
  await file.close()
  return buffer[0]
}
