import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findPostgres, startPostgres } from '../../scripts/support/postgres-server.mjs'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'
import { expectWholeBatches, startWriter } from '../support/archive/writer.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe
const KILLS = process.env.FAULTS === 'full' ? 30 : 3

withPostgres('the archive in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  beforeAll(async () => {
    server = await startPostgres({ programs: (await findPostgres())! })
  })
  afterAll(() => server.stop())

  it('kill -9 of a process that writes loses no acknowledged batch and leaves no half of one', async () => {
    const database = await postgresDatabase(server.url)
    let count = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const writer = await startWriter(database.url, { first: count + 1 })
      await writer.acknowledges(10 * kill)
      await writer.kill()

      const archive = await database.open()
      // The server ends the transaction of the killed process a moment later, or commits it.
      await archive.write({})
      count = await expectWholeBatches(archive, writer.acknowledged)
      await archive.close()
    }
    await database.close()
  })

  it('kill -9 of the server loses no acknowledged batch; writers are told, and go on after its restart', async () => {
    const database = await postgresDatabase(server.url)
    let count = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const writer = await startWriter(database.url, { first: count + 1 })
      await writer.acknowledges(10 * kill)
      server.kill('SIGKILL')
      await server.exited
      await server.restart()
      await writer.ends()
      expect(writer.fault).toBe('away')

      const archive = await database.open()
      count = await expectWholeBatches(archive, writer.acknowledged)
      await archive.close()
    }
    await database.close()
  })

  it('the same open archive is used again when the server is back', async () => {
    const database = await postgresDatabase(server.url)
    const archive = await database.open()
    server.kill('SIGKILL')
    await server.exited

    await expect(archive.countLines('en')).rejects.toMatchObject({ fault: 'away' })
    await expect(archive.write({})).rejects.toMatchObject({ fault: 'away' })
    await expect(database.open()).rejects.toMatchObject({ fault: 'away' })

    await server.restart()
    expect(await archive.countLines('en')).toBe(0)
    await archive.close()
    await database.close()
  })
})
