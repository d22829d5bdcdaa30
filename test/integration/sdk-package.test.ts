import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../support/cluster.ts'
import { startSystem } from '../support/system.ts'

const LIMIT_MS = 60_000
/** Errors: when the exit code is not 0, with the output of the program. */
const run = (file: string, args: string[], cwd: string): Promise<{ stdout: string }> =>
  promisify(execFile)(file, args, { cwd, timeout: LIMIT_MS }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
  })
const tool = (path: string): string => join(projectRoot, 'node_modules', path)

let folder: string
let tarball: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-sdk-'))
  await run(
    'npm',
    ['pack', join(projectRoot, 'dist/web/sdk'), '--pack-destination', folder, '--silent'],
    folder,
  )
  tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], folder)
  await writeFile(
    join(folder, 'use.ts'),
    `import { connect, createClient, type Connection, type Status } from '@flashline/client'
     import { connect as small } from '@flashline/client/min'
     const news: Connection = connect({ url: 'http://127.0.0.1', feed: 'en', filters: { urgency: 'flash' } })
     news.on('strip', (lines) => lines.map(({ text }) => text.length))
     news.on('status', ({ state }: Status) => state === 'live')
     // @ts-expect-error there is no such notice
     news.on('weather', () => undefined)
     export const both = [small, createClient({ now: () => 0, WebSocket })]`,
  )
}, LIMIT_MS)

afterAll(() => rm(folder, { recursive: true, force: true }))

it.each([
  { resolution: 'bundler', module: 'esnext', lib: 'es2022,dom' },
  { resolution: 'node16', module: 'node16', lib: 'es2022,dom' },
])(
  'type-checks in a strict project of $resolution',
  async ({ resolution, module, lib }) => {
    const settings = ['--noEmit', '--strict', '--target', 'es2022', '--lib', lib]
    const modules = ['--module', module, '--moduleResolution', resolution, 'use.ts']
    await run(process.execPath, [tool('typescript/bin/tsc'), ...settings, ...modules], folder)
  },
  LIMIT_MS,
)

it(
  'can be required from CommonJS, and type-checks there as its README says',
  async () => {
    await writeFile(
      join(folder, 'use.cts'),
      `import client = require('@flashline/client')\nexport const { connect } = client`,
    )
    await writeFile(
      join(folder, 'use.cjs'),
      `const { connect } = require('@flashline/client')\nprocess.exitCode = typeof connect === 'function' ? 0 : 1`,
    )
    const check = (module: string): Promise<unknown> => {
      const settings = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom']
      return run(
        process.execPath,
        [tool('typescript/bin/tsc'), ...settings, '--module', module, 'use.cts'],
        folder,
      )
    }
    await check('nodenext')
    await expect(check('node16')).rejects.toThrow('TS1471')
    await run(process.execPath, ['use.cjs'], folder)
  },
  LIMIT_MS,
)

it(
  'is not packed from its source',
  async () => {
    const packing = run('npm', ['pack', join(projectRoot, 'web/sdk'), '--pack-destination', folder], folder)
    await expect(packing).rejects.toThrow('Publish dist/web/sdk')
    expect(await readFile(join(projectRoot, 'dist/web/sdk/package.json'), 'utf8')).not.toContain('prepack')
  },
  LIMIT_MS,
)

it(
  'has no errors in publint and are-the-types-wrong',
  async () => {
    await run(process.execPath, [tool('publint/src/cli.js'), '--strict', tarball], folder)
    const { stdout } = await run(
      process.execPath,
      [tool('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--format', 'ascii'],
      folder,
    )
    expect(stdout).toContain('@flashline/client')
  },
  LIMIT_MS,
)

it(
  'reads a feed in this version of Node, with the code of the README',
  async () => {
    const system = await startSystem()
    try {
      await system.publish('en', [{ text: 'Here', urgency: 'flash' }])
      await writeFile(
        join(folder, 'read.mjs'),
        `import { connect } from '@flashline/client'
       const news = connect({ url: process.argv[2], feed: 'en' })
       news.on('strip', (lines) => {
         console.log(lines.map(({ text, urgency }) => \`\${urgency}: \${text}\`).join('\\n'))
         news.close()
       })`,
      )
      const { stdout } = await run(process.execPath, ['read.mjs', system.url], folder)
      expect(stdout).toBe('flash: Here\n')
    } finally {
      await system.close()
    }
  },
  LIMIT_MS,
)
