import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { twoPersonRuleIn } from '../../../../src/api/people/two-person-rule-in.ts'
import { policySchema } from '../../../../src/protocol/policy.ts'
import { createTestFeed, openTestStore } from '../../../support/redis.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
  const strict = policySchema.parse({ alone: { flash: 'nobody' } })
  await createTestFeed(store, { id: 'free' })
  await createTestFeed(store, { id: 'strict' }, strict)
})
afterAll(() => store.close())

it.each([
  [[], false],
  [['free'], false],
  [['strict'], true],
  [['free', 'strict'], true],
  // One of all feeds.
  [['*'], true],
  [['free', '*'], true],
] as const)('the two-person rule in %j: %j', async (feeds, isOn) => {
  expect(await twoPersonRuleIn(store, feeds)).toBe(isOn)
})

it('is not on for all feeds where it is on in none', async () => {
  const other = await openTestStore()
  await createTestFeed(other, { id: 'free' })
  expect(await twoPersonRuleIn(other, ['*'])).toBe(false)
  await other.close()
})
