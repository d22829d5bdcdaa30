import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { testArchiver } from '../support/archive/test-archiver.ts'
import { testCopies } from '../support/archive/test-copies.ts'
import { testMoves } from '../support/archive/test-moves.ts'

testCopies(libsqlDatabase)
testMoves(libsqlDatabase)
testArchiver(libsqlDatabase)
