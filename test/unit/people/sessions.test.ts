import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsOf, type Account } from '../../../src/people/account.ts'
import { setDisabled } from '../../../src/people/administration.ts'
import type { People } from '../../../src/people/people.ts'
import { hashOf } from '../../../src/people/secrets.ts'
import {
  endSession,
  findSession,
  latestEnd,
  listSessions,
  openSession,
  principalOfSession,
  peekSession,
} from '../../../src/people/sessions.ts'
import { actorOf, House } from '../../support/house.ts'
import { sessionMs } from '../../support/people.ts'
import { openTestStore } from '../../support/redis.ts'

const HALF_MS = 5 * 60_000
const origin = { ip: '192.0.2.1', agent: 'test' }

let opened: Awaited<ReturnType<typeof openTestStore>>
let house: House
let people: People
let owner: Account
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  house = new House(opened)
  people = house.people
  owner = await house.person()
})

const open = (options: { half?: boolean; secondFactor?: boolean } = {}) =>
  openSession(people, owner, origin, options)

describe('a session', () => {
  it('is found by its token and by no other, and lies in Redis under a hash', async () => {
    const { token, hash } = await open()
    expect(await findSession(people, token)).toMatchObject({ hash, account: owner.id, owner, ...origin })
    expect(await findSession(people, hash)).toBeUndefined()
    expect(await findSession(people, `${token}x`)).toBeUndefined()
    expect(hash).toBe(hashOf(token))
    const stored = await people.store.redis.get(people.store.keys.desk.session(hash))
    expect(stored).not.toContain(token)
  })

  it('ends when it is unused for the idle time, to the millisecond', async () => {
    const { token } = await open()
    house.now += sessionMs.idle - 1
    expect(await peekSession(people, token)).toBeDefined()
    house.now += 1
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('lives on when it is used, but no longer than the longest time', async () => {
    const { token, createdAt } = await open()
    // Redis deletes the session by its own clock, so no use may leave it only a few milliseconds.
    const uses = sessionMs.longest / sessionMs.idle - 1
    for (let use = 0; use < uses; use++) {
      house.now += sessionMs.idle - 1
      expect(await findSession(people, token)).toMatchObject({ seenAt: house.now })
    }
    house.now = createdAt + sessionMs.longest - sessionMs.idle / 2
    expect(await findSession(people, token)).toMatchObject({ seenAt: house.now })
    house.now = createdAt + sessionMs.longest - 1
    expect(await peekSession(people, token)).toBeDefined()
    house.now += 1
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('is not written anew for each use, and lives on from the use that was written', async () => {
    const { token } = await open()
    house.now += sessionMs.idle / 60 - 1
    expect(await findSession(people, token)).toMatchObject({ seenAt: house.start })
    house.now += 1
    expect(await findSession(people, token)).toMatchObject({ seenAt: house.now })
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.now })
  })

  it('does not count as used where it is only looked at', async () => {
    const { token } = await open()
    house.now += sessionMs.idle / 2
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.start })
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.start })
  })

  it('goes from Redis by itself when it ends', async () => {
    const { token, hash } = await open()
    const left = () => people.store.redis.pttl(people.store.keys.desk.session(hash))
    expect(await left()).toBeGreaterThan(sessionMs.idle - 20_000)
    expect(await left()).toBeLessThanOrEqual(sessionMs.idle)
    house.now = house.start + sessionMs.idle / 2
    await findSession(people, token)
    expect(await left()).toBeGreaterThan(sessionMs.idle - 20_000)
    while (house.now < house.start + sessionMs.longest - 1_000) {
      house.now = Math.min(house.now + sessionMs.idle - 1, house.start + sessionMs.longest - 1_000)
      await findSession(people, token)
    }
    expect(await left()).toBeLessThanOrEqual(1_000)
  })

  it('does not come back by a use that has begun before its end', async () => {
    const session = await open()
    house.now += sessionMs.idle / 2
    // The clock is asked between reading the session and writing its use.
    let ended: Promise<void> | undefined
    house.atClock = () => {
      ended ??= endSession(people, session)
    }
    await findSession(people, session.token)
    await ended
    house.atClock = () => undefined

    expect(await peekSession(people, session.token)).toBeUndefined()
    expect(await people.store.redis.exists(people.store.keys.desk.session(session.hash))).toBe(0)
  })

  it('ends alone, the others of its account stay', async () => {
    const [one, other] = [await open(), await open()]
    await endSession(people, one)
    expect(await peekSession(people, one.token)).toBeUndefined()
    expect(await peekSession(people, other.token)).toBeDefined()
    expect((await listSessions(people, owner.id)).map(({ hash }) => hash)).toEqual([other.hash])
  })

  it('ends with its account, and does not come back when that may come in again', async () => {
    const { token } = await open()
    const admin = actorOf(await house.admin())
    await setDisabled(people, admin, owner.id, true)
    expect(await peekSession(people, token)).toBeUndefined()
    await setDisabled(people, admin, owner.id, false)
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('is worth nothing without its account', async () => {
    const { token } = await open()
    await people.store.redis.hdel(people.store.keys.desk.accounts, owner.id)
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('acts as its account does now', async () => {
    const { token } = await open({ secondFactor: true })
    const seen = await accountsOf(people.store).read(owner.id)
    const raised = { ...owner, roles: { en: 'chief' as const } }
    await people.store.redis.hset(people.store.keys.desk.accounts, owner.id, JSON.stringify(raised))
    const session = await findSession(people, token)
    const who = principalOfSession(session!)
    expect(seen?.record.roles).toEqual({ en: 'editor' })
    expect([who.roleIn('en'), who.roleIn('sport'), who.credential, who.person, who.secondFactor]).toEqual([
      'chief',
      undefined,
      `user:${owner.id}`,
      owner.id,
      true,
    ])
  })
})

describe('a half session', () => {
  it('lasts five minutes from its beginning, whatever its use', async () => {
    const half = await open({ half: true })
    expect(latestEnd(people, half)).toBe(house.start + HALF_MS)
    house.now += HALF_MS - 1
    expect(await findSession(people, half.token)).toMatchObject({ half: true, seenAt: house.start })
    house.now += 1
    expect(await findSession(people, half.token)).toBeUndefined()
  })

  it('is not among the sessions of its account', async () => {
    await open({ half: true })
    const whole = await open()
    expect((await listSessions(people, owner.id)).map(({ hash }) => hash)).toEqual([whole.hash])
  })
})

describe('the sessions of an account', () => {
  it('are told from the newest to the oldest, without those that have ended', async () => {
    const first = await open()
    house.now += 1_000
    const second = await open()
    house.now = house.start + sessionMs.idle
    const third = await open()
    const told = await listSessions(people, owner.id)
    expect(told.map(({ hash }) => hash)).toEqual([third.hash, second.hash])
    expect(await peekSession(people, first.token)).toBeUndefined()
  })

  it('are fifty at the most: the oldest goes', async () => {
    const all: Awaited<ReturnType<typeof open>>[] = []
    for (let n = 0; n < 51; n++) {
      house.now += 1
      all.push(await open())
    }
    expect(await listSessions(people, owner.id)).toHaveLength(50)
    expect(await peekSession(people, all[0]!.token)).toBeUndefined()
    expect(await peekSession(people, all[1]!.token)).toBeDefined()
    expect(await peekSession(people, all[50]!.token)).toBeDefined()
  })

  it('are not those of another account', async () => {
    await open()
    const other = await house.person()
    const { hash } = await openSession(people, other, origin)
    expect((await listSessions(people, other.id)).map((session) => session.hash)).toEqual([hash])
  })
})
