import type { EventFrame } from '../../src/protocol/frames.ts'
import type { ReceivedMessage } from './webhook-receiver.ts'

/** A message with the answer that the receiver gave. */
export interface Answered {
  readonly message: ReceivedMessage
  readonly isTaken: boolean
}

const isRemoval = (op: string) => op === 'withdraw' || op === 'hold'
const seqOf = (position: string) => Number(position.split(':')[1])

/**
 * Compares the messages of one receiver with the log: whether each event or a newer one of its headline was taken, each
 * removal in any case, whether events came in order, and whether nothing of a headline came after its removal.
 */
export function ledgerOf(log: readonly EventFrame[], answered: readonly Answered[]) {
  const faults: string[] = []
  const taken = new Map<string, number>()
  const removed = new Map<string, number>()
  const known = new Set<string>()
  let repeated = 0
  let last = 0
  for (const { message, isTaken } of answered) {
    const { position, op, headline } = message.data
    const seq = seqOf(position)
    if (known.has(position)) repeated++
    else if (isRemoval(op)) removed.set(headline.id, seq)
    else {
      if (seq < last) faults.push(`${position} came after ${last}`)
      if (seq < (removed.get(headline.id) ?? 0))
        faults.push(`${position} came after the removal of its headline`)
      last = seq
    }
    known.add(position)
    if (isTaken) taken.set(position, (taken.get(position) ?? 0) + 1)
  }
  const newestTaken = new Map<string, number>()
  for (const { position, headline } of log)
    if (taken.has(position)) newestTaken.set(headline.id, seqOf(position))
  for (const { position, op, headline } of log) {
    const isCovered = isRemoval(op)
      ? taken.has(position)
      : (newestTaken.get(headline.id) ?? 0) >= seqOf(position)
    if (!isCovered) faults.push(`${position} (${op}) is lost`)
  }
  for (const position of taken.keys())
    if (!log.some((event) => event.position === position)) faults.push(`${position} is not in the log`)
  return { faults, messages: answered.length, taken: taken.size, repeated, skipped: log.length - known.size }
}
