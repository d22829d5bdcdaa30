import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
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
  await makeFile(path)
  const writer = await LibsqlConnection.open(path)
  try {
    await bringToVersion(writer, migrations)
    return await LibsqlArchive.open(path, writer)
  } catch (error) {
    await writer.close()
    throw error
  }
}

/** The file and its folder where they are missing. SQLite gives the files beside it the same rights. */
async function makeFile(path: string): Promise<void> {
  if (existsSync(path)) return
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'a', 0o600)
    await file.close()
  } catch (error) {
    throw libsqlFault(error)
  }
}

async function bringToVersion(writer: LibsqlConnection, migrations: readonly string[]): Promise<void> {
  const version = await readVersion(writer)
  if (version !== undefined) refuseNewer(version, migrations)
  // Readers never wait for the writer in WAL mode. A copy that an operator made may have lost it.
  const [mode] = await writer.all<{ journal_mode: string }>('PRAGMA journal_mode')
  if (mode?.journal_mode !== 'wal') await setWal(writer, version !== undefined)
  if (version === migrations.length) return
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

/** An archive that cannot be written is read in any mode. */
async function setWal(writer: LibsqlConnection, isThere: boolean): Promise<void> {
  await writer.all('PRAGMA journal_mode = WAL').catch((error: unknown) => {
    if (!isThere) throw error
  })
}

async function readVersion(writer: LibsqlConnection): Promise<number | undefined> {
  const tables = await writer.all(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'archive'`)
  if (tables.length === 0) return undefined
  const [archive] = await writer.all<{ version: number }>('SELECT version FROM archive')
  return archive?.version
}
