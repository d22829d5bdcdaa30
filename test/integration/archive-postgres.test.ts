import { describe } from '@jest/globals'
import { testArchive } from '../support/archive/contract.ts'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('the archive in PostgreSQL', () => testArchive(postgresDatabase))
