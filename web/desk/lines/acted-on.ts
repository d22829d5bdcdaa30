import { embargoAhead } from '../platform/embargo-ahead.ts'
import { serverClock } from '../platform/server-clock.ts'
import type { ActedOn } from './line-act.ts'
import { outgoingWords, type LineRecord } from './use-line.ts'

/** The selected line, as far as its acts depend on it. `mayLift`: the person may lift an embargo. */
export function actedOn(record: LineRecord, mayLift: boolean): ActedOn {
  const isEmbargoed = embargoAhead(record, serverClock.now()) !== undefined
  return {
    status: record.status,
    allowed: record.allowed,
    urgency: outgoingWords(record)?.urgency,
    embargo: isEmbargoed ? (mayLift ? 'liftable' : 'kept') : undefined,
  }
}
