import { randomPeopleIds, type People } from '../../src/people/people.ts'
import { openTestLog } from './redis.ts'

/** People on a log of their own; the two-person rule is off. */
export async function openTestPeople(): Promise<People & { close(): Promise<void> }> {
  const log = await openTestLog()
  return {
    log,
    clock: () => Date.now(),
    ids: randomPeopleIds,
    twoPersonRuleIn: () => Promise.resolve(false),
    close: () => log.close(),
  }
}
