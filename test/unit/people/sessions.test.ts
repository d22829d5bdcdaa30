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
  it('is found by its token only, and is stored in Redis under a hash', async () => {
    const { token, hash } = await open()
    expect(await findSession(people, token)).toMatchObject({ hash, account: owner.id, owner, ...origin })
    expect(await findSession(people, hash)).toBeUndefined()
    expect(await findSession(people, `${token}x`)).toBeUndefined()
    expect(hash).toBe(hashOf(token))
    const stored = await people.store.redis.get(people.store.keys.desk.session(hash))
    expect(stored).not.toContain(token)
  })

  it('ends after the idle time without use, to the millisecond', async () => {
    const { token } = await open()
    house.now += sessionMs.idle - 1
    expect(await peekSession(people, token)).toBeDefined()
    house.now += 1
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('continues when it is used, but no longer than the longest time', async () => {
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

  it('is not saved at each use, and its idle time begins at the last saved use', async () => {
    const { token } = await open()
    house.now += sessionMs.idle / 60 - 1
    expect(await findSession(people, token)).toMatchObject({ seenAt: house.start })
    house.now += 1
    expect(await findSession(people, token)).toMatchObject({ seenAt: house.now })
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.now })
  })

  it('is not prolonged by peekSession', async () => {
    const { token } = await open()
    house.now += sessionMs.idle / 2
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.start })
    expect(await peekSession(people, token)).toMatchObject({ seenAt: house.start })
  })

  it('is deleted by Redis when it ends', async () => {
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

  it('stays ended when a use began before its end', async () => {
    const session = await open()
    house.now += sessionMs.idle / 2
    // The clock is read after the session and before the write of its use.
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

  it('ends alone; other sessions of the account continue', async () => {
    const [one, other] = [await open(), await open()]
    await endSession(people, one)
    expect(await peekSession(people, one.token)).toBeUndefined()
    expect(await peekSession(people, other.token)).toBeDefined()
    expect((await listSessions(people, owner.id)).map(({ hash }) => hash)).toEqual([other.hash])
  })

  it('ends when its account is disabled, and stays ended when the account is enabled', async () => {
    const { token } = await open()
    const admin = actorOf(await house.admin())
    await setDisabled(people, admin, owner.id, true)
    expect(await peekSession(people, token)).toBeUndefined()
    await setDisabled(people, admin, owner.id, false)
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('is not valid without its account', async () => {
    const { token } = await open()
    await people.store.redis.hdel(people.store.keys.desk.accounts, owner.id)
    expect(await peekSession(people, token)).toBeUndefined()
  })

  it('has the current name and roles of its account', async () => {
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
  it('lasts five minutes from its start, even when it is used', async () => {
    const half = await open({ half: true })
    expect(latestEnd(people, half)).toBe(house.start + HALF_MS)
    house.now += HALF_MS - 1
    expect(await findSession(people, half.token)).toMatchObject({ half: true, seenAt: house.start })
    house.now += 1
    expect(await findSession(people, half.token)).toBeUndefined()
  })

  it('is not listed with the sessions of its account', async () => {
    await open({ half: true })
    const whole = await open()
    expect((await listSessions(people, owner.id)).map(({ hash }) => hash)).toEqual([whole.hash])
  })
})

describe('the sessions of an account', () => {
  it('are listed newest first, without ended ones', async () => {
    const first = await open()
    house.now += 1_000
    const second = await open()
    house.now = house.start + sessionMs.idle
    const third = await open()
    const told = await listSessions(people, owner.id)
    expect(told.map(({ hash }) => hash)).toEqual([third.hash, second.hash])
    expect(await peekSession(people, first.token)).toBeUndefined()
  })

  it('are fifty at most: a new session ends the oldest one', async () => {
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

  it('do not include sessions of another account', async () => {
    await open()
    const other = await house.person()
    const { hash } = await openSession(people, other, origin)
    expect((await listSessions(people, other.id)).map((session) => session.hash)).toEqual([hash])
  })
})
