import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import type { TestDatabase } from '../support/archive/contract.ts'
import { onServer, postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'
import { assertFinds } from '../support/archive/search-property.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('the archive in PostgreSQL', () => {
  let database: TestDatabase & { readonly url: string }
  let archive: Archive
  beforeAll(async () => {
    database = await postgresDatabase()
    archive = await database.open()
  })
  afterAll(async () => {
    await archive.close()
    await database.close()
  })

  it('finds the same lines as a plain filter, newest first, while lines are written', async () => {
    expect.hasAssertions()
    await assertFinds(async () => {
      await onServer(database.url, 'TRUNCATE lines')
      return archive
    }, 60)
  })
})
