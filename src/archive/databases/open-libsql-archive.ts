import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LibsqlArchive } from './libsql-archive.ts'
import { LibsqlConnection } from './libsql-connection.ts'
import { libsqlFault } from './libsql-fault.ts'
import { migrate, refuseNewer } from './migrate.ts'
import { libsqlMigrations } from './migrations/libsql-migrations.ts'

/** Opens the file and makes it, its folder and its schema where they are missing. Errors: ArchiveError. */
export async function openLibsqlArchive(
  path: string,
  migrations: readonly string[] = libsqlMigrations,
): Promise<LibsqlArchive> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw libsqlFault(error)
  })
  const writer = await LibsqlConnection.open(path)
  try {
    await bringToVersion(writer, migrations)
    return await LibsqlArchive.open(path, writer)
  } catch (error) {
    await writer.close()
    throw error
  }
}

async function bringToVersion(writer: LibsqlConnection, migrations: readonly string[]): Promise<void> {
  const version = await readVersion(writer)
  if (version !== undefined) refuseNewer(version, migrations)
  if (version === migrations.length) return
  // The file stays in WAL mode for ever: readers never wait for the writer.
  await writer.all('PRAGMA journal_mode = WAL')
  await writer.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have migrated in the meantime.
    await migrate({ readVersion: () => readVersion(writer), run: (sql) => writer.exec(sql) }, migrations)
    await writer.exec('COMMIT')
  } catch (error) {
    await writer.exec('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function readVersion(writer: LibsqlConnection): Promise<number | undefined> {
  const tables = await writer.all(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'archive'`)
  if (tables.length === 0) return undefined
  const [archive] = await writer.all<{ version: number }>('SELECT version FROM archive')
  return archive?.version
}
