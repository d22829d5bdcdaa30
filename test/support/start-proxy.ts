import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitOf, spawnTied, stopChild } from '../../scripts/support/child-process.mjs'
import { fetchDebianTool, isDebianLike } from '../../scripts/support/debian-package.mjs'
import { findOnPath } from '../../scripts/support/host.mjs'
import { freePort } from './cluster.ts'
import { eventually } from './eventually.ts'
import type { ShippedProxy } from './shipped-proxies.ts'

export interface RunningProxy {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Settles when the feed `en` is served through the proxy. */
export async function startProxy(
  proxy: ShippedProxy,
  servicePort: number,
  gatewayPort = servicePort,
): Promise<RunningProxy> {
  const tool = await find(proxy)
  if (!tool) throw new Error(`${proxy.name} is not on PATH and cannot be downloaded from Debian packages`)
  const folder = await mkdtemp(join(tmpdir(), `flashline-${proxy.binary}-`))
  const place = {
    edge: await freePort(),
    service: servicePort,
    gateway: gatewayPort,
    folder,
    root: tool.root,
  }
  const shipped = await readFile(new URL(`../../${proxy.config}`, import.meta.url), 'utf8')
  const file = join(folder, 'proxy.conf')
  await writeFile(file, await proxy.configure(shipped, place))
  const child = await spawnTied(tool.binary, await proxy.args(file, place), {
    cwd: folder,
    env: { PATH: process.env.PATH, ...tool.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = exitOf(child)
  let complaints = ''
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (text: Buffer) => (complaints += text.toString()))
  const url = `http://127.0.0.1:${place.edge}`
  const close = async (): Promise<void> => {
    await stopChild(child, exited, 5_000)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await eventually('the edge serves the feed', 20_000, async () => {
      if (child.exitCode !== null) throw new Error(`${proxy.name} ended: ${complaints}`)
      return fetch(`${url}/v1/feeds/en`).then(
        ({ status }) => status === 200,
        () => false,
      )
    })
  } catch (error) {
    await close()
    throw error
  }
  return { url, close }
}

/** Undefined on a system without the proxy and without Debian packages, which cannot test the shipped files. */
async function find({ binary, package: name }: ShippedProxy) {
  const onPath = await findOnPath([binary])
  if (onPath !== undefined) return { binary: onPath, root: '', env: {} }
  return (await isDebianLike()) ? fetchDebianTool({ packages: [name], binary }) : undefined
}
