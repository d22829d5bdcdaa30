import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { postgresMigrations } from '../../src/archive/databases/migrations/postgres-migrations.ts'
import { openArchive } from '../../src/archive/databases/open-archive.ts'
import { openPostgresArchive } from '../../src/archive/databases/open-postgres-archive.ts'
import { expectRefusesWrites } from '../support/archive/faults.ts'
import { auditEntry, everything, lineWith } from '../support/archive/lines.ts'
import { onServer, postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe
const line = lineWith('fire in the harbour')
const secondStep = 'ALTER TABLE lines ADD COLUMN place_name text'

withPostgres('the archive in PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof postgresDatabase>>
  beforeEach(async () => {
    database = await postgresDatabase()
    const archive = await database.open()
    await archive.write({ lines: [line], audit: { scope: 'en', entries: [auditEntry(1)] } })
    await archive.close()
  })
  afterEach(() => database.close())

  it('refuses writes and goes on reading when the server has no space; with space again it writes', async () => {
    // The server raises the same error when its disk is full.
    await onServer(
      database.url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION refuse()`,
    )
    const archive = await database.open()

    await expectRefusesWrites(archive, 'full')

    await onServer(database.url, 'DROP TRIGGER full_disk ON lines')
    await archive.write({ lines: [lineWith('flood')] })
    expect(await archive.countLines('en')).toBe(2)
    await archive.close()
  })

  it('refuses writes and goes on reading where the database or the user only reads', async () => {
    const name = new URL(database.url).pathname.slice(1)
    await onServer(database.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    const archive = await database.open()
    await expectRefusesWrites(archive, 'read-only')
    await archive.close()
    await onServer(testPostgresUrl!, `ALTER DATABASE ${name} RESET default_transaction_read_only`)

    const reader = `${name}_reader`
    await onServer(database.url, `CREATE ROLE ${reader} LOGIN PASSWORD 'reading'`)
    await onServer(database.url, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`)
    const url = new URL(database.url)
    url.username = reader
    url.password = 'reading'
    const reading = await openArchive(url.href)
    await expectRefusesWrites(reading, 'read-only')
    expect(await reading.readLines('en', [line.id])).toEqual([line])
    await reading.close()
    await onServer(database.url, `DROP OWNED BY ${reader}; DROP ROLE ${reader}`)
  })

  it('refuses a database of a later version and leaves it as it is', async () => {
    const steps = [...postgresMigrations, secondStep]
    await (await openPostgresArchive(database.url, steps)).close()

    await expect(database.open()).rejects.toMatchObject({ name: 'ArchiveError', fault: 'newer' })

    const again = await openPostgresArchive(database.url, steps)
    expect(await again.readLines('en', [line.id])).toEqual([line])
    await again.close()
  })

  it('brings a database of an earlier version to this one once, by several at the same time', async () => {
    const steps = [...postgresMigrations, secondStep, 'UPDATE lines SET place_name = id']
    const opened = await Promise.all([1, 2, 3, 4].map(() => openPostgresArchive(database.url, steps)))

    for (const archive of opened) {
      expect(await archive.readLines('en', [line.id])).toEqual([line])
      expect(await archive.readAudit('en', 0, 10)).toEqual([auditEntry(1)])
      expect((await archive.findLines('en', { ...everything, words: ['harbour'] }, 10)).found).toHaveLength(1)
      expect(archive.identity).toBe(opened[0]?.identity)
      await archive.close()
    }
  })

  it('leaves the earlier version, which goes on, when a migration fails', async () => {
    const failing = openPostgresArchive(database.url, [
      ...postgresMigrations,
      secondStep,
      'UPDATE nothing SET x = 1',
    ])

    await expect(failing).rejects.toMatchObject({ name: 'ArchiveError' })
    const archive = await database.open()
    expect(await archive.readLines('en', [line.id])).toEqual([line])
    await archive.close()
  })

  it('names a database that lacks a table as damaged', async () => {
    await onServer(database.url, 'DROP TABLE events')
    const archive = await database.open()

    await expect(archive.readNewestEvent('en')).rejects.toMatchObject({ fault: 'damaged' })
    await archive.close()
  })

  it.each([
    ['another port', (url: URL) => (url.port = '1')],
    ['a wrong password', (url: URL) => (url.password = 'wrong')],
    ['an unknown database', (url: URL) => (url.pathname = '/nowhere')],
  ])('is away at an address with %s', async (_, change) => {
    const url = new URL(database.url)
    change(url)

    await expect(openArchive(url.href)).rejects.toMatchObject({ name: 'ArchiveError', fault: 'away' })
  })

  it('takes another connection after the server has ended all of them', async () => {
    const archive = await database.open()
    await archive.countLines('en')
    const others = 'pid <> pg_backend_pid() AND datname = current_database()'
    await onServer(database.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`)

    // The first statement may still meet the ended connection.
    await archive.countLines('en').catch(() => undefined)
    expect(await archive.countLines('en')).toBe(1)
    await archive.write({ lines: [lineWith('fire')] })
    await archive.close()
  })

  it('waits until the disk has a write, although the database is set not to', async () => {
    const name = new URL(database.url).pathname.slice(1)
    await onServer(database.url, `ALTER DATABASE ${name} SET synchronous_commit = off`)
    await onServer(
      database.url,
      `CREATE TABLE seen (setting text);
       CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN new; END $$;
       CREATE TRIGGER noting BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION note()`,
    )
    const archive = await database.open()
    await archive.write({ lines: [lineWith('fire')] })
    await archive.close()

    await onServer(database.url, `DO $$ BEGIN ASSERT (SELECT setting = 'on' FROM seen); END $$`)
  })
})
