import { twoPersonRuleIn } from '../../src/api/people/two-person-rule-in.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { Passwords } from '../../src/people/passwords.ts'
import { randomPeopleIds, type People } from '../../src/people/people.ts'
import { Throttle } from '../../src/people/throttle.ts'
import { openTestStore } from './redis.ts'

/** The default lifetimes: one hour unused, twelve hours at most. */
export const sessionMs = { idle: 3_600_000, longest: 43_200_000 }

/** The dependencies of src/people, as in the service. */
export function peopleOn(store: Store, clock: () => number = () => Date.now()): People {
  return {
    store,
    clock,
    ids: randomPeopleIds,
    passwords: new Passwords(),
    throttle: new Throttle(store),
    sessionMs,
    twoPersonRuleIn: (feeds) => twoPersonRuleIn(store, feeds),
  }
}

export async function openTestPeople(): Promise<People & { close(): Promise<void> }> {
  const store = await openTestStore()
  return { ...peopleOn(store), close: () => store.close() }
}
