import type { NewEvent } from '../../archive/archive.ts'
import { readReceipts, type GatewayReceipt } from '../../eventlog/receipts.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { TimeBuckets } from '../../platform/time-buckets.ts'
import type { EventFrame } from '../../protocol/frames.ts'

/** Receipts that one answer reads: about 100 ms of Redis's time. */
const MOST_RECEIPTS = 2_000
const RECEIPTS_PER_READ = 200

export interface SeriesRange {
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

const counted = ['releases', 'flashes', 'corrections', 'holds', 'withdrawals'] as const
type Counted = (typeof counted)[number]

/** One step of a series, from `at`. Without a receipt of its releases, readers and times are null. */
export interface SeriesPoint extends Readonly<Record<Counted, number>> {
  readonly at: string
  readonly readers: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** Counts the acts in a feed by step, and puts the readers and the delay of the newest releases beside them. */
export async function readSeries(
  store: Store,
  feed: string,
  { from, to, stepMs }: SeriesRange,
  events: AsyncIterable<NewEvent>,
): Promise<SeriesPoint[]> {
  const steps = Array.from({ length: Math.ceil((to - from) / stepMs) }, newStep)
  const stepAt = (at: number) => steps[Math.floor((at - from) / stepMs)]
  const newest: NewEvent[] = []
  for await (const event of events) {
    const step = stepAt(event.at)
    if (!step) continue
    count(step, event)
    newest.push(event)
    if (newest.length > MOST_RECEIPTS) newest.shift()
  }
  for (let at = 0; at < newest.length; at += RECEIPTS_PER_READ) {
    const page = newest.slice(at, at + RECEIPTS_PER_READ)
    const receipts = await readReceipts(
      store,
      feed,
      page.map(({ position }) => position),
    )
    page.forEach((event, index) => note(stepAt(event.at), receipts[index] ?? []))
  }
  return steps.map(({ times, readers, ...counts }, index) => ({
    at: new Date(from + index * stepMs).toISOString(),
    ...counts,
    readers: readers ?? null,
    p50Ms: times.within(0.5) ?? null,
    p99Ms: times.within(0.99) ?? null,
  }))
}

interface StepSums extends Record<Counted, number> {
  readonly times: TimeBuckets
  readers: number | undefined
}

function newStep(): StepSums {
  const counts = Object.fromEntries(counted.map((name) => [name, 0])) as Record<Counted, number>
  return { ...counts, times: new TimeBuckets(), readers: undefined }
}

function count(step: StepSums, { frame }: NewEvent): void {
  // The words of the event are erased.
  if (frame === undefined) return
  const { op, headline } = JSON.parse(frame) as EventFrame
  switch (op) {
    case 'publish':
      step.releases += 1
      if ('urgency' in headline && headline.urgency === 'flash') step.flashes += 1
      break
    case 'correct':
      step.corrections += 1
      break
    case 'hold':
      step.holds += 1
      break
    case 'withdraw':
      step.withdrawals += 1
      break
    case 'resume':
    case 'expire':
    case 'pin':
    case 'unpin':
    case 'leave':
      break
    default:
      op satisfies never
  }
}

/** The readers of a step are the most at one of its releases. */
function note(step: StepSums | undefined, gateways: readonly GatewayReceipt[]): void {
  if (!step || gateways.length === 0) return
  for (const { times } of gateways) step.times.merge(times)
  const readers = gateways.reduce((sum, gateway) => sum + gateway.readers, 0)
  step.readers = Math.max(step.readers ?? 0, readers)
}
