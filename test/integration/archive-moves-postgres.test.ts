import { describe } from '@jest/globals'
import { postgresDatabase, testPostgresUrl } from '../support/archive/postgres-database.ts'
import { testArchiveMoves } from '../support/archive/test-archive-moves.ts'

const withPostgres = testPostgresUrl === undefined ? describe.skip : describe

withPostgres('between Redis and PostgreSQL', () => testArchiveMoves(postgresDatabase))
