import { describe, expect, it } from '@jest/globals'
import { isOverBudget, isWider, mayPublishAlone, ruleIsOn } from '../../../src/desk/policy.ts'
import { policySchema } from '../../../src/protocol/policy.ts'

const policy = (input: object = {}) => policySchema.parse(input)

describe('the right to publish alone', () => {
  it.each([
    ['reporter', ['reporter', 'editor', 'chief', 'admin']],
    ['editor', ['editor', 'chief', 'admin']],
    ['chief', ['chief', 'admin']],
    ['nobody', []],
  ] as const)('is at the level %s for the roles %j', (level, allowed) => {
    const roles = [undefined, 'reader', 'reporter', 'editor', 'chief', 'admin'] as const
    const strict = policy({ alone: { flash: level } })
    expect(roles.filter((role) => mayPublishAlone(strict, 'flash', role))).toEqual(allowed)
  })

  it.each([
    [{}, false],
    [{ alone: { flash: 'reporter' } }, false],
    [{ alone: { flash: 'chief' } }, true],
    [{ alone: { routine: 'nobody' } }, true],
  ])('turns the two-person rule on with %j: %s', (input, isOn) => {
    expect(ruleIsOn(policy(input))).toBe(isOn)
  })
})

/** In each row, the second policy is wider than the first. */
describe('a policy is wider', () => {
  const narrow = { alone: { flash: 'nobody' } }
  it.each([
    ['when a chief may publish alone', narrow, { alone: { flash: 'chief' } }],
    ['when an editor may publish alone', { alone: { urgent: 'chief' } }, {}],
    ['when a reporter may publish alone', {}, { alone: { routine: 'reporter' } }],
    ['with less time to undo', { undoMs: { flash: 1_000 } }, {}],
    ['when headlines may show longer', { expiry: { urgent: { maxMs: 86_400_000 } } }, {}],
    ['with longer headlines', { maxGraphemes: 100 }, {}],
    ['without a refusal of duplicates', {}, { duplicateWithinMs: 0 }],
    ['with more releases per minute', {}, { releasesPerMinute: 31 }],
    ['when releases may be later', {}, { maxDriftMs: 120_001 }],
    ['without a second factor', {}, { flashNeedsSecondFactor: false }],
    [
      'when one level is wider and another is narrower',
      { alone: { flash: 'nobody' } },
      { alone: { routine: 'nobody' } },
    ],
    ['erases words that were kept for ever', {}, { retention: { wordsDays: 3_650 } }],
    ['erases the audit sooner', { retention: { auditDays: 30 } }, { retention: { auditDays: 29 } }],
  ])('%s', (_sentence, before, after) => {
    expect(isWider(policy(before), policy(after))).toBe(true)
    expect(isWider(policy(before), policy(before))).toBe(false)
  })

  it.each([
    [{}, narrow],
    [{}, { undoMs: { bulletin: 20_000 } }],
    [{}, { expiry: { flash: { defaultMs: 60_000 } } }],
    [{ flashNeedsSecondFactor: false }, { maxGraphemes: 200 }],
    [{ retention: { addressesDays: 30 } }, {}],
    [{ retention: { addressesDays: 30 } }, { retention: { addressesDays: 31 } }],
  ])('not by a change from %j to %j', (before, after) => {
    expect(isWider(policy(before), policy(after))).toBe(false)
  })
})

it('the length budget counts graphemes, which readers see as one character', () => {
  const short = policy({ maxGraphemes: 20 })
  expect(isOverBudget(short, '🇬🇧'.repeat(20))).toBe(false)
  expect(isOverBudget(short, '🇬🇧'.repeat(21))).toBe(true)
})
