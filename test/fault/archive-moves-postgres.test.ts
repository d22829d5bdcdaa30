import { describe, it } from '@jest/globals'
import { findPostgres, startPostgres } from '../../scripts/support/postgres-server.mjs'
import { expectNothingLost } from '../support/archive/kills-while-moving.ts'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('in PostgreSQL', () => {
  it('loses no version while headlines move and each kind of process is killed', async () => {
    const server = await startPostgres({ programs: (await findPostgres())! })
    try {
      const { url, open } = await postgresDatabase(server.url)
      const killDatabase = async () => {
        server.kill('SIGKILL')
        await server.exited
        await server.restart()
      }
      await expectNothingLost({ url, open, killDatabase })
    } finally {
      await server.stop()
    }
  }, 240_000)
})
