import { bringBackWhereMissing } from '../src/archive/reading/bring-back.ts'
import type { Sources } from '../src/archive/reading/sources.ts'
import { recoverReported, type ReportedHeadline } from '../src/desk/recovery.ts'
import { recoverHeadline } from '../src/eventlog/recover-headline.ts'
import type { Witness } from '../src/fanout/witness.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { contentSchema, headlineIdSchema, type Content } from '../src/protocol/headline.ts'
import type { Action } from '../src/protocol/lists/actions.ts'
import type { LossSource } from '../src/protocol/lists/loss-sources.ts'
import { ops, type LoggedOp } from '../src/protocol/lists/ops.ts'
import { parsePosition } from '../src/protocol/position.ts'

const reporters = { gateway: 'A gateway reports', archive: 'The archive shows' } as const

/** Protects Redis from a gateway that reports without end. A strip and its removals are fewer. */
const MOST_HEADLINES = 2_000

export interface RecoverDeps extends Sources {
  /** Where the events come from. */
  readonly source?: Exclude<LossSource, 'api'>
  readonly logger: Logger
  readonly metrics: Metrics
}

/**
 * Puts to the desk the headlines that a gateway reports as lost. A gateway is not trusted: its word may take a headline
 * out until a person has looked, and shows none to readers. Any number of processes may act on the same report. False:
 * a part of it is to be tried again.
 */
export async function recoverReportedHeadlines(deps: RecoverDeps, { feed, lost }: Witness): Promise<boolean> {
  const { store, logger, metrics, source = 'gateway' } = deps
  let complete = true
  const newest = new Map(lost.map((event) => [event.id, event]))
  for (const { id, position, at, ...event } of [...newest.values()].slice(-MOST_HEADLINES)) {
    const reported = reportedHeadline(event)
    // The id and the position become parts of stored texts.
    if (!reported || !headlineIdSchema.safeParse(id).success || !parsePosition(position)) continue
    const { version } = reported
    const action = actionOf(reported.op)
    try {
      await bringBackWhereMissing(deps, feed, id)
      const { flagged } = await recoverHeadline(
        store,
        {
          ...{ feed, id, version, action, source, token: position },
          at: Date.parse(at ?? new Date(0).toISOString()),
          act: {
            ...{ by: 'flashline', person: 'flashline', name: 'flashline' },
            reason: `${reporters[source]} that the storage has lost ${position} (${reported.op})`,
          },
        },
        (present) => recoverReported(reported, present),
      )
      if (!flagged) continue
      metrics.lostLines.inc({ feed })
      logger.error({ event: 'line-reported-lost', feed, id, version, action, position })
    } catch (error) {
      complete = false
      logger.warn({ event: 'line-not-recovered', feed, id, position, error: messageOf(error) })
    }
  }
  return complete
}

type ReportedEvent = Pick<Witness['lost'][number], 'op' | 'version' | 'headline'>

function reportedHeadline({ op, version, headline }: ReportedEvent): ReportedHeadline | undefined {
  const known = ops.find((each) => each === op)
  if (known === undefined || known === 'leave') return undefined
  const content = headline && contentOf(headline)
  return { version, op: known, ...(content && { content }) }
}

/** undefined for words that the api would not have accepted. */
function contentOf(headline: Readonly<Record<string, unknown>>): Content | undefined {
  const members = Object.keys(contentSchema.shape)
  const content = Object.fromEntries(Object.entries(headline).filter(([name]) => members.includes(name)))
  return contentSchema.safeParse(content).data
}

function actionOf(op: LoggedOp): Action {
  return op === 'publish' ? 'release' : op
}
