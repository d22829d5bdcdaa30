import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { formatPosition } from '../../src/protocol/position.ts'
import { FeedTail } from '../../workers/webhooks/feed-tail.ts'
import { correct, newId, publish, save, withdraw } from '../support/changes.ts'
import { createTestFeed, openTestStore } from '../support/redis.ts'

const HEADLINES = 5
const MOST_KNOWN = 4

/** An act on one of the headlines, or deliveries to one of the webhooks. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('act' as const), which: fc.nat(HEADLINES - 1), ends: fc.boolean() }),
  fc.record({
    kind: fc.constant('deliver' as const),
    webhook: fc.nat(1),
    most: fc.integer({ min: 1, max: 4 }),
  }),
)

interface Webhook {
  cursor: number
  recalled: number
  readonly delivered: number[]
}

describe('the log as deliveries to webhooks read it', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>

  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())

  it('gives each webhook the withdrawals first, then the newest event of each headline, though old ones are forgotten', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const feed = `f${(run += 1)}`
        await createTestFeed(opened, { id: feed })
        const tail = new FeedTail(opened, feed, MOST_KNOWN)
        await follow(tail)
        const epoch = tail.head?.epoch ?? ''
        const log: { id: string; removes: boolean }[] = []
        const versions = new Map<number, { id: string; version: number }>()
        const webhooks: Webhook[] = [0, 1].map(() => ({ cursor: 0, recalled: 0, delivered: [] }))

        /** The oracle: the whole log in one list. */
        function expected({ cursor, recalled }: Webhook): number | undefined {
          const removal = log.findIndex(({ removes }, at) => removes && at + 1 > recalled)
          if (removal >= 0) return removal + 1
          const at = log.findIndex(
            ({ id, removes }, place) =>
              place + 1 > cursor && !removes && !log.slice(place + 1).some((later) => later.id === id),
          )
          return at < 0 ? undefined : at + 1
        }

        async function deliver(webhook: Webhook, most: number): Promise<void> {
          for (let count = 0; count < most; count++) {
            const position = formatPosition({ epoch, seq: webhook.cursor })
            expect((await tail.footing(position)).kind).toBe('in-log')
            const next = tail.next(webhook.cursor, webhook.recalled)
            expect(next.kind === 'end' ? undefined : next.seq).toBe(expected(webhook))
            if (next.kind === 'end') return
            expect((await tail.entry(next.seq))?.seq).toBe(next.seq)
            webhook.delivered.push(next.seq)
            if (next.kind === 'removal') webhook.recalled = next.seq
            else webhook.cursor = next.seq
          }
        }

        for (const each of steps) {
          if (each.kind === 'deliver') {
            const webhook = webhooks[each.webhook]
            if (webhook) await deliver(webhook, each.most)
            continue
          }
          const known = versions.get(each.which)
          const removes = each.ends && known !== undefined
          const id = known?.id ?? newId()
          const version = known?.version ?? 0
          const text = `${feed} ${log.length}`
          const change = !known ? publish(id, text) : removes ? withdraw(id) : correct(id, version, text)
          await save(opened, { ...change, feed })
          await releaseDue(opened, feed)
          if (removes) versions.delete(each.which)
          else versions.set(each.which, { id, version: version + 1 })
          log.push({ id, removes })
          await follow(tail)
        }
        for (const webhook of webhooks) {
          await deliver(webhook, log.length + 1)
          expect(new Set(webhook.delivered).size).toBe(webhook.delivered.length)
          const removals = log.flatMap(({ removes }, at) => (removes ? [at + 1] : []))
          expect(webhook.delivered.filter((seq) => removals.includes(seq))).toEqual(removals)
        }
        expect(tail.newestRemoval).toBe(log.findLastIndex(({ removes }) => removes) + 1)
      }),
      { numRuns: 60 },
    )
  })

  async function follow(tail: FeedTail): Promise<void> {
    const [head] = await readHeads(opened satisfies Store, [tail.feed])
    if (head) await tail.follow(head)
  }
})
