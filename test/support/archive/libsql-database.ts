import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openArchive } from '../../../src/archive/databases/open-archive.ts'
import type { TestDatabase } from './contract.ts'

/** A database in a folder of its own. */
export async function libsqlDatabase(): Promise<
  TestDatabase & { readonly path: string; readonly url: string }
> {
  const folder = await mkdtemp(join(tmpdir(), 'flashline-archive-'))
  const path = join(folder, 'data', 'archive.db')
  const url = pathToFileURL(path).href
  return {
    path,
    url,
    open: () => openArchive(url),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
