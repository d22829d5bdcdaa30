import { open, rename, rm } from 'node:fs/promises'
import { LibsqlConnection } from './libsql-connection.ts'
import { libsqlFault } from './libsql-fault.ts'

/**
 * Copies a database as it is now to a new file, also while other processes write to it, and whatever version its schema
 * has. The copy appears under its name when it is whole and on the disk. Errors: ArchiveError.
 */
export async function copyLibsqlFile(from: string, to: string): Promise<void> {
  const part = `${to}.part`
  const copying = await LibsqlConnection.open(from)
  try {
    await rm(part, { force: true })
    await copying.all('VACUUM INTO ?1', part)
    await setWal(part)
    await syncFile(part)
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw libsqlFault(error)
  } finally {
    await copying.close()
  }
}

/** VACUUM INTO does not take the mode over, and a copy without it would let its writer and its readers wait. */
async function setWal(path: string): Promise<void> {
  const copy = await LibsqlConnection.open(path)
  try {
    await copy.all('PRAGMA journal_mode = WAL')
  } finally {
    await copy.close()
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
