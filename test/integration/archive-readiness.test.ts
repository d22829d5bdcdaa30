import { afterEach, expect, it } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 15_000

let system: System | undefined
let folder = ''
afterEach(async () => {
  await system?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Ready {
  readonly status: string
  readonly warnings: readonly string[]
  readonly archive?: string
}

async function start(archiveUrl: (folder: string) => string): Promise<System> {
  folder = await mkdtemp(join(tmpdir(), 'flashline-archive-'))
  system = await startSystem({ ARCHIVE_URL: archiveUrl(folder) })
  return system
}

/** The answer of /readyz once it has a warning of the archive. */
function warned(running: System, warning: string): Promise<Ready> {
  return eventually(warning, LIMIT_MS, async () => {
    const { body } = await running.get<Ready>('/readyz')
    return body.warnings.includes(warning) && body
  })
}

const search = (running: System) =>
  running.get<{ searched?: string }>('/v1/feeds/en/headlines', running.authorization)

it.each([
  { fault: 'archive-away', url: () => 'postgres://nobody:hidden-word@127.0.0.1:1/none' },
  { fault: 'archive-damaged', url: (home: string) => `file:${join(home, 'archive.db')}`, broken: true },
])(
  '$fault is told with its remedy, and posting and reading go on',
  async ({ fault, url, broken }) => {
    const running = await start((home) => url(home))
    if (broken) {
      await running.close()
      await writeFile(
        join(folder, 'archive.db'),
        'not a database, and long enough to be read as one'.repeat(100),
      )
      system = await startSystem({ ARCHIVE_URL: url(folder) })
    }
    const present = system!
    const ready = await warned(present, fault)
    expect(ready).toMatchObject({ status: 'ready', archive: expect.stringMatching(/archive/) as unknown })
    expect(JSON.stringify(ready)).not.toContain('hidden-word')
    await present.publish('en', 1)
    const { status, body } = await search(present)
    expect([status, body.searched]).toEqual([200, 'recent'])
    const unknown = await present.get<{ code: string }>(
      `/v1/feeds/en/headlines/${'A'.repeat(22)}`,
      present.authorization,
    )
    expect([unknown.status, unknown.body.code]).toEqual([503, 'archive-away'])
  },
  60_000,
)

it('another archive than the one with the moved headlines is named, and not used', async () => {
  const running = await start((home) => `file:${join(home, 'archive.db')}`)
  await eventually('the feed is bound', LIMIT_MS, async () =>
    running.store.redis.hexists(running.store.keys.feed('en').auditHead, 'archive'),
  )
  const { auditHead } = running.store.keys.feed('en')
  // In one command: the worker binds a feed that it finds without an archive.
  await running.store.redis.hset(auditHead, 'archive', 'the archive of another machine')
  const ready = await warned(running, 'archive-other')
  expect(ready.archive).toContain('ARCHIVE_URL')
  await running.publish('en', 1)
  expect((await search(running)).body.searched).toBe('recent')
  await running.store.redis.hdel(auditHead, 'archive')
  await eventually(
    'all is searched again',
    LIMIT_MS,
    async () => (await search(running)).body.searched !== 'recent',
  )
}, 60_000)

it('a damaged audit of one feed is named, and keeps no other feed from the archive', async () => {
  const writer = await startSystem({}, 'api')
  const { redis, keys } = writer.store
  try {
    await writer.createFeed({ id: 'aa', lang: 'en' })
    await redis.del(keys.feed('aa').auditHead)
    await redis.set(keys.feed('aa').auditHead, 'x')
    folder = await mkdtemp(join(tmpdir(), 'flashline-archive-'))
    const settings = { REDIS_PREFIX: writer.prefix, ARCHIVE_URL: `file:${join(folder, 'archive.db')}` }
    system = await startSystem(settings, 'worker')
    await eventually('the other feed is bound', LIMIT_MS, async () =>
      redis.hexists(keys.feed('en').auditHead, 'archive'),
    )
    await warned(system, 'records-damaged')
    // The look at the other feeds goes on too.
    await redis.hset(keys.feed('en').auditHead, 'archive', 'the archive of another machine')
    await warned(system, 'archive-other')
  } finally {
    await system?.close()
    system = undefined
    await writer.close()
  }
}, 60_000)
