import { expect, it } from '@jest/globals'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { expectWholeBatches, startWriter } from '../support/archive/writer.ts'

const KILLS = process.env.FAULTS === 'full' ? 40 : 5

it('kill -9 of a process that writes loses no acknowledged batch and leaves no half of one', async () => {
  const database = await libsqlDatabase()
  try {
    let count = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const writer = await startWriter(database.url, { first: count + 1 })
      await writer.acknowledges(10 * kill)
      await writer.kill()

      const archive = await database.open()
      count = await expectWholeBatches(archive, writer.acknowledged)
      await archive.close()
    }
    expect(count).toBeGreaterThan(KILLS * 10)
  } finally {
    await database.close()
  }
})

it('a process waits for others that write to the same file, and none is refused', async () => {
  const database = await libsqlDatabase()
  try {
    const writers = [1, 101, 201].map((first) => startWriter(database.url, { first, last: first + 99 }))
    for (const writer of await Promise.all(writers)) {
      await writer.ends()
      expect(writer.fault).toBeUndefined()
      expect(writer.acknowledged).toHaveLength(100)
    }
    const archive = await database.open()
    expect(await archive.countLines('en')).toBe(300)
    await archive.close()
  } finally {
    await database.close()
  }
})
