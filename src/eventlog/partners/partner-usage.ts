import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { answered, classified } from '../store/scripts.ts'

const KEPT_S = 400 * 86_400

/** A partner's reading in a time: answers and streams that were begun, and events and bytes that were written to it. */
export const usageSchema = z.object({
  requests: z.int(),
  connections: z.int(),
  deliveries: z.int(),
  bytes: z.int(),
})
export type Usage = z.output<typeof usageSchema>

export interface DayOfUsage extends Usage {
  /** YYYY-MM-DD, UTC. */
  readonly day: string
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    connections: a.connections + b.connections,
    deliveries: a.deliveries + b.deliveries,
    bytes: a.bytes + b.bytes,
  }
}

export const noUsage: Usage = { requests: 0, connections: 0, deliveries: 0, bytes: 0 }

/** One partner's counts of one day in one gateway process, from the start of the process. */
export interface UsageReport {
  readonly partner: string
  readonly day: string
  readonly usage: Usage
}

/**
 * Writes the counts of a gateway process in one round trip. They are totals, so a repeated write changes nothing.
 * Errors: UnavailableError.
 */
export async function writeUsage(
  { redis, keys }: Store,
  process: string,
  reports: readonly UsageReport[],
): Promise<void> {
  const batch = redis.pipeline()
  for (const { partner, day, usage } of reports) {
    const key = keys.desk.partnerUsage(`${partner}:${day}`)
    batch.hset(key, process, JSON.stringify(usage)).expire(key, KEPT_S)
  }
  for (const [error] of (await answered(batch.exec())) ?? []) if (error) throw classified(error)
}

/** The days of this list on which the partner has read. Errors: UnavailableError. */
export async function readUsage(
  { redis, keys, faults }: Store,
  partner: string,
  days: readonly string[],
): Promise<DayOfUsage[]> {
  const found = await Promise.all(
    days.map(async (day) => {
      const key = keys.desk.partnerUsage(`${partner}:${day}`)
      const reports = Object.values(await answered(redis.hgetall(key)))
      const read = reports.flatMap(
        (json) => faults.read(key, () => usageSchema.parse(JSON.parse(json))) ?? [],
      )
      return read.length === 0 ? [] : [{ day, ...read.reduce(addUsage, noUsage) }]
    }),
  )
  return found.flat()
}
