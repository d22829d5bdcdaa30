import { z } from 'zod'
import { opsThat } from './lists/ops.ts'
import { parseMarkedPosition, type Position } from './position.ts'

/** Operations that remove a headline, or its words, from a screen: readers acknowledge these. */
export const acknowledgedOps = opsThat(({ clears }) => clears)

/** The only message of a reader: "my screen shows everything up to here". */
export const ackSchema = z
  .object({ type: z.literal('ack'), position: z.string() })
  .meta({ id: 'Acknowledgement' })

/** The position that a message acknowledges; undefined for anything else. */
export function parseAck(message: string): Position | undefined {
  try {
    const ack = ackSchema.safeParse(JSON.parse(message)).data
    return ack && parseMarkedPosition(ack.position)
  } catch {
    return undefined
  }
}
