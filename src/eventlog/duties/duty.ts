import { z } from 'zod'
import { urgencies } from '../../protocol/lists/urgencies.ts'
import { aloneLevels } from '../../protocol/policy.ts'
import type { Write } from '../store/compare-and-write.ts'
import { answered } from '../store/scripts.ts'
import type { Store } from '../store/store.ts'

/** The reason for which headlines that wait must not come out by themselves. */
export const dutyReasons = [
  'key-frozen',
  'key-revoked',
  'account-disabled',
  'account-removed',
  'policy',
] as const

const noteSchema = z.object({
  why: z.enum(dutyReasons),
  /** ms since 1970, by Redis's clock: before the change that the duty follows. */
  since: z.number(),
  /** The headlines of this key (`key:<id>`) or of this person are concerned; without both, those of the policy. */
  by: z.string().optional(),
  person: z.string().optional(),
  /** The new levels of the urgencies for which a policy became stricter. */
  alone: z.partialRecord(z.enum(urgencies), z.enum(aloneLevels)).optional(),
  /** The actor of the change. */
  act: z.object({
    by: z.string(),
    person: z.string(),
    name: z.string(),
    reason: z.string().exactOptional(),
    ip: z.string().exactOptional(),
  }),
  /** The duty itself is noted at `desk`, or in this feed, if the change was made. This note only holds releases back. */
  mark: z.string().optional(),
})
export type DutyNote = z.output<typeof noteSchema>

/** A note that headlines which wait must be put to a decision. It is removed when this is done. */
export interface Duty extends DutyNote {
  /** Unique for all time. */
  readonly id: string
}

/** The scope of a duty: a feed, or `desk`. */
const keyOf = ({ keys }: Store, scope: string) =>
  scope === 'desk' ? keys.desk.duties : keys.feed(scope).duties

/** Notes the duty in the step of the change that it follows. */
export function noteOf(store: Store, scope: string, { id, ...note }: Duty): Write {
  return { key: keyOf(store, scope), field: id, expected: null, value: JSON.stringify(note) }
}

/** Holds the releases of a feed back that the duty concerns, until `endDuty`. Errors: UnavailableError. */
export async function markDuty(store: Store, feed: string, duty: Duty): Promise<void> {
  const { field, value } = noteOf(store, feed, { ...duty, mark: duty.mark ?? 'desk' })
  await answered(store.redis.hset(keyOf(store, feed), field, value ?? ''))
}

/** A damaged note is left out. Errors: UnavailableError. */
export async function readDuties(store: Store, scope: string): Promise<Duty[]> {
  const notes = await answered(store.redis.hgetall(keyOf(store, scope)))
  return Object.entries(notes).flatMap(([id, raw]) => {
    const read = noteSchema.safeParse(JSON.parse(raw))
    return read.success ? [{ id, ...read.data }] : []
  })
}

/** Errors: UnavailableError. */
export async function isNoted(store: Store, scope: string, id: string): Promise<boolean> {
  return (await answered(store.redis.hexists(keyOf(store, scope), id))) === 1
}

/** Errors: UnavailableError. */
export async function endDuty(store: Store, scope: string, id: string): Promise<void> {
  await answered(store.redis.hdel(keyOf(store, scope), id))
}
