import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { exitOf, spawnTied } from '../../scripts/support/child-process.mjs'
import { findRedisServer, startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { withUser } from '../../scripts/support/redis-users.mjs'
import { readConfig } from '../../src/platform/config.ts'
import { startService } from '../../src/service/service.ts'
import { refusalsOf } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem } from '../support/system.ts'

let folder: string
let dataDir: string
let redis: EmbeddedRedis | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-redis-'))
  dataDir = join(folder, 'redis')
})
afterEach(async () => {
  await redis?.stop()
  redis = undefined
  await rm(folder, { recursive: true, force: true })
})

const start = async () => (redis = await startRedis({ dataDir, admin: true }))
const as = (url: string) => new Redis(url, { disableClientInfo: true })

describe('the users of the embedded Redis', () => {
  it('keep their passwords, in files that only this user can read', async () => {
    const first = await start()
    const before = first.roleUrls()
    await first.stop()
    const second = await start()

    expect(second.roleUrls()).toEqual(before)
    expect(new Set(Object.values(before).map((url) => url.split('password=')[1])).size).toBe(3)
    for (const name of ['passwords.json', 'users.acl'])
      expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(dataDir, 'users.acl'), 'utf8')).not.toContain(
      before.REDIS_URL_API.split('password=')[1],
    )
  })

  it('include no user with all rights, except for tests', async () => {
    redis = await startRedis({ dataDir })
    expect(await readFile(join(dataDir, 'users.acl'), 'utf8')).not.toContain('admin')
  })

  it('read data that was written before users existed, and their own data after kill -9', async () => {
    const old = await serverWithoutUsers()
    const before = as(old.socket)
    await before.multi().set('fl:before', 'alone').sadd('fl:both', 'together').exec()
    before.disconnect()

    // The old server still runs, as after kill -9 of its parent.
    const first = await start()
    await old.exited
    const api = as(first.urlFor('api'))
    expect(await api.get('fl:before')).toBe('alone')
    await api.eval(
      'redis.call("SET", KEYS[1], "x") redis.call("SADD", KEYS[2], "later")',
      2,
      'fl:after',
      'fl:both',
    )
    api.disconnect()
    first.kill('SIGKILL')
    await first.exited

    const again = as((await start()).urlFor('api'))
    expect(await again.get('fl:after')).toBe('x')
    expect((await again.smembers('fl:both')).sort()).toEqual(['later', 'together'])
    again.disconnect()
  })

  it('exist for each role, with all rights that the role needs', async () => {
    const { urlFor, roleUrls } = await start()
    const admin = as(urlFor('admin'))
    const system = await startSystem({
      REDIS_URL: urlFor('admin'),
      ...roleUrls(),
      REDIS_PREFIX: 'fl',
      SWEEP_MS: 100,
    })
    try {
      await system.createFeed({ id: 'ar', lang: 'ar' })
      await system.serves('ar')
      const [event] = await system.publish('en', [{ text: 'First', expiresAt: new Date(Date.now() + 1_500) }])
      await system.correct('en', event!.headline, 'Second')
      await eventually(
        'the headline is expired',
        10_000,
        async () => (await system.events('en')).at(-1)?.op === 'expire',
      )
      expect((await fetch(`${system.url}/readyz`).then((answer) => answer.json())) as object).toEqual({
        status: 'ready',
        failing: [],
        warnings: [],
        overdueMs: expect.any(Number),
        durability: 'always',
        replication: 'none',
      })

      const clients = String(await admin.client('LIST'))
      const names = new Set([...clients.matchAll(/ user=(\S+)/g)].map(([, name]) => name))
      expect([...names].sort()).toEqual(['admin', 'api', 'gateway', 'worker'])
      expect(await refusalsOf(admin)).toEqual([])
    } finally {
      await system.close()
      admin.disconnect()
    }
  })
})

describe('a role whose user Redis refuses', () => {
  it.each([
    ['a wrong password', (socket: string) => withUser(socket, 'worker', 'wrong'), 'WRONGPASS'],
    ['no user at all', (socket: string) => socket, 'NOAUTH'],
  ])('says so at once: %s', async (_what, url, code) => {
    const { roleUrls, socketPath } = await start()
    const config = readConfig({
      ...roleUrls(),
      REDIS_URL_WORKER: url(socketPath),
      PORT: '0',
      LOG_LEVEL: 'silent',
    })
    await expect(startService('all', config)).rejects.toThrow(`worker: Redis refuses the user: ${code}`)
  })
})

/** Starts a server as earlier versions did, without users. */
async function serverWithoutUsers() {
  const { binary, env } = await findRedisServer()
  await mkdir(dataDir)
  const socket = join(dataDir, 'redis.sock')
  const options = `--port 0 --unixsocket ${socket} --dir ${dataDir} --pidfile ${join(dataDir, 'redis.pid')} --appendonly yes`
  const child = await spawnTied(binary, options.split(' '), {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  await eventually('the old server answers', 20_000, () => stat(socket).catch(() => undefined))
  return { socket, exited: exitOf(child) }
}
