import { testArchive } from '../support/archive/contract.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'

testArchive(libsqlDatabase)
