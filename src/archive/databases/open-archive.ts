import { fileURLToPath } from 'node:url'
import type { Archive } from '../archive.ts'
import { openLibsqlArchive } from './open-libsql-archive.ts'

/**
 * Opens the archive at `file:/path/archive.db` or `postgres://…`, and makes it or brings its schema to this version.
 * What is away may be there later: another call opens it then. Errors: ArchiveError.
 */
export function openArchive(url: string): Promise<Archive> {
  return openLibsqlArchive(fileURLToPath(url))
}
