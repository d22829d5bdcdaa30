import { randomUUID } from 'node:crypto'
import { ArchiveError } from '../archive.ts'

/** Runs SQL inside one transaction that no other process shares. */
export interface Migration {
  /** undefined: the database is empty. */
  readVersion(): Promise<number | undefined>
  run(sql: string): Promise<void>
}

/**
 * Brings a database to the version of `steps`; the first step makes the identity too. A database of a later version
 * stays as it is. Errors: ArchiveError.
 */
export async function migrate(database: Migration, steps: readonly string[]): Promise<void> {
  const version = (await database.readVersion()) ?? 0
  refuseNewer(version, steps)
  if (version === steps.length) return
  for (const step of steps.slice(version)) await database.run(step)
  await database.run(
    version === 0
      ? `INSERT INTO archive (identity, version) VALUES ('${randomUUID()}', ${steps.length})`
      : `UPDATE archive SET version = ${steps.length}`,
  )
}

export function refuseNewer(version: number, steps: readonly string[]): void {
  if (version <= steps.length) return
  const message = `a later version of Flashline made the archive: its schema is ${version}, this version knows ${steps.length}`
  throw new ArchiveError('newer', message)
}
