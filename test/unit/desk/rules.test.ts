import { describe, expect, it } from '@jest/globals'
import { actions, allowedActions, ruleOf } from '../../../src/desk/rules.ts'
import { statuses } from '../../../src/protocol/status.ts'

describe('what an editor may do', () => {
  it.each([
    ['due', ['correct', 'withdraw']],
    ['live', ['correct', 'withdraw', 'expire']],
    ['held', ['withdraw', 'expire']],
    ['withdrawn', []],
    ['expired', ['withdraw']],
  ] as const)('with a %s line: %j', (status, allowed) => {
    expect(allowedActions(status)).toEqual(allowed)
  })

  it('agrees with what the log is told to allow', () => {
    for (const action of actions) {
      expect(ruleOf(action).allowed).toEqual(
        statuses.filter((status) => allowedActions(status).includes(action)),
      )
    }
  })
})

it('a removal takes effect with its acceptance, a correction only with its release', () => {
  expect(actions.map((action) => ruleOf(action).status)).toEqual([undefined, 'withdrawn', 'expired'])
})
