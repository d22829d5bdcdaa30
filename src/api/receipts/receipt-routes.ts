import { readAsRunOf } from '../../archive/reading/read-as-run.ts'
import { readReleases, type ReleasedVersion } from '../../archive/reading/read-releases.ts'
import { listPartners } from '../../partners/partners.ts'
import { readRecall, type RecallState } from '../../partners/recalls.ts'
import type { SavedVersion } from '../../eventlog/read-headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { feedIdOf } from '../http/path-parameters.ts'
import { route, type Route } from '../http/route.ts'
import { headlineIdOf, readRecord } from '../headlines/read-record.ts'
import { receiptOf } from './receipt-keeper.ts'
import { receiptSchema } from './receipt-schema.ts'

export function receiptRoutes({ store, archive, people, replication }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/headlines/{id}/receipt',
      operationId: 'getReceipt',
      tag: 'headlines',
      summary:
        'Read the receipt of a headline: deliveries of each released version, their delay, and cleared screens',
      role: 'reader',
      answers: { 200: { description: 'Oldest release first', schema: receiptSchema } },
      problems: ['no-such-feed', 'no-such-headline', 'archive-away'],
      async handle(call) {
        const feed = feedIdOf(call)
        const { id, versions, createdAt } = await readRecord({ store, archive }, feed, headlineIdOf(call))
        const released = versions.filter(isReleased)
        const facts = await readReleases({ store, archive }, feed, id, released)
        const withdrawal = facts.find(({ event }) => event?.op === 'withdraw')?.event
        const recall = withdrawal && recallSums(await readRecall(people, feed, id, withdrawal.at))
        const releases = released.map(({ version, position, savedAt }, index) => {
          const { event, due = 0, gateways = [] } = facts[index] ?? {}
          return {
            version,
            position,
            acceptedAt: savedAt,
            ...(event && {
              op: event.op,
              releasedAt: event.at,
              acceptToLogMs: Math.max(0, Date.parse(event.at) - Math.max(due, Date.parse(savedAt))),
            }),
            ...receiptOf(gateways),
            ...(recall && event === withdrawal && { recall }),
          }
        })
        // The audit is searched for reports only where there are outputs that could have sent some.
        const hasOutputs = (await listPartners(people)).some(({ settings }) => settings.onAir)
        const onAir = hasOutputs ? await readAsRunOf({ store, archive }, feed, id, Date.parse(createdAt)) : []
        const painted = onAir.length > 0 && { onAir }
        return { status: 200, body: { id, replication: replication(), releases, ...painted } }
      },
    }),
  ]
}

/** The newsroom's readers get no contacts. Nothing where no partner could read the feed. */
function recallSums({ acknowledged, missing }: RecallState) {
  const partners = acknowledged.length + missing.length
  const named = missing.map(({ partner, name }) => ({ partner, name }))
  return partners === 0 ? undefined : { partners, acknowledged: acknowledged.length, missing: named }
}

function isReleased(version: SavedVersion): version is ReleasedVersion {
  return version.position !== undefined
}
