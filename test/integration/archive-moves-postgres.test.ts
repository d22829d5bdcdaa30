import { describe } from '@jest/globals'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'
import { testArchiver } from '../support/archive/test-archiver.ts'
import { testCopies } from '../support/archive/test-copies.ts'
import { testMoves } from '../support/archive/test-moves.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('between Redis and PostgreSQL', () => {
  testCopies(postgresDatabase)
  testMoves(postgresDatabase)
  testArchiver(postgresDatabase)
})
