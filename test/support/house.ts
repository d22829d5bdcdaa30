import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { actorAt, addAccount, newAccount, type Account } from '../../src/people/account.ts'
import { change } from '../../src/people/change.ts'
import { Passwords } from '../../src/people/passwords.ts'
import { randomPeopleIds, type People } from '../../src/people/people.ts'
import { actBy, flashline, type Actor } from '../../src/people/principal.ts'
import { Throttle } from '../../src/people/throttle.ts'
import type { FeedRoles } from '../../src/protocol/feed-roles.ts'
import { sessionMs } from './people.ts'
import { freshPrefix } from './redis.ts'

/** Shared by all houses, because each instance computes a hash at its start. */
const passwords = new Passwords()
/** The password hash of all accounts; computing it once saves time. */
const anyHash = passwords.hash('correct horse battery')

/**
 * The dependencies of src/people with a new key prefix, a fixed clock, and a two-person rule that a test can turn on.
 */
export class House {
  readonly people: People
  readonly start = Date.parse('2026-05-01T10:00:00Z')
  now = this.start
  twoPersonRule = false
  /** Called at each read of the clock. */
  atClock = (): void => undefined
  #made = 0

  constructor(opened: Store) {
    const store = { ...opened, keys: redisKeys(freshPrefix()) }
    this.people = {
      store,
      clock: () => {
        this.atClock()
        return this.now
      },
      ids: randomPeopleIds,
      passwords,
      throttle: new Throttle(store),
      sessionMs,
      twoPersonRuleIn: (feeds) => Promise.resolve(this.twoPersonRule && feeds.length > 0),
    }
  }

  /** Adds an account with the password `correct horse battery`. */
  async person(roles: FeedRoles = { en: 'editor' }, own: Partial<Account> = {}): Promise<Account> {
    const email = own.email ?? `person${++this.#made}@example.org`
    const account: Account = {
      ...newAccount(this.people, { email, name: `Person ${this.#made}`, roles }),
      passwordHash: await anyHash,
      ...own,
    }
    await change(this.people.store, () => ({
      writes: addAccount(this.people.store, account),
      audit: { action: 'account-made', act: actBy(flashline) },
      result: undefined,
    }))
    return account
  }

  async admin(): Promise<Account> {
    return this.person({ '*': 'admin' })
  }
}

export function actorOf(account: Account): Actor {
  return actorAt(account, '192.0.2.1')
}
