import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const folders = ['src', 'workers', 'web']
const LIMIT_MS = 60_000

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

async function cruise(targets: readonly string[]): Promise<Cruise> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...targets]
  const text = await new Promise<string>((done, fail) => {
    // The exit code is the number of violations; the output has the result in every case.
    execFile(
      process.execPath,
      args,
      { cwd: root, maxBuffer: 1 << 26, timeout: LIMIT_MS, env: { PATH: process.env.PATH } },
      (error, stdout, stderr) => {
        if (stdout === '') fail(new Error(stderr, { cause: error }))
        else done(stdout)
      },
    )
  })
  return JSON.parse(text) as Cruise
}

it(
  'every folder imports only what the table allows',
  async () => {
    const { modules, summary } = await cruise(folders)
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
    for (const part of ['src/gateway/readers/hub.ts', 'src/api/create-api.ts', 'workers/start-workers.ts'])
      expect(modules.map(({ source }) => source)).toContain(part)
  },
  LIMIT_MS,
)

it('only the main file reads the environment', async () => {
  const readers: string[] = []
  for (const folder of folders)
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.(ts|js|mjs)$/.test(file)) continue
      const source = await readFile(join(root, folder, file), 'utf8')
      if (/\bprocess\s*(\.|\[\s*['"])\s*env\b|import\.meta\.env|from 'node:process'/.test(source))
        readers.push(`${folder}/${file}`)
    }
  expect(readers.filter((file) => file !== 'src/main.ts')).toEqual([])
  expect(readers).toContain('src/main.ts')
})

it('only platform/redis.ts creates Redis clients', async () => {
  const makers: string[] = []
  for (const folder of folders)
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue
      const source = await readFile(join(root, folder, file), 'utf8')
      if (/new (Redis|Cluster)\(/.test(source)) makers.push(`${folder}/${file}`)
    }
  expect(makers).toEqual(['src/platform/redis.ts'])
})
