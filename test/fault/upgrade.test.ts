import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { openArchive } from '../../src/archive/databases/open-archive.ts'
import type { Archive } from '../../src/archive/archive.ts'
import { projectRoot } from '../support/cluster.ts'
import { EmbeddedFlashline } from '../support/embedded-flashline.ts'
import { eventually } from '../support/eventually.ts'

/** Data that the last version without an archive has written: see the README there. */
const before = join(projectRoot, 'test/fixtures/data-before-archive')
const key = 'key-of-the-data-before-the-archive-0123456789'
const LIMIT_MS = 30_000

interface Expected {
  readonly heads: readonly string[]
  readonly strips: Readonly<Record<string, { readonly position: string; readonly texts: readonly string[] }>>
  readonly lines: Readonly<Record<string, ExpectedLine>>
}

interface ExpectedLine {
  readonly feed: string
  readonly id: string
  readonly text: string
  readonly status: string
  readonly version: number
}

interface Line {
  readonly status: string
  readonly version: number
  readonly content: { readonly text: string }
  readonly versions: readonly unknown[]
}

let folder: string
let dataDir: string
let flashline: EmbeddedFlashline | undefined
let archive: Archive | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-upgrade-'))
  dataDir = join(folder, 'data')
  const aof = join(dataDir, 'redis', 'appendonlydir')
  await mkdir(aof, { recursive: true, mode: 0o700 })
  await writeFile(join(aof, 'old.aof'), gunzipSync(await readFile(join(before, 'appendonly.aof.gz'))))
  await writeFile(join(aof, 'appendonly.aof.manifest'), 'file old.aof seq 1 type i\n')
})
afterEach(async () => {
  await archive?.close()
  await flashline?.process.end()
  await rm(folder, { recursive: true, force: true })
})

it('reads the data of the version before, and moves what has ended', async () => {
  const { heads, strips, lines } = JSON.parse(
    await readFile(join(before, 'expected.json'), 'utf8'),
  ) as Expected
  flashline = await EmbeddedFlashline.start(dataDir, { BOOTSTRAP_KEY: key, ARCHIVE_AFTER_MS: '1000' })
  const service = flashline
  const read = async ({ feed, id }: ExpectedLine) =>
    (await service.get(`/v1/feeds/${feed}/headlines/${id}`)).body as Line

  // Since then the time of the lines that showed is over, and the planned line is too late.
  const now: Readonly<Record<string, readonly string[]>> = {
    live: ['expired'],
    due: ['due', 'live', 'needs-decision', 'expired'],
  }
  for (const line of Object.values(lines)) {
    const wanted = now[line.status] ?? [line.status, 'expired']
    const found = await eventually(`${line.text} is ${wanted.join(' or ')}`, LIMIT_MS, async () => {
      const record = await read(line)
      return wanted.includes(record.status) && record
    })
    expect(found.content.text).toBe(line.text)
    expect(found.version).toBeGreaterThanOrEqual(line.version)
    expect(found.versions).toHaveLength(found.version)
  }

  // A correction in the Arabic feed has flagged it: it stays until the newsroom has acted on it.
  await service.act(lines.live!.id, 'withdraw', {}, 'en')
  archive = await openArchive(pathToFileURL(join(dataDir, 'archive.db')).href)
  const opened = archive
  const moving = ['withdrawn', 'expired', 'live', 'discarded', 'rejected', 'arabic'].map(
    (name) => lines[name]!,
  )
  for (const { feed, id, text } of moving) {
    const [moved] = await eventually(`${text} moves`, LIMIT_MS, async () => {
      const found = await opened.readLines(feed, [id])
      return found[0] !== undefined && found
    })
    expect(moved?.stored.versions['1']).toBeDefined()
  }
  await eventually('they leave Redis', LIMIT_MS, async () => {
    return (await service.metric('flashline_lines_archived_total')) >= moving.length
  })
  for (const line of moving) expect((await read(line)).content.text).toBe(line.text)
  // A replay of any moment since the first event begins at a stored strip.
  const events = await archive.readEvents('en', {}, 1000)
  const [epoch] = strips.en!.position.split(':')
  const numbers = Array.from({ length: 11 }, (_, index) => `${epoch}:${index + 1}`)
  expect(events.map(({ position }) => position).slice(0, 11)).toEqual(numbers)
  expect(await archive.readStoredStrip('en', events.at(-1)?.number ?? 0)).toBeDefined()
  const textsAt = async (at: number) => {
    const { body } = await service.get(`/v1/feeds/en/as-of?at=${new Date(at).toISOString()}`)
    return (body as { strip: { text: string }[] }).strip.map(({ text }) => text)
  }
  expect(await textsAt(events[0]!.at)).toEqual(['The harbour opens at 6'])
  expect(await textsAt(events[10]!.at)).toEqual(strips.en!.texts)
  const withdrawn = lines.withdrawn!
  const receipt = await service.get(`/v1/feeds/en/headlines/${withdrawn.id}/receipt`)
  const { releases } = receipt.body as { releases: { written: number }[] }
  expect(releases.map(({ written }) => written)).toEqual([1, 1, 1])

  const verified = await service.run(
    'scripts/audit-verify.mjs',
    ...heads.flatMap((head) => ['--expect', head]),
  )
  expect([verified.code, verified.output]).toEqual([0, expect.stringMatching(/^en:\d+:\w+ ok$/m)])

  await service.act(lines.arabic!.id, 'restore', { version: 1 }, 'ar')
  expect((await read(lines.arabic!)).version).toBeGreaterThan(lines.arabic!.version)
  await service.post('The first line of this version', 'en')
  expect((await service.snapshot('en')).strip.map(({ text }) => text)).toContain(
    'The first line of this version',
  )
}, 120_000)
