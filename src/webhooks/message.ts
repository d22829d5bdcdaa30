import { matches, facetsOf, type Filter } from '../protocol/filter.ts'
import type { EventFrame } from '../protocol/frames.ts'
import type { Headline } from '../protocol/headline.ts'
import type { Op } from '../protocol/lists/ops.ts'
import type { WebhookMessage } from '../protocol/webhook-message.ts'

/** Some receivers refuse larger bodies. */
const MAX_BYTES = 4_095
/** So many ids fit into a message. */
const MOST_WITHDRAWN = 100

/** A message as it is sent, at each try with the same id. */
export interface OutgoingMessage {
  readonly id: string
  readonly type: WebhookMessage['type']
  readonly body: string
  readonly position?: string
  readonly headline?: string
}

export interface MessageContext {
  readonly webhook: string
  readonly feed: string
  /** Number of the replay: a replayed event is a new message, which a receiver must not take for a repetition. */
  readonly replay: number
}

/** The event as this partner gets it; undefined where the partner gets nothing of it. */
export function eventMessage(
  context: MessageContext,
  { op, at, position, headline }: EventFrame,
  filter: Filter,
): OutgoingMessage | undefined {
  const passes = headline.status !== 'live' || matches(filter, facetsOf(headline))
  if (!passes && op === 'publish') return undefined
  // An earlier version may have passed. The partner need not know.
  const shown: Headline = passes ? headline : { ...factsOf(headline), status: 'filtered' }
  return fitted(context, passes ? op : 'leave', at, position, shown)
}

function fitted(context: MessageContext, op: Op, at: string, position: string, headline: Headline) {
  const { feed } = context
  const message = (shown: Headline, thin: boolean) => {
    const data = { feed, position, op, headline: { ...shown }, ...(thin && { thin: true as const }) }
    const ack = `/v1/feeds/${feed}/recalls/${headline.id}/ack`
    return outgoing(
      messageId(context, position),
      op === 'withdraw'
        ? { type: 'headline.recall', timestamp: at, data: { ...data, ack } }
        : { type: `headline.${op}`, timestamp: at, data },
      { position, headline: headline.id },
    )
  }
  const whole = message(headline, false)
  return Buffer.byteLength(whole.body) <= MAX_BYTES
    ? whole
    : message({ ...factsOf(headline), status: headline.status } as Headline, true)
}

export function resetMessage(
  context: MessageContext,
  position: string,
  reason: 'history-lost' | 'log-trimmed',
  withdrawn: readonly string[],
  timestamp: string,
): OutgoingMessage {
  const data = { feed: context.feed, position, reason, withdrawn: withdrawn.slice(0, MOST_WITHDRAWN) }
  return outgoing(
    `${messageId(context, position)}_reset`,
    { type: 'feed.reset', timestamp, data },
    { position },
  )
}

export function pingMessage(context: MessageContext, number: number, timestamp: string): OutgoingMessage {
  const { feed, webhook } = context
  return outgoing(`msg_${webhook}_ping_${number}`, {
    type: 'webhook.ping',
    timestamp,
    data: { feed, webhook },
  })
}

/** Without a full stop, which separates the id from the rest of the signed text. */
function messageId({ webhook, replay }: MessageContext, position: string): string {
  return `msg_${webhook}_${replay}_${position.replace(':', '_')}`
}

function outgoing(
  id: string,
  message: WebhookMessage,
  about: Pick<OutgoingMessage, 'position' | 'headline'> = {},
): OutgoingMessage {
  return { id, type: message.type, body: JSON.stringify(message), ...about }
}

function factsOf({ id, version, place, publishedAt, updatedAt }: Headline) {
  return { id, version, place, publishedAt, updatedAt }
}
