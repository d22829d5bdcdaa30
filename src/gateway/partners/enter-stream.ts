import type { ReaderGate } from './reader-gate.ts'
import type { ReaderPass } from './reader-pass.ts'
import type { Meter } from './usage-counts.ts'

/** A partner's stream while it is open. */
interface EnteredStream {
  readonly meter: Meter
  leave(): void
}

/**
 * Counts a partner's stream, and calls `end` when its pass does not open the feed any more. Undefined for a reader
 * without a pass.
 */
export function enterStream(
  gate: ReaderGate | undefined,
  pass: ReaderPass | undefined,
  feed: string,
  socket: { readonly bytesWritten?: number },
  end: () => void,
): EnteredStream | undefined {
  if (!gate || !pass) return undefined
  const reading = gate.enter({ pass, feed, end })
  const counted = gate.usage.enter(pass.partner.id, socket)
  return {
    meter: counted.meter,
    leave() {
      reading.leave()
      counted.leave()
    },
  }
}
