import { z } from 'zod'
import type { Role } from './lists/roles.ts'
import { breakingUrgencies, urgencies, type BreakingUrgency, type Urgency } from './lists/urgencies.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The least role that may publish a headline of an urgency alone; `nobody`: a second person always approves. */
export const aloneLevels = ['reporter', 'editor', 'chief', 'nobody'] as const satisfies readonly (
  Role | 'nobody'
)[]

/** A century is as good as for ever. */
export const keptDaysSchema = z.int().min(1).max(36_525)

const tenMinutes = { mostMs: 600_000, usualMs: 10_000 }
const undoWindows: Readonly<Record<Urgency, { readonly mostMs: number; readonly usualMs: number }>> = {
  flash: { mostMs: 5_000, usualMs: 0 },
  bulletin: tenMinutes,
  urgent: tenMinutes,
  routine: tenMinutes,
}

/** A label that stays for hours says nothing any more. */
export const MAX_BREAKING_MS = DAY_MS
const usualBreakingMs: Readonly<Record<BreakingUrgency, number>> = {
  flash: 60 * MINUTE_MS,
  bulletin: 30 * MINUTE_MS,
  urgent: 20 * MINUTE_MS,
}

function perUrgency<T extends z.ZodType>(of: (urgency: Urgency) => T) {
  return z
    .strictObject(
      Object.fromEntries(urgencies.map((urgency) => [urgency, of(urgency)])) as Record<Urgency, T>,
    )
    .prefault({} as never)
}

function perBreakingUrgency<T extends z.ZodType>(of: (urgency: BreakingUrgency) => T) {
  return z
    .strictObject(
      Object.fromEntries(breakingUrgencies.map((urgency) => [urgency, of(urgency)])) as Record<
        BreakingUrgency,
        T
      >,
    )
    .prefault({} as never)
}

/** The rules of a feed's newsroom; chiefs and admins change them. */
export const policySchema = z
  .strictObject({
    /** Two-person rule: on where an urgency takes a chief or a second person. */
    alone: perUrgency(() => z.enum(aloneLevels).default('editor')),
    /** Undo window: how long a released headline waits, unreachable for readers, so that an undo can stop it. */
    undoMs: perUrgency((urgency) => {
      const { mostMs, usualMs } = undoWindows[urgency]
      return z.int().min(0).max(mostMs).default(usualMs)
    }),
    /** How long a headline shows from its release: by default, and at most. */
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
    /** How long a headline is called breaking, from its release; 0: never. A routine one never is. */
    breakingMs: perBreakingUrgency((urgency) =>
      z.int().min(0).max(MAX_BREAKING_MS).default(usualBreakingMs[urgency]),
    ),
    /** Longest text, in graphemes. */
    maxGraphemes: z.int().min(20).max(280).default(280),
    /** The duplicate guard compares with headlines that were released within this time; 0 turns it off. */
    duplicateWithinMs: z
      .int()
      .min(0)
      .max(7 * DAY_MS)
      .default(6 * 3_600_000),
    /** More releases of one API key within a minute freeze that key. */
    releasesPerMinute: z.int().min(1).max(100_000).default(30),
    /** A headline that could not be released for longer than this after its time becomes `needs-decision`. */
    maxDriftMs: z.int().min(1_000).max(DAY_MS).default(120_000),
    /** A flash needs a session with a second factor. */
    flashNeedsSecondFactor: z.boolean().default(true),
    /** How long after its end the archive keeps the words of a headline, and how long entries of the audit and addresses. */
    retention: z
      .strictObject({
        wordsDays: keptDaysSchema.optional(),
        auditDays: keptDaysSchema.optional(),
        addressesDays: keptDaysSchema.optional(),
      })
      .optional(),
  })
  .meta({ id: 'Policy' })
export type Policy = z.output<typeof policySchema>

/** A policy as Redis stores it. Members that a newer version has added are ignored. */
export const storedPolicySchema = z
  .object({
    /** Grows with each change and each proposal. */
    version: z.int(),
    policy: z.object(policySchema.shape),
    /** A wider policy that waits for a second person. */
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
