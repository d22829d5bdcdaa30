import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../support/eventually.ts'
import { partnersOn } from '../support/partners.ts'
import { startScript, type StartedScript } from '../support/started-script.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 20_000

let system: System
let folder: string
let script: StartedScript
beforeAll(async () => {
  system = await startSystem()
  folder = await mkdtemp(join(tmpdir(), 'on-air-text-'))
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  const { key } = await partnersOn(system).make(['wire'], { onAir: true })
  const args = ['--server', system.url, '--feed', 'wire', '--folder', folder, '--separator', ' / ']
  script = startScript('scripts/on-air-text.mjs', args, { FLASHLINE_OUTPUT_KEY: key })
})
afterAll(async () => {
  script.signal('SIGTERM')
  await script.exitCode
  await system.close()
  await rm(folder, { recursive: true })
})

const file = (dialect: string) => readFile(join(folder, `wire.${dialect}.txt`), 'utf8').catch(() => undefined)

it('text files follow a feed, escaped for each program, and lose what is withdrawn', async () => {
  const [first] = await system.publish('wire', [{ text: 'Up 5% & more' }])
  await system.publish('wire', ['Second'])
  const both = '\u2068Second\u2069 / \u2068Up 5% & more\u2069'
  await eventually('both lines are written', LIMIT_MS, async () => (await file('plain')) === both)
  await eventually(
    'in each dialect',
    LIMIT_MS,
    async () => (await file('gstreamer')) === both.replace('&', '&amp;'),
  )
  expect(await file('ffmpeg')).toBe(both.replace('%', '\\%'))
  await system.withdraw('wire', first!.headline)
  await eventually('it is gone', LIMIT_MS, async () => (await file('plain')) === '\u2068Second\u2069')
  expect((await readdir(folder)).sort()).toEqual(['wire.ffmpeg.txt', 'wire.gstreamer.txt', 'wire.plain.txt'])
  expect(script.output).toBe('')
})
