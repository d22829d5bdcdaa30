import { afterEach, beforeEach } from '@jest/globals'
import type { Archive } from '../../../src/archive/archive.ts'
import { readAfter } from '../../../src/eventlog/read-log.ts'
import { releaseDue } from '../../../src/eventlog/release-due.ts'
import { correct, newId, publish, save, withdraw } from '../changes.ts'
import { createTestFeed, openTestStore } from '../redis.ts'
import type { TestDatabase } from './contract.ts'

type TestStore = Awaited<ReturnType<typeof openTestStore>>

/** Later than every time. */
export const FAR = 4_000_000_000_000
export const feed = 'en'

/** The feed `en` in Redis and an empty archive, new for each test. */
export class WithArchive {
  database!: TestDatabase
  archive!: Archive
  store!: TestStore

  constructor(create: () => Promise<TestDatabase>) {
    beforeEach(async () => {
      ;[this.database, this.store] = await Promise.all([create(), openTestStore()])
      this.archive = await this.database.open()
      await createTestFeed(this.store)
    })
    afterEach(async () => {
      await this.archive.close()
      await this.database.close()
      await this.store.close()
    })
  }

  readonly release = () => releaseDue(this.store, feed)

  /** A headline that shows. */
  readonly released = async (text = 'Two on the bridge'): Promise<string> => {
    const id = newId()
    await save(this.store, publish(id, text))
    await this.release()
    return id
  }

  /** A headline that was released, corrected and withdrawn. */
  readonly ended = async (): Promise<string> => {
    const id = await this.released()
    await save(this.store, correct(id, 1, 'Three on the bridge'))
    await this.release()
    await save(this.store, withdraw(id))
    await this.release()
    return id
  }

  /** The events of Redis's log. */
  readonly frames = async () => (await readAfter(this.store, feed, 0, 10_000)).map(({ json }) => json)
  /** The events of the archive. */
  readonly archived = async () => (await this.archive.readEvents(feed, {}, 10_000)).map(({ frame }) => frame)
}
