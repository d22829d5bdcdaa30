import { messageOf } from '../../platform/errors.ts'
import { ArchiveError, type ArchiveFault } from '../archive.ts'

/** By SQLSTATE (PostgreSQL, appendix A), or by its class, the first two characters. */
const faults: Readonly<Record<string, ArchiveFault>> = {
  // Too many connections: others may end.
  '53300': 'away',
  '53': 'full',
  // A standby, or a user or database that only reads.
  '25006': 'read-only',
  '42501': 'read-only',
  XX001: 'damaged',
  XX002: 'damaged',
  // A table or column is missing.
  '42P01': 'damaged',
  '42703': 'damaged',
}

/** An error of PostgreSQL or of the connection as an ArchiveError. */
export function postgresFault(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error
  return new ArchiveError(faultOf(error), `the archive's database: ${messageOf(error)}`, { cause: error })
}

function faultOf(error: unknown): ArchiveFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return faults[code] ?? faults[code.slice(0, 2)] ?? 'away'
}
