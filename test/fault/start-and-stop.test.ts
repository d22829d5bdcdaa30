import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '../../src/protocol/frames.ts'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { startScript, type StartedScript } from '../support/started-script.ts'

let dataDir: string
const runs: StartedScript[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'flashline-start-'))
})
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.end()))
  await rm(dataDir, { recursive: true, force: true })
})

it('prints the link for the first sign-in at the first start only, and not in the log', async () => {
  const port = await freePort()
  const first = start(port)
  await first.ready()
  const [, token] = /#sign-in=(in_u_[0-9a-f]{16}_[A-Za-z0-9_-]{43})/.exec(first.output) ?? []
  const signIn = () =>
    fetch(`http://127.0.0.1:${port}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })

  expect((await signIn()).status).toBe(200)
  expect((await signIn()).status).toBe(401)
  await first.end()
  expect(first.output).not.toMatch(/^\{/m)
  const logged = await readFile(join(dataDir, 'flashline.log'), 'utf8')
  expect(logged).toContain('"started"')
  expect(logged).not.toContain(token)

  const second = start(port)
  await second.ready()
  expect(second.output).not.toContain('sign-in=')
}, 90_000)

it('stops all processes on SIGINT, and still has the headline after the next start', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const first = start(port)
  await first.ready()
  const descendants = await descendantsOf(first.pid)
  await post(url, 'Still here tomorrow')
  first.signal('SIGINT')

  expect(await first.exitCode).toBe(0)
  expect(descendants.length).toBeGreaterThanOrEqual(2)
  await eventually('no child is left', 20_000, async () => (await running(descendants)).length === 0)

  const second = start(port)
  await second.ready()
  expect(await textsShowing(url)).toEqual(['Still here tomorrow'])
}, 90_000)

it('leaves no child process running when it is killed, and starts again on the same data', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const first = start(port)
  await first.ready()
  const descendants = await descendantsOf(first.pid)
  await post(url, 'Still here after kill -9')
  first.signal('SIGKILL')
  await first.exitCode
  await eventually('no child is left', 15_000, async () => (await running(descendants)).length === 0)

  const second = start(port)
  await second.ready()
  expect(await textsShowing(url)).toEqual(['Still here after kill -9'])
}, 90_000)

it('refuses a second start on the same data, and names the process that uses it', async () => {
  const first = start(await freePort())
  await first.ready()
  const second = start(await freePort())

  expect(await second.exitCode).toBe(1)
  expect(second.output).toMatch(/The data in \S+ is in use by process \d+\. Stop that process first/)
  expect(second.output).not.toMatch(/ {4}at /)
  expect(await running([first.pid])).toEqual([first.pid])
}, 90_000)

it('refuses a port that is in use, and suggests another port', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const run = start(port)

  expect(await run.exitCode).toBe(1)
  expect(run.output).toContain(`Port ${port} is in use by another program`)
  expect(run.output).not.toMatch(/ {4}at /)
  other.close()
}, 90_000)

it('shows the log with --log, and refuses another option in one sentence', async () => {
  const run = start(await freePort(), ['--log'])
  await run.ready()
  expect(run.output).toMatch(/^\{.*"started"/m)

  const mistyped = start(await freePort(), ['--logs'])
  expect(await mistyped.exitCode).toBe(1)
  expect(mistyped.output).toContain('Usage: npm start -- [--log]')
  expect(mistyped.output).not.toMatch(/ {4}at /)
}, 90_000)

it('says in one sentence that the data folder cannot be written', async () => {
  // A file where the folder should be stops root too, whom permissions do not stop.
  await writeFile(join(dataDir, 'taken'), '')
  const run = start(await freePort(), [], join(dataDir, 'taken', 'data'))
  expect(await run.exitCode).toBe(1)
  expect(run.output.trim()).toMatch(/^Flashline cannot write \S+ \(ENOTDIR\)\. [^\n]+$/)
}, 90_000)

it('the demo finds the service, survives its restart, and takes its headlines back', async () => {
  const port = await freePort()
  const first = start(port)
  await first.ready()
  await post(`http://127.0.0.1:${port}`, 'The newsroom’s own line')
  const looped = demo('--loop', '--fast')
  await eventually('the demo posts', 30_000, () => looped.output.includes('demo-sport  publish'))
  await first.end()
  await eventually('the demo waits', 30_000, () => looped.output.includes('Waiting for it.'))

  // The demo finds the other port.
  const otherPort = await freePort()
  const url = `http://127.0.0.1:${otherPort}`
  const second = start(otherPort)
  await second.ready()
  await eventually('the demo posts again', 30_000, () => looped.output.includes(`Posting to ${url}`))
  looped.signal('SIGINT')
  await looped.exitCode
  expect(await textsShowing(url, 'demo-en')).not.toEqual([])
  const arabic = await (await fetch(`${url}/v1/feeds/demo-ar/words`)).json()
  expect(arabic).toMatchObject({ labels: { city: 'المدينة' } })

  const cleaned = demo('--clean')
  expect(await cleaned.exitCode).toBe(0)
  for (const feed of ['demo-en', 'demo-ar', 'demo-es', 'demo-sport'])
    await eventually(`${feed} is empty`, 10_000, async () => (await textsShowing(url, feed)).length === 0)
  expect(await textsShowing(url)).toEqual(['The newsroom’s own line'])
}, 120_000)

/** `npm start`, without npm. */
function start(port: number, args: readonly string[] = [], folder = dataDir): StartedScript {
  return run('scripts/start.mjs', args, { PORT: String(port), DATA_DIR: folder, REDIS_URL: '' })
}

/** `npm run demo`, without npm. */
function demo(...args: string[]): StartedScript {
  return run('scripts/demo.mjs', args, { PORT: '', DATA_DIR: dataDir, FLASHLINE_URL: '', FLASHLINE_KEY: '' })
}

function run(script: string, args: readonly string[], env: Record<string, string>): StartedScript {
  const started = startScript(script, args, env)
  runs.push(started)
  return started
}

async function post(url: string, text: string): Promise<void> {
  const key = (await readFile(join(dataDir, 'first-run-key'), 'utf8')).trim()
  const response = await fetch(`${url}/v1/feeds/en/headlines`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text, urgency: 'flash' }),
  })
  expect(response.status).toBe(201)
}

/** Waits for an answer with a strip; there is none until the feed is loaded. */
async function textsShowing(url: string, feed = 'en'): Promise<string[]> {
  const { strip } = await eventually('the feed is loaded', 20_000, async () => {
    const snapshot = (await (await fetch(`${url}/v1/feeds/${feed}`)).json()) as Partial<Snapshot>
    return snapshot.strip && { strip: snapshot.strip }
  })
  return strip.map(({ text }) => text)
}

async function descendantsOf(pid: number): Promise<number[]> {
  const written = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = written.split(' ').filter(Boolean).map(Number)
  const deeper = await Promise.all(children.map((child) => descendantsOf(child)))
  return [...children, ...deeper.flat()]
}

/** The processes that have not ended. A zombie, whose exit code is not read yet, has ended. */
async function running(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')),
  )
  return pids.filter((_, index) => !/\) [ZX]/.test(states[index] ?? ''))
}
