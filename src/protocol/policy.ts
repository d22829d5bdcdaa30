import { z } from 'zod'
import type { Role } from './lists/roles.ts'
import { urgencies, type Urgency } from './lists/urgencies.ts'

const DAY_MS = 86_400_000

/** The least role that may publish a line of an urgency alone; `nobody`: it always takes a second person. */
const aloneLevels = ['reporter', 'editor', 'chief', 'nobody'] as const satisfies readonly (Role | 'nobody')[]

const tenMinutes = { mostMs: 600_000, usualMs: 10_000 }
const undoWindows: Readonly<Record<Urgency, { readonly mostMs: number; readonly usualMs: number }>> = {
  flash: { mostMs: 5_000, usualMs: 0 },
  bulletin: tenMinutes,
  urgent: tenMinutes,
  routine: tenMinutes,
}

function perUrgency<T extends z.ZodType>(of: (urgency: Urgency) => T) {
  return z
    .strictObject(
      Object.fromEntries(urgencies.map((urgency) => [urgency, of(urgency)])) as Record<Urgency, T>,
    )
    .prefault({} as never)
}

/** What a feed's newsroom has agreed on; data, changed by those who may. */
export const policySchema = z
  .strictObject({
    /** Two-person rule: on where an urgency takes a chief or a second person. */
    alone: perUrgency(() => z.enum(aloneLevels).default('editor')),
    /** How long a released line waits, out of everybody's reach, so that it can be undone. */
    undoMs: perUrgency((urgency) => {
      const { mostMs, usualMs } = undoWindows[urgency]
      return z.int().min(0).max(mostMs).default(usualMs)
    }),
    /** How long a line shows, when its editor does not say and at the most; from its release. */
    expiry: perUrgency(() =>
      z
        .strictObject({
          defaultMs: z
            .int()
            .min(60_000)
            .max(30 * DAY_MS)
            .default(DAY_MS),
          maxMs: z
            .int()
            .min(60_000)
            .max(366 * DAY_MS)
            .default(30 * DAY_MS),
        })
        .refine(({ defaultMs, maxMs }) => defaultMs <= maxMs, 'defaultMs is above maxMs')
        .prefault({}),
    ),
    /** Character budget of a line's text, in graphemes. */
    maxGraphemes: z.int().min(20).max(280).default(280),
    /** A line like one that is live and was released within this time is questioned; 0: never. */
    duplicateWithinMs: z
      .int()
      .min(0)
      .max(7 * DAY_MS)
      .default(6 * 3_600_000),
    /** More releases of one API key within a minute freeze that key. */
    releasesPerMinute: z.int().min(1).max(100_000).default(30),
    /** A line that could not be released for so long after its time is not released, but put to the desk. */
    maxDriftMs: z.int().min(1_000).max(DAY_MS).default(120_000),
    /** Who signs in with a password releases a flash only with a second factor. */
    flashNeedsSecondFactor: z.boolean().default(true),
  })
  .meta({ id: 'Policy' })
export type Policy = z.output<typeof policySchema>

/** As it lies in Redis. What a newer version has added to it is passed over. */
export const storedPolicySchema = z
  .object({
    /** Counts its changes and its proposals. */
    version: z.int(),
    policy: z.object(policySchema.shape),
    /** A wider one, that waits for a second person. */
    proposal: z
      .object({
        policy: z.object(policySchema.shape),
        by: z.string(),
        name: z.string(),
        at: z.iso.datetime(),
      })
      .optional(),
  })
  .meta({ id: 'StoredPolicy' })
export type StoredPolicy = z.output<typeof storedPolicySchema>
