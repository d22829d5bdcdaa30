import { z } from 'zod'

/** An event as release-due.lua publishes it on the live channel. */
export interface LiveEvent {
  readonly seq: number
  /** Chain hash of this entry. */
  readonly chain: string
  /** The event frame as readers get it (JSON). */
  readonly json: string
  readonly event: PublishedEvent
}

/** The members that every event frame has; other programs on the same Redis may publish on the channel too. */
const eventSchema = z.object({
  position: z.string(),
  op: z.string(),
  headline: z.object({ id: z.string(), version: z.int(), status: z.string() }),
})
export type PublishedEvent = z.output<typeof eventSchema>

/** The release script of an earlier version also writes the chain hash of the entry before. */
const EVENT_HEAD = /^(\d{1,15}) (?:[0-9a-f]{40} )?([0-9a-f]{40}) /

/** `look` for a doorbell without an event, and for a malformed message: the gateway then reads the log. */
export function parseLive(payload: string): LiveEvent | 'look' {
  const head = EVENT_HEAD.exec(payload)
  if (!head) return 'look'
  const [all, seq, chain = ''] = head
  const json = payload.slice(all.length)
  const event = eventIn(json)
  return event ? { seq: Number(seq), chain, json, event } : 'look'
}

function eventIn(json: string): PublishedEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
