import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { exitOf, spawnTied } from '../../scripts/support/child-process.mjs'
import { findRedisServer } from '../../scripts/support/redis-server.mjs'
import { freePort, Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'

const LIMIT_MS = 10_000

describe('an address that is not that of a Redis which can keep the data is named at the start', () => {
  let folder: string
  const children: ChildProcess[] = []
  const closers: (() => void)[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flashline-other-'))
  })
  afterEach(async () => {
    const ended = children.map((child) => exitOf(child))
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(ended)
    for (const close of closers.splice(0)) close()
    await rm(folder, { recursive: true, force: true })
  })

  async function started(args: readonly string[], port: number): Promise<void> {
    const { binary, env } = await findRedisServer()
    children.push(
      await spawnTied(binary, [...args], { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' }),
    )
    const client = new Redis(port, { lazyConnect: true, retryStrategy: () => null, enableReadyCheck: false })
    client.on('error', () => undefined)
    await eventually('the server answers', LIMIT_MS, () =>
      client.info('server').then(
        () => true,
        () =>
          client.connect().then(
            () => false,
            () => false,
          ),
      ),
    )
    client.disconnect()
  }

  async function reasonOf(url: string): Promise<string> {
    const env = { REDIS_URL: url, ARCHIVE_URL: 'off', HOST: '127.0.0.1' }
    return new Member('gateway', env).start().then(
      () => 'it has started',
      (error: unknown) => String(error),
    )
  }

  it.each([
    ['with a user', 'api:secret@'],
    ['without a user', ''],
  ])('a Sentinel, %s', async (_, user) => {
    const port = await freePort()
    const settings = join(folder, 'sentinel.conf')
    await writeFile(settings, `port ${port}\nbind 127.0.0.1\nsentinel monitor news 127.0.0.1 1 1\n`)
    await started([settings, '--sentinel'], port)
    expect(await reasonOf(`redis://${user}127.0.0.1:${port}`)).toContain(
      'that of a Sentinel: put it into REDIS_SENTINELS, with REDIS_MASTER_NAME',
    )
  })

  it('a node of a cluster', async () => {
    const port = await freePort()
    await started(['--port', String(port), '--cluster-enabled', 'yes', '--save', ''], port)
    expect(await reasonOf(`redis://127.0.0.1:${port}`)).toContain('a node of a Redis Cluster')
  })

  it.each([
    [
      'a Redis that is too old',
      'redis_version:6.2.14\r\nredis_mode:standalone\r\n',
      'Redis 6.2.14 is too old',
    ],
    ['a proxy', 'proxy:1\r\n', 'it is a proxy, or no Redis'],
  ])('%s', async (_, info, reason) => {
    const server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (chunk) => {
          for (const [, name = ''] of String(chunk).matchAll(/\r\n(hello|info|ping)\r\n/gi)) {
            if (name.toLowerCase() === 'hello') socket.write('%1\r\n$5\r\nproto\r\n:3\r\n')
            else if (name.toLowerCase() === 'info') socket.write(`$${info.length}\r\n${info}\r\n`)
            else socket.write('+PONG\r\n')
          }
        })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    closers.push(() => server.close())
    const { port } = server.address() as AddressInfo
    expect(await reasonOf(`redis://127.0.0.1:${port}`)).toContain(reason)
  })
})
