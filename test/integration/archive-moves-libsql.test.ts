import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { testArchiveMoves } from '../support/archive/test-archive-moves.ts'

testArchiveMoves(libsqlDatabase)
