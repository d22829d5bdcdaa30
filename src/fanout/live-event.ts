/** An event as the release script publishes it. */
export interface LiveEvent {
  readonly seq: number
  /** Chain hash of the entry before, and with this one. */
  readonly before: string
  readonly chain: string
  /** Event frame. */
  readonly json: string
}

const WRITTEN = /^(\d{1,15}) ([0-9a-f]{40}) ([0-9a-f]{40}) /

/** `look` for a bare doorbell, and for anything that cannot be read: the log knows. */
export function parseLive(payload: string): LiveEvent | 'look' {
  const head = WRITTEN.exec(payload)
  if (!head) return 'look'
  const [all, seq, before, chain] = head
  return { seq: Number(seq), before: before ?? '', chain: chain ?? '', json: payload.slice(all.length) }
}
