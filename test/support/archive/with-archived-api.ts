import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import { ArchiveError, type Archive } from '../../../src/archive/archive.ts'
import { startApi, type TestApi } from '../api-server.ts'
import { libsqlDatabase } from './libsql-database.ts'

interface ArchivedApi {
  readonly archive: Archive
  readonly api: TestApi
  /** A test may take the archive away; each test begins with it. */
  readonly away: { is: boolean }
}

/** Starts an api with an archive in libsql for the tests of a file. */
export function withArchivedApi(use: (opened: ArchivedApi) => unknown): void {
  const away = { is: false }
  let close: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const database = await libsqlDatabase()
    const archive = await database.open()
    const api = await startApi({
      archive: () => {
        if (away.is) throw new ArchiveError('away', 'it does not answer')
        return archive
      },
    })
    close = async () => {
      await api.close()
      await archive.close()
      await database.close()
    }
    await use({ archive, api, away })
  })
  beforeEach(() => {
    away.is = false
  })
  afterAll(() => close?.())
}
