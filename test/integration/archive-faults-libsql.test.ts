import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { chmod, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LibsqlArchive } from '../../src/archive/databases/libsql-archive.ts'
import { LibsqlConnection } from '../../src/archive/databases/libsql-connection.ts'
import { libsqlMigrations } from '../../src/archive/databases/migrations/libsql-migrations.ts'
import { openArchive } from '../../src/archive/databases/open-archive.ts'
import { openLibsqlArchive } from '../../src/archive/databases/open-libsql-archive.ts'
import { expectRefusesWrites } from '../support/archive/faults.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { auditEntry, everything, lineWith } from '../support/archive/lines.ts'
import { startWriter } from '../support/archive/writer.ts'

let database: Awaited<ReturnType<typeof libsqlDatabase>>
beforeEach(async () => {
  database = await libsqlDatabase()
})
afterEach(() => database.close())

const line = lineWith('fire in the harbour')
const secondStep = 'ALTER TABLE lines ADD COLUMN place_name TEXT'

async function writeOne(): Promise<void> {
  const archive = await database.open()
  await archive.write({ lines: [line], audit: { scope: 'en', entries: [auditEntry(1)] } })
  await archive.close()
}

it('a full disk refuses writes and goes on reading; with space again it writes', async () => {
  await writeOne()
  const writer = await LibsqlConnection.open(database.path)
  await writer.all('PRAGMA max_page_count = 1')
  const archive = await LibsqlArchive.open(database.path, writer)
  const large = lineWith('flood', { stored: { ...line.stored, state: 'x'.repeat(1_000_000) } })

  await expect(archive.write({ lines: [large] })).rejects.toMatchObject({ fault: 'full' })
  expect(await archive.readLines('en', [line.id, large.id])).toEqual([line, undefined])

  await writer.all('PRAGMA max_page_count = 1000000')
  await archive.write({ lines: [large] })
  expect(await archive.countLines('en')).toBe(2)
  await archive.close()
})

it('a connection that only reads refuses writes', async () => {
  await writeOne()
  const writer = await LibsqlConnection.open(database.path)
  const archive = await LibsqlArchive.open(database.path, writer)
  await writer.exec('PRAGMA query_only = 1')

  await expectRefusesWrites(archive, 'read-only')
  await archive.close()
})

it('a file without the right to write refuses writes, and a folder without it refuses the archive', async () => {
  await writeOne()
  await chmod(database.path, 0o444)
  const other = join(dirname(database.path), 'locked')
  await mkdir(other, { mode: 0o555 })
  // Root may write everywhere, unless it gives up its capabilities.
  const prefix = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all'] : []

  for (const url of [database.url, pathToFileURL(join(other, 'a', 'archive.db')).href]) {
    const writer = await startWriter(url, { prefix })
    await writer.ends()
    expect({ fault: writer.fault, acknowledged: writer.acknowledged }).toEqual({
      fault: 'read-only',
      acknowledged: [],
    })
  }
})

it('a new file, and what SQLite puts beside it, is for its user only', async () => {
  const archive = await database.open()
  await archive.write({ lines: [line] })
  const folder = dirname(database.path)
  const modes = await Promise.all(
    (await readdir(folder)).map(async (name) => ((await stat(join(folder, name))).mode & 0o777).toString(8)),
  )
  expect(modes).toEqual(['600', '600', '600'])
  await archive.close()
})

it('erased words are overwritten in the file', async () => {
  const archive = await database.open()
  const secret = 'Rosalind'.repeat(400)
  const named = lineWith('x', {
    stored: { ...line.stored, versions: { '1:content': JSON.stringify({ text: secret }) } },
  })
  await archive.write({ lines: [named] })
  expect(await archive.eraseWords('en', [named.id])).toBe(1)
  await archive.close()

  expect((await readFile(database.path)).includes('RosalindRosalind')).toBe(false)
})

it('a copy that has lost its WAL mode gets it back, so that readers and a writer do not wait', async () => {
  await writeOne()
  const copy = await LibsqlConnection.open(database.path)
  await copy.all('PRAGMA journal_mode = DELETE')
  await copy.close()

  const archive = await database.open()
  const reader = await LibsqlConnection.open(database.path)
  expect(await reader.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  await reader.close()
  await archive.close()
})

it('a file that was moved away or replaced is found out by a check', async () => {
  await writeOne()
  const archive = await database.open()
  await archive.check()
  await rename(database.path, `${database.path}.moved`)
  await expect(archive.check()).rejects.toMatchObject({ fault: 'away' })
  await rename(`${database.path}.moved`, database.path)
  await archive.check()
  await archive.close()
})

it('a file of a later version is refused and stays as it is', async () => {
  const later = await openLibsqlArchive(database.path, [...libsqlMigrations, secondStep])
  await later.write({ lines: [line] })
  await later.close()

  await expect(database.open()).rejects.toMatchObject({ name: 'ArchiveError', fault: 'newer' })

  const again = await openLibsqlArchive(database.path, [...libsqlMigrations, secondStep])
  expect(await again.readLines('en', [line.id])).toEqual([line])
  await again.close()
})

it('a file of an earlier version is brought to this one once, by several at the same time, with its data', async () => {
  await writeOne()

  const steps = [...libsqlMigrations, secondStep, 'UPDATE lines SET place_name = id']
  const opened = await Promise.all([1, 2, 3, 4].map(() => openLibsqlArchive(database.path, steps)))

  for (const archive of opened) {
    expect(await archive.readLines('en', [line.id])).toEqual([line])
    expect(await archive.readAudit('en', 0, 10)).toEqual([auditEntry(1)])
    expect((await archive.findLines('en', { ...everything, words: ['harbour'] }, 10)).found).toHaveLength(1)
    expect(archive.identity).toBe(opened[0]?.identity)
    await archive.close()
  }
})

it('a migration that fails leaves the earlier version, which goes on', async () => {
  await writeOne()

  const failing = openLibsqlArchive(database.path, [
    ...libsqlMigrations,
    secondStep,
    'UPDATE nothing SET x = 1',
  ])

  await expect(failing).rejects.toMatchObject({ name: 'ArchiveError' })
  const archive = await database.open()
  expect(await archive.readLines('en', [line.id])).toEqual([line])
  await archive.close()
})

it('a file that is no database, or a damaged one, is named as damaged', async () => {
  await writeOne()
  const file = await open(database.path, 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096)
  await file.close()
  await expect(database.open().then((archive) => archive.countLines('en'))).rejects.toMatchObject({
    fault: 'damaged',
  })

  await writeFile(database.path, 'no database'.repeat(1000))
  await expect(database.open()).rejects.toMatchObject({ fault: 'damaged' })
})

it('a file that was removed while it was open takes no more writes, which would be lost', async () => {
  const archive = await database.open()
  await archive.write({ lines: [line] })
  await rename(database.path, `${database.path}.moved`)

  await expect(archive.write({ lines: [lineWith('fire')] })).rejects.toMatchObject({ fault: 'away' })
  await rm(dirname(database.path), { recursive: true })
  await expect(archive.write({ lines: [lineWith('fire')] })).rejects.toMatchObject({ fault: 'away' })
  await archive.close()

  const other = await database.open()
  expect(other.identity).not.toBe(archive.identity)
  await other.close()
})

it('a folder that cannot be made is away', async () => {
  await mkdir(dirname(database.path))
  await writeFile(database.path, '')
  const inFile = pathToFileURL(join(database.path, 'archive.db')).href

  await expect(openArchive(inFile)).rejects.toMatchObject({ name: 'ArchiveError', fault: 'away' })
  await expect(openArchive('mysql://localhost')).rejects.toThrow(TypeError)
})

it('a copy that is made while batches are written is whole, and appears only when it is', async () => {
  const archive = await database.open()
  const copy = join(dirname(database.path), 'copy.db')
  const lines = Array.from({ length: 200 }, (_, n) => lineWith(`fire ${n}`))
  await archive.write({ lines: lines.slice(0, 100) })

  const copied = archive.copyTo?.(copy)
  for (const one of lines.slice(100)) await archive.write({ lines: [one] })
  await copied

  const opened = await openArchive(pathToFileURL(copy).href)
  expect(opened.identity).toBe(archive.identity)
  const count = await opened.countLines('en')
  expect(count).toBeGreaterThanOrEqual(100)
  const ids = lines.slice(0, count).map(({ id }) => id)
  expect(await opened.readLines('en', ids)).toEqual(lines.slice(0, count))
  expect((await opened.findLines('en', { ...everything, words: ['fire'] }, 300)).found).toHaveLength(count)
  await opened.close()
  await archive.close()
  expect((await readdir(dirname(database.path))).filter((name) => name.endsWith('.part'))).toEqual([])
})
