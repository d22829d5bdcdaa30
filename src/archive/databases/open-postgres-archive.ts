import { migrate, refuseNewer } from './migrate.ts'
import { postgresMigrations } from './migrations/postgres-migrations.ts'
import { PostgresArchive } from './postgres-archive.ts'
import { PostgresConnections, type Query } from './postgres-connections.ts'

/** A later step may build an index over all lines. */
const MIGRATION_MS = 3_600_000

/** Connects and makes the schema where it is missing; the database itself must be there. Errors: ArchiveError. */
export async function openPostgresArchive(
  url: string,
  migrations: readonly string[] = postgresMigrations,
): Promise<PostgresArchive> {
  const connections = new PostgresConnections(url)
  try {
    const version = await readVersion((sql) => connections.rows(sql))
    if (version !== undefined) refuseNewer(version, migrations)
    if (version !== migrations.length) await bringToVersion(url, migrations)
    return await PostgresArchive.open(connections)
  } catch (error) {
    await connections.close()
    throw error
  }
}

/** The lock of the transaction lets one process migrate; the next one finds the work done. */
async function bringToVersion(url: string, migrations: readonly string[]): Promise<void> {
  const connections = new PostgresConnections(url, MIGRATION_MS)
  try {
    await connections.inTransaction(async (query) => {
      const run = async (sql: string): Promise<void> => {
        await query(sql)
      }
      await migrate({ readVersion: () => readVersion(query), run }, migrations)
    })
  } finally {
    await connections.close()
  }
}

async function readVersion(query: Query): Promise<number | undefined> {
  const [found] = await query<{ exists: boolean }>(`SELECT to_regclass('archive') IS NOT NULL AS exists`)
  if (!found?.exists) return undefined
  const [archive] = await query<{ version: number }>('SELECT version FROM archive')
  return archive?.version
}
