import { describe, expect, it } from '@jest/globals'
import { policySchema } from '../../../src/protocol/policy.ts'
import { atLeast } from '../../../src/protocol/lists/roles.ts'

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
    { unknown: true },
  ])('refuses %j', (written) => {
    expect(policySchema.safeParse(written).success).toBe(false)
  })
})

describe('a role', () => {
  it('includes the ones before it', () => {
    expect(atLeast('chief', 'editor')).toBe(true)
    expect(atLeast('reporter', 'editor')).toBe(false)
    expect(atLeast(undefined, 'reader')).toBe(false)
  })
})
