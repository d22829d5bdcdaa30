/** An event as release-due.lua publishes it on the live channel. */
export interface LiveEvent {
  readonly seq: number
  /** Chain hash of the entry before this one. */
  readonly before: string
  /** Chain hash of this entry. */
  readonly chain: string
  /** The event frame as readers get it (JSON). */
  readonly json: string
}

const EVENT_HEAD = /^(\d{1,15}) ([0-9a-f]{40}) ([0-9a-f]{40}) /

/** `look` for a doorbell without an event, and for a malformed message: the gateway then reads the log. */
export function parseLive(payload: string): LiveEvent | 'look' {
  const head = EVENT_HEAD.exec(payload)
  if (!head) return 'look'
  const [prefix, seq, before, chain] = head
  return { seq: Number(seq), before: before ?? '', chain: chain ?? '', json: payload.slice(prefix.length) }
}
