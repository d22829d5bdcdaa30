import { expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { healForks } from '../../src/api/feeds/heal-forks.ts'
import { readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { formatWitness } from '../../src/fanout/witness-channel.ts'
import { newId, publish, save } from '../support/changes.ts'
import { createTestFeed, openTestLog, testRedisUrl } from '../support/redis.ts'

it('begins a new epoch where a gateway holds what the log has lost, and names it to the operator', async () => {
  const log = await openTestLog()
  await createTestFeed(log)
  await save(log, publish(newId(), 'kept'))
  await releaseDue(log, 'en')
  const [before] = await readHeads(log, ['en'])
  const subscriber = new Redis(testRedisUrl)
  const said = new Promise<Record<string, unknown>>((resolve) => {
    const logger = pino(
      { level: 'warn' },
      { write: (line) => resolve(JSON.parse(line) as Record<string, unknown>) },
    )
    void healForks({ log, logger }, new Subscriptions(subscriber)).then(async () => {
      const head = { epoch: before?.epoch ?? '', seq: 2, chain: 'f'.repeat(40) }
      const lost = [{ position: `${head.epoch}:2`, op: 'publish', id: 'lost', version: 1 }]
      await log.redis.publish(log.keys.feed('en').witness, 'not a witness')
      await log.redis.publish(log.keys.feed('en').witness, formatWitness({ feed: 'en', head, lost }))
    })
  })

  expect(await said).toMatchObject({ event: 'log-forked', feed: 'en', lost: [{ id: 'lost', version: 1 }] })
  const [after] = await readHeads(log, ['en'])
  expect(after?.epoch).not.toBe(before?.epoch)
  expect(after?.seq).toBe(1)
  await subscriber.quit()
  await log.close()
})
