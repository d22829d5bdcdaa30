import { formatPosition, type Position } from '../protocol/position.ts'
import type { FeedLog } from './feed-log.ts'

/** A `Page` (protocol/frames.ts) as JSON, put together from the frames as they lie in memory. */
export function readPage(
  log: FeedLog,
  after: Position | undefined,
  limit: number,
): { json: string; count: number; reset: boolean } {
  const found = after ? log.locate(after) : 'start'
  if (!after || found !== 'here') {
    const reset = JSON.stringify(log.resetFrame(found === 'here' ? 'start' : found))
    return {
      json: `{"position":"${log.position}","reset":${reset},"events":[],"more":false}`,
      count: 0,
      reset: true,
    }
  }
  const events = log.jsonAfter(after.seq, limit)
  const seq = after.seq + events.length
  const position = formatPosition({ epoch: after.epoch, seq })
  const more = seq < log.head.seq
  return {
    json: `{"position":"${position}","events":[${events.join(',')}],"more":${more}}`,
    count: events.length,
    reset: false,
  }
}
