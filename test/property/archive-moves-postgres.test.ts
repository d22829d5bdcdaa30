import { describe } from '@jest/globals'
import { holdsWhateverDies } from '../support/archive/moves-property.ts'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('with PostgreSQL', () => {
  holdsWhateverDies(postgresDatabase)
})
