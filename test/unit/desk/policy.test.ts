import { describe, expect, it } from '@jest/globals'
import { endOfUndo, isOverBudget, isWider, mayPublishAlone, ruleIsOn } from '../../../src/desk/policy.ts'
import { policySchema } from '../../../src/protocol/policy.ts'

const policy = (written: object = {}) => policySchema.parse(written)

describe('publishing alone', () => {
  it.each([
    ['reporter', ['reporter', 'editor', 'chief', 'admin']],
    ['editor', ['editor', 'chief', 'admin']],
    ['chief', ['chief', 'admin']],
    ['nobody', []],
  ] as const)('with the level %s: %j', (level, allowed) => {
    const roles = [undefined, 'reader', 'reporter', 'editor', 'chief', 'admin'] as const
    const strict = policy({ alone: { flash: level } })
    expect(roles.filter((role) => mayPublishAlone(strict, 'flash', role))).toEqual(allowed)
  })

  it.each([
    [{}, false],
    [{ alone: { flash: 'reporter' } }, false],
    [{ alone: { flash: 'chief' } }, true],
    [{ alone: { routine: 'nobody' } }, true],
  ])('the two-person rule with %j: %s', (written, isOn) => {
    expect(ruleIsOn(policy(written))).toBe(isOn)
  })
})

/** Each pair one way is a widening, the other way it is not. */
describe('a policy is wider', () => {
  const narrow = { alone: { flash: 'nobody' } }
  it.each([
    ['when a chief may publish alone', narrow, { alone: { flash: 'chief' } }],
    ['when an editor may', { alone: { urgent: 'chief' } }, {}],
    ['when a reporter may', {}, { alone: { routine: 'reporter' } }],
    ['with less time to undo', { undoMs: { flash: 1_000 } }, {}],
    ['with lines that show longer', { expiry: { urgent: { maxMs: 86_400_000 } } }, {}],
    ['with longer lines', { maxGraphemes: 100 }, {}],
    ['with duplicates', {}, { duplicateWithinMs: 0 }],
    ['with faster keys', {}, { releasesPerMinute: 31 }],
    ['with later releases', {}, { maxDriftMs: 120_001 }],
    ['without a second factor', {}, { flashNeedsSecondFactor: false }],
    ['when it is narrower too', { alone: { flash: 'nobody' } }, { alone: { routine: 'nobody' } }],
  ])('%s', (_sentence, before, after) => {
    expect(isWider(policy(before), policy(after))).toBe(true)
    expect(isWider(policy(before), policy(before))).toBe(false)
  })

  it.each([
    [{}, narrow],
    [{}, { undoMs: { bulletin: 20_000 } }],
    [{}, { expiry: { flash: { defaultMs: 60_000 } } }],
    [{ flashNeedsSecondFactor: false }, { maxGraphemes: 200 }],
  ])('but not from %j to %j', (before, after) => {
    expect(isWider(policy(before), policy(after))).toBe(false)
  })
})

it('the undo window ends after the time of its urgency; a flash goes at once', () => {
  expect(endOfUndo(policy(), 'bulletin', 5)).toBe(10_005)
  expect(endOfUndo(policy(), 'flash', 5)).toBeUndefined()
})

it('the budget counts what a reader takes for one character', () => {
  const short = policy({ maxGraphemes: 20 })
  expect(isOverBudget(short, '🇬🇧'.repeat(20))).toBe(false)
  expect(isOverBudget(short, '🇬🇧'.repeat(21))).toBe(true)
})
