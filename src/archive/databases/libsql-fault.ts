import { messageOf } from '../../platform/errors.ts'
import { ArchiveError, type ArchiveFault } from '../archive.ts'

/** By the first word of the code after `SQLITE_`; extended codes such as SQLITE_IOERR_WRITE begin with it. */
const faults: Readonly<Record<string, ArchiveFault>> = {
  FULL: 'full',
  READONLY: 'read-only',
  PERM: 'read-only',
  CORRUPT: 'damaged',
  NOTADB: 'damaged',
}

/** An error of libsql or of the file system as an ArchiveError. */
export function libsqlFault(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error
  return new ArchiveError(faultOf(error), `the archive's database: ${messageOf(error)}`, { cause: error })
}

function faultOf(error: unknown): ArchiveFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full'
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return 'read-only'
  return faults[code.split('_')[1] ?? ''] ?? 'away'
}
