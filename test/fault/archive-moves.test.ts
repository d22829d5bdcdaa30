import { it } from '@jest/globals'
import { expectNothingLost } from '../support/archive/kills-while-moving.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'

it('loses no version while headlines move to libsql and each kind of process is killed', async () => {
  const database = await libsqlDatabase()
  try {
    await expectNothingLost(database)
  } finally {
    await database.close()
  }
}, 240_000)
