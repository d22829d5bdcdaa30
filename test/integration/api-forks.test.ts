import { expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { healForks } from '../../workers/heal-forks.ts'
import { readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { formatWitness } from '../../src/fanout/witness.ts'
import { newId, publish, save } from '../support/changes.ts'
import { createTestFeed, openTestStore, testRedisUrl } from '../support/redis.ts'

it('begins a new epoch when a gateway has events that the store has lost, and logs them for the operator', async () => {
  const store = await openTestStore()
  await createTestFeed(store)
  await save(store, publish(newId(), 'kept'))
  await releaseDue(store, 'en')
  const [before] = await readHeads(store, ['en'])
  const subscriber = new Redis(testRedisUrl)
  const logged = new Promise<Record<string, unknown>>((resolve) => {
    const logger = pino(
      { level: 'warn' },
      { write: (line) => resolve(JSON.parse(line) as Record<string, unknown>) },
    )
    const metrics = createMetrics()
    void healForks(
      { store, archive: () => undefined, logger, metrics },
      new Subscriptions(subscriber, { logger, metrics }),
    ).then(async () => {
      const head = { epoch: before?.epoch ?? '', seq: 2, chain: 'f'.repeat(40) }
      const lost = [{ position: `${head.epoch}:2`, op: 'publish', id: 'lost', version: 1 }]
      await store.redis.publish(store.keys.feed('en').witness, 'not a witness')
      await store.redis.publish(store.keys.feed('en').witness, formatWitness({ feed: 'en', head, lost }))
    })
  })

  expect(await logged).toMatchObject({ event: 'log-forked', feed: 'en', lost: [{ id: 'lost', version: 1 }] })
  const [after] = await readHeads(store, ['en'])
  expect(after?.epoch).not.toBe(before?.epoch)
  expect(after?.seq).toBe(1)
  await subscriber.quit()
  await store.close()
})
