import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { policySchema } from '../../../../src/protocol/policy.ts'
import { policyChanges } from '../../../../web/desk/admin/policy-changes.ts'

const usual = policySchema.parse({})
const alone = (levels: object) => policySchema.parse({ alone: levels })

describe('the meaning of a change of policy', () => {
  it('is nothing without a change', () => {
    expect(policyChanges(usual, policySchema.parse({}))).toEqual([])
  })

  it('names the urgency and the new level, and the two-person rule where it begins or ends', () => {
    const strict = alone({ flash: 'nobody', urgent: 'reporter' })
    expect(policyChanges(usual, strict)).toEqual([
      { id: 'policyChange.ruleOn' },
      { id: 'policyChange.alone.nobody', urgency: 'flash' },
      { id: 'policyChange.alone.reporter', urgency: 'urgent' },
    ])
    expect(policyChanges(strict, usual)[0]).toEqual({ id: 'policyChange.ruleOff' })
    expect(policyChanges(strict, alone({ flash: 'chief', urgent: 'reporter' }))).toEqual([
      { id: 'policyChange.alone.chief', urgency: 'flash' },
    ])
  })

  it('gives numbers in the units that people say, and says what a 0 and an absent number mean', () => {
    const other = policySchema.parse({
      undoMs: { routine: 0, urgent: 5_000 },
      expiry: { flash: { defaultMs: 7_200_000 } },
      breakingMs: { urgent: 300_000, bulletin: 0 },
      duplicateWithinMs: 0,
      flashNeedsSecondFactor: false,
      retention: { wordsDays: 90 },
    })
    expect(policyChanges(usual, other)).toEqual([
      { id: 'policyChange.expiry', urgency: 'flash', count: 2 },
      { id: 'policyChange.breakingOff', urgency: 'bulletin' },
      { id: 'policyChange.undo', urgency: 'urgent', count: 5 },
      { id: 'policyChange.breaking', urgency: 'urgent', count: 5 },
      { id: 'policyChange.undoOff', urgency: 'routine' },
      { id: 'policyChange.factorOff' },
      { id: 'policyChange.duplicatesOff' },
      { id: 'policyChange.wordsDays', count: 90 },
    ])
    expect(policyChanges(other, usual)).toContainEqual({ id: 'policyChange.wordsDays.forever' })
  })

  it('has a text in each language', async () => {
    const levels = ['reporter', 'editor', 'chief', 'nobody']
    const days = { wordsDays: 9, auditDays: 9, addressesDays: 9 }
    const policies = [
      usual,
      policySchema.parse({
        undoMs: { routine: 0, urgent: 5_000 },
        expiry: { flash: { defaultMs: 60_000, maxMs: 60_000 } },
        breakingMs: { urgent: 60_000, bulletin: 0 },
        maxGraphemes: 99,
        duplicateWithinMs: 0,
        releasesPerMinute: 9,
        maxDriftMs: 9_000,
        flashNeedsSecondFactor: false,
        retention: days,
      }),
      ...levels.map((flash) => alone({ flash })),
    ]
    const ids = policies.flatMap((before) =>
      policies.flatMap((after) => policyChanges(before, after).map(({ id }) => id)),
    )
    expect(new Set(ids).size).toBeGreaterThan(20)
    for (const language of ['en', 'ar', 'es']) {
      const file = new URL(`../../../../web/desk/messages/${language}/feeds.json`, import.meta.url)
      const texts = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, string>>
      expect(ids.filter((id) => texts[id] === undefined)).toEqual([])
    }
  })
})
