import { describe, expect, it } from '@jest/globals'
import { policySchema } from '../../../src/protocol/policy.ts'
import { atLeast } from '../../../src/protocol/lists/roles.ts'

const DAY_MS = 86_400_000

describe('a policy', () => {
  it('is whole when nothing is written: editors publish alone, a flash goes at once, all else can be undone', () => {
    const policy = policySchema.parse({})
    expect(policy.alone).toEqual({ flash: 'editor', bulletin: 'editor', urgent: 'editor', routine: 'editor' })
    expect(policy.undoMs).toEqual({ flash: 0, bulletin: 10_000, urgent: 10_000, routine: 10_000 })
    expect(policy.expiry.flash).toEqual({ defaultMs: 86_400_000, maxMs: 2_592_000_000 })
    expect(policy).toMatchObject({ maxGraphemes: 280, releasesPerMinute: 30, flashNeedsSecondFactor: true })
  })

  it('takes one urgency and leaves the others', () => {
    const { alone } = policySchema.parse({ alone: { flash: 'nobody' } })
    expect(alone).toEqual({ flash: 'nobody', bulletin: 'editor', urgent: 'editor', routine: 'editor' })
  })

  it.each([
    { undoMs: { flash: 5_001 } },
    { undoMs: { breaking: 0 } },
    { alone: { flash: 'anybody' } },
    { expiry: { flash: { defaultMs: 120_000, maxMs: 60_000 } } },
    { maxGraphemes: 281 },
    { alone: { flash: '' } },
    { undoMs: { bulletin: 600_001 } },
    { expiry: { urgent: { maxMs: 366 * DAY_MS + 1 } } },
    { expiry: { urgent: { defaultMs: 30 * DAY_MS + 1, maxMs: 60 * DAY_MS } } },
    { duplicateWithinMs: 7 * DAY_MS + 1 },
    { maxDriftMs: DAY_MS + 1 },
    { unknown: true },
  ])('refuses %j', (written) => {
    expect(policySchema.safeParse(written).success).toBe(false)
  })

  it.each([
    { alone: { flash: 'reporter', bulletin: 'editor', urgent: 'chief', routine: 'nobody' } },
    { undoMs: { flash: 5_000, bulletin: 600_000 } },
    { expiry: { urgent: { defaultMs: 30 * DAY_MS, maxMs: 366 * DAY_MS } } },
    { expiry: { urgent: { defaultMs: 60_000, maxMs: 60_000 } } },
    { duplicateWithinMs: 7 * DAY_MS, maxDriftMs: DAY_MS, flashNeedsSecondFactor: false },
  ])('may be %j', (written) => {
    expect(policySchema.parse(written)).toMatchObject(written)
  })

  it('shows no line longer by itself than at the most', () => {
    const written = { expiry: { flash: { defaultMs: 120_000, maxMs: 60_000 } } }
    expect(policySchema.safeParse(written).error?.issues[0]?.message).toBe('defaultMs is above maxMs')
  })

  it('questions what is like a line of the last six hours, and gives up two minutes after a time', () => {
    expect(policySchema.parse({})).toMatchObject({ duplicateWithinMs: 6 * 3_600_000, maxDriftMs: 120_000 })
  })
})

describe('a role', () => {
  it('includes the ones before it', () => {
    expect(atLeast('chief', 'editor')).toBe(true)
    expect(atLeast('reporter', 'editor')).toBe(false)
    expect(atLeast(undefined, 'reader')).toBe(false)
  })
})
