import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { holdsWhateverDies } from '../support/archive/moves-property.ts'

holdsWhateverDies(libsqlDatabase)
