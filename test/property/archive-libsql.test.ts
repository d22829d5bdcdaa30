import { afterEach, expect, it } from '@jest/globals'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { assertFinds } from '../support/archive/search-property.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

it('the archive in libsql finds the same lines as a plain filter, newest first, while lines are written', async () => {
  expect.hasAssertions()
  await assertFinds(async () => {
    const database = await libsqlDatabase()
    const archive = await database.open()
    cleanUps.push(() => archive.close(), database.close)
    return archive
  }, 60)
})
