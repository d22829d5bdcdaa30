import type { Archive } from '../archive.ts'
import { archiveFile } from './archive-file.ts'
import { openLibsqlArchive } from './open-libsql-archive.ts'
import { openPostgresArchive } from './open-postgres-archive.ts'

/**
 * Opens the archive at `file:PATH` or `postgres://…`, and makes it or brings its schema to this version.
 * A database that is away may be there later: another call opens it then. Errors: ArchiveError; a TypeError for another address.
 */
export async function openArchive(url: string): Promise<Archive> {
  const { protocol } = new URL(url)
  if (protocol === 'file:') return openLibsqlArchive(archiveFile(url))
  if (protocol === 'postgres:' || protocol === 'postgresql:') return openPostgresArchive(url)
  throw new TypeError('the address of the archive begins with file:, postgres: or postgresql:')
}
