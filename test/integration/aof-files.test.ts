import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { AofEnd } from '../../scripts/support/aof-end.mjs'
import { pinAof } from '../../scripts/support/aof-files.mjs'
import { copyBytes } from '../../scripts/support/copy-progress.mjs'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { eventually } from '../support/eventually.ts'

const LIMIT_MS = 20_000

let folder: string
const servers: EmbeddedRedis[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-aof-'))
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  await rm(folder, { recursive: true, force: true })
})

async function start(name: string): Promise<Redis> {
  const server = await startRedis({ dataDir: join(folder, name), admin: true })
  servers.push(server)
  return new Redis(server.urlFor('admin'), { disableClientInfo: true })
}

it('copies of pinned files have all that was answered before, although Redis rewrites and deletes them', async () => {
  const redis = await start('source')
  let answered = 0
  const stopping = new AbortController()
  const writing = (async () => {
    while (!stopping.signal.aborted)
      answered = Number((await redis.multi().incr('n').set('text', 'x'.repeat(5000)).exec())?.[0]?.[1])
  })()
  await eventually('Redis is written to', LIMIT_MS, () => answered > 100)

  try {
    for (let copy = 1; copy <= 5; copy += 1) {
      const before = answered
      const aof = await pinAof(join(folder, 'source', 'appendonlydir'))
      await eventually('no rewrite runs', LIMIT_MS, async () => !(await isRewriting(redis)))
      await redis.bgrewriteaof()
      await eventually('a rewrite ends', LIMIT_MS, async () => !(await isRewriting(redis)))
      const target = join(folder, `copy-${copy}`, 'appendonlydir')
      await mkdir(target, { recursive: true })
      for (const { name, handle, size } of aof.files) {
        const end = name.endsWith('.incr.aof') ? new AofEnd() : undefined
        const endAt = end && { endAt: () => end.wholeBytes }
        await copyBytes({
          from: handle,
          to: join(target, name),
          size,
          onChunk: (chunk) => end?.add(chunk),
          ...endAt,
        })
      }
      await writeFile(join(target, 'appendonly.aof.manifest'), aof.manifest)
      await aof.close()

      const replaced = join(folder, 'source', 'appendonlydir', aof.files[0]!.name)
      await eventually('Redis deletes a copied file', LIMIT_MS, () => !existsSync(replaced))
      const restored = await start(`copy-${copy}`)
      expect(Number(await restored.get('n'))).toBeGreaterThanOrEqual(before)
      restored.disconnect()
    }
  } finally {
    stopping.abort()
    await writing
    redis.disconnect()
  }
}, 60_000)

async function isRewriting(redis: Redis): Promise<boolean> {
  return /aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))
}
