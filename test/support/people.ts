import { twoPersonRuleIn } from '../../src/api/people/two-person-rule.ts'
import type { EventLog } from '../../src/eventlog/log.ts'
import { Passwords } from '../../src/people/passwords.ts'
import { randomPeopleIds, type People } from '../../src/people/people.ts'
import { Throttle } from '../../src/people/throttle.ts'
import { openTestLog } from './redis.ts'

/** An hour unused, twelve at the most, as by default. */
export const sessionMs = { idle: 3_600_000, longest: 43_200_000 }

/** People on a log, as the service has them. */
export function peopleOn(log: EventLog, clock: () => number = () => Date.now()): People {
  return {
    log,
    clock,
    ids: randomPeopleIds,
    passwords: new Passwords(),
    throttle: new Throttle(log),
    sessionMs,
    twoPersonRuleIn: (feeds) => twoPersonRuleIn(log, feeds),
  }
}

export async function openTestPeople(): Promise<People & { close(): Promise<void> }> {
  const log = await openTestLog()
  return { ...peopleOn(log), close: () => log.close() }
}
