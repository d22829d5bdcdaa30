import { eventOf } from '../../src/eventlog/read-log.ts'
import { readTakenBack } from '../../src/eventlog/read-taken-back.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import type { WebhookState } from '../../src/eventlog/webhooks/webhook-state.ts'
import { UnavailableError } from '../../src/platform/errors.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { eventMessage, resetMessage, type OutgoingMessage } from '../../src/webhooks/message.ts'
import type { Endpoint } from './endpoint.ts'
import type { FeedTail } from './feed-tail.ts'

export interface NextMessage {
  readonly message: OutgoingMessage
  /** Seq of the hold or withdrawal that the message is about. */
  readonly removal?: number
  /** Changes of the state by the delivery. */
  readonly after: Partial<WebhookState>
  readonly isRecall: boolean
}

export interface FoundNext {
  /** Missing: there is nothing to deliver. */
  readonly next?: NextMessage
  /** Changes of the state by events that this partner gets nothing of. */
  readonly passed: Partial<WebhookState>
}

export interface FindDeps {
  readonly store: Store
  readonly endpoint: Endpoint
  readonly tail: FeedTail
  /** The time by Redis's clock. */
  readonly clock: () => number
}

/** The next message of a webhook: the oldest hold or withdrawal that it does not have, else an event. Errors: UnavailableError. */
export async function findNext(deps: FindDeps, state: WebhookState): Promise<FoundNext> {
  const { endpoint, tail } = deps
  let passed: Partial<WebhookState> = {}
  for (;;) {
    const { position = '', recalled } = { ...state, ...passed }
    const footing = await tail.footing(position)
    if (footing.kind === 'ahead') return { passed }
    if (footing.kind === 'lost') return { next: await reset(deps, footing.from, footing.reason), passed }
    const { kind, seq } = tail.next(parsePosition(position)?.seq ?? 0, recalled)
    if (kind === 'unread') continue
    if (kind === 'end') return { passed: { ...passed, ...atEnd(tail, seq, recalled) } }
    const entry = await tail.entry(seq)
    if (!entry) throw new UnavailableError(`the log of ${tail.feed} has no entry ${seq} any more`)
    const event = eventOf(entry)
    const after = kind === 'removal' ? { recalled: seq } : { position: event.position }
    const message = eventMessage(endpoint.context, event, endpoint.access.filter)
    const removal = kind === 'removal' ? { removal: seq } : {}
    if (message) return { next: { message, after, ...removal, isRecall: event.op === 'withdraw' }, passed }
    passed = { ...passed, ...after }
  }
}

/** The state of a webhook that has everything; undefined where there is more to deliver, or this process cannot say. */
export function stateAtEnd(
  tail: FeedTail,
  { position = '', recalled }: WebhookState,
): Partial<WebhookState> | undefined {
  const wanted = parsePosition(position)
  if (!wanted || wanted.epoch !== tail.head?.epoch) return undefined
  const { kind, seq } = tail.next(wanted.seq, recalled)
  return kind === 'end' ? atEnd(tail, seq, recalled) : undefined
}

function atEnd({ head }: FeedTail, seq: number, recalled: number): Partial<WebhookState> {
  return head ? { position: `${head.epoch}:${seq}`, recalled: Math.max(recalled, seq) } : {}
}

async function reset(
  { store, endpoint, tail, clock }: FindDeps,
  from: string,
  reason: 'history-lost' | 'log-trimmed',
): Promise<NextMessage> {
  const taken = (await readTakenBack(store, tail.feed)).filter(({ status }) => status === 'withdrawn')
  const newestFirst = taken.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)).map(({ id }) => id)
  const at = new Date(clock()).toISOString()
  const message = resetMessage(endpoint.context, from, reason, newestFirst, at)
  const after = { position: from, recalled: parsePosition(from)?.seq ?? 0 }
  return { message, after, isRecall: false }
}
