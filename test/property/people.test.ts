import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { accountsOf } from '../../src/people/account.ts'
import {
  approveRoles,
  changeRoles,
  readAccount,
  removeAccount,
  setDisabled,
} from '../../src/people/administration.ts'
import { approveKey, issueKey, principalOfKey, revokeKey } from '../../src/people/api-keys.ts'
import {
  endSession,
  findSession,
  listSessions,
  openSession,
  principalOfSession,
  peekSession,
  type OpenedSession,
} from '../../src/people/sessions.ts'
import { lesserRole, raisedIn, roleIn, type FeedRoles } from '../../src/protocol/feed-roles.ts'
import { atLeast, roles, type Role } from '../../src/protocol/lists/roles.ts'
import { actorOf, House } from '../support/house.ts'
import { sessionMs } from '../support/people.ts'
import { openTestStore } from '../support/redis.ts'

const HALF_MS = 5 * 60_000
const TOUCH_MS = sessionMs.idle / 60

let opened: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())

const feeds = ['en', 'ar', '*', 'sport'] as const
const role = fc.constantFrom(...roles)
const feedRoles: fc.Arbitrary<FeedRoles> = fc.dictionary(fc.constantFrom('en', 'ar', '*'), role, {
  maxKeys: 3,
})
const level = (of: Role | undefined) => (of === undefined ? -1 : roles.indexOf(of))

/** A second reading of the roles: the greater of what is given for the feed and for all. */
function most(given: FeedRoles, feed: string): number {
  return Math.max(level(given[feed]), level(given['*']))
}

describe('roles', () => {
  it('in a feed are the greater of its own and those for all', () => {
    fc.assert(
      fc.property(feedRoles, fc.constantFrom(...feeds), (given, feed) => {
        expect(level(roleIn(given, feed))).toBe(most(given, feed))
      }),
    )
  })

  it('of two are the lesser ones, in any order', () => {
    const maybe = fc.option(role, { nil: undefined })
    fc.assert(
      fc.property(maybe, maybe, (a, b) => {
        expect(level(lesserRole(a, b))).toBe(Math.min(level(a), level(b)))
        expect(lesserRole(a, b)).toBe(lesserRole(b, a))
      }),
    )
  })

  it('raise somebody exactly where more than reading is new', () => {
    fc.assert(
      fc.property(feedRoles, feedRoles, (before, next) => {
        const raised = Object.keys(next).filter(
          (feed) => level(next[feed]) >= level('reporter') && level(next[feed]) > most(before, feed),
        )
        expect(raisedIn(before, next).sort()).toEqual(raised.sort())
      }),
    )
  })
})

type Act =
  | { act: 'issue'; roles: FeedRoles; lastsMs: number | undefined }
  | { act: 'change'; roles: FeedRoles }
  | { act: 'approve-roles' | 'approve-own-roles' | 'disable' | 'enable' | 'rule-on' | 'rule-off' | 'remove' }
  | { act: 'approve-key' | 'approve-own-key' | 'revoke'; key: number }
  | { act: 'wait'; ms: number }

const onKey = (act: 'approve-key' | 'approve-own-key' | 'revoke') =>
  fc.record({ act: fc.constant(act), key: fc.nat(5) })
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('issue' as const),
      roles: feedRoles,
      lastsMs: fc.constantFrom(undefined, undefined, 1_000, 60_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('change' as const), roles: feedRoles }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'approve-roles',
        'approve-own-roles',
        'disable',
        'enable',
        'enable',
        'rule-on',
        'rule-off',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('remove' as const) }) },
  { weight: 2, arbitrary: onKey('approve-key') },
  { weight: 1, arbitrary: onKey('approve-own-key') },
  { weight: 1, arbitrary: onKey('revoke') },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.nat(40_000) }) },
)

describe('a key', () => {
  it('may never more than it says and than its owner may now, whatever is done to both', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        const house = new House(opened)
        const { people } = house
        const versionOf = async (id: string) => (await readAccount(people, id))?.version ?? 0
        const [admin, owner] = [await house.admin(), await house.person({ en: 'editor' })]
        // Two others remain when the owner is an admin and is demoted under the rule.
        await house.admin()
        /** The ledger: what each key and its owner may by all that was done. */
        const keys: {
          key: string
          id: string
          roles: FeedRoles
          endsAt: number
          waits: boolean
          gone: boolean
        }[] = []
        let own: FeedRoles | undefined = { en: 'editor' }
        let proposal: FeedRoles | 'removal' | undefined
        let disabled = false
        for (const step of acts) {
          switch (step.act) {
            case 'issue': {
              const { roles: wanted, lastsMs } = step
              const endsAt = lastsMs === undefined ? Infinity : house.now + lastsMs
              const issued = await issueKey(people, actorOf(owner), {
                name: 'k',
                kind: 'service',
                roles: wanted,
                ...(lastsMs !== undefined && { expiresAt: new Date(endsAt).toISOString() }),
              })
              const waits = house.twoPersonRule && Object.keys(wanted).length > 0
              keys.push({ key: issued.key, id: issued.record.id, roles: wanted, endsAt, waits, gone: false })
              break
            }
            case 'change': {
              await changeRoles(people, actorOf(admin), owner.id, step.roles)
              if (!own) break
              const demotes = own['*'] === 'admin' && step.roles['*'] !== 'admin'
              const waits = house.twoPersonRule && (demotes || raisedIn(own, step.roles).length > 0)
              proposal = waits ? step.roles : undefined
              if (!waits) own = step.roles
              break
            }
            case 'approve-own-roles':
              expect(
                typeof (await approveRoles(people, actorOf(owner), owner.id, await versionOf(owner.id))),
              ).toBe('string')
              break
            case 'approve-roles': {
              // Not by the one who has asked for it.
              expect(
                typeof (await approveRoles(people, actorOf(admin), owner.id, await versionOf(owner.id))),
              ).toBe('string')
              await approveRoles(people, actorOf(await house.admin()), owner.id, await versionOf(owner.id))
              if (own) own = proposal === 'removal' ? undefined : (proposal ?? own)
              proposal = undefined
              break
            }
            case 'disable':
            case 'enable':
              disabled = step.act === 'disable'
              await setDisabled(people, actorOf(admin), owner.id, disabled)
              break
            case 'rule-on':
            case 'rule-off':
              house.twoPersonRule = step.act === 'rule-on'
              break
            case 'remove':
              await removeAccount(people, actorOf(admin), owner.id)
              if (own?.['*'] === 'admin' && house.twoPersonRule) proposal = 'removal'
              else own = undefined
              break
            case 'approve-own-key': {
              const it = keys[step.key]
              if (it) expect(typeof (await approveKey(people, actorOf(owner), it.id, 1))).toBe('string')
              break
            }
            case 'approve-key': {
              const it = keys[step.key]
              if (it) await approveKey(people, actorOf(admin), it.id, 1)
              if (it) it.waits = false
              break
            }
            case 'revoke': {
              const it = keys[step.key]
              if (it && (await revokeKey(people, actorOf(admin), it.id)) === undefined) it.gone = true
              break
            }
            case 'wait':
              house.now += step.ms
          }
          for (const it of keys) {
            const who = await principalOfKey(people, it.key)
            const opens = own !== undefined && !disabled && !it.waits && !it.gone && house.now < it.endsAt
            expect(who !== undefined).toBe(opens)
            for (const feed of feeds)
              if (who && own)
                expect(level(who.roleIn(feed))).toBe(Math.min(most(it.roles, feed), most(own, feed)))
          }
        }
        expect((await accountsOf(people.store).read(owner.id))?.record.roles).toEqual(own)
      }),
      { numRuns: 60 },
    )
  })
})

type Use =
  | { act: 'open'; half: boolean }
  | { act: 'find' | 'see' | 'end'; session: number }
  | { act: 'wait'; ms: number }
  | { act: 'new-epoch' }

const onSession = (kind: 'find' | 'see' | 'end') => fc.record({ act: fc.constant(kind), session: fc.nat(6) })
const use: fc.Arbitrary<Use> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('open' as const), half: fc.constantFrom(false, false, true) }),
  },
  { weight: 6, arbitrary: onSession('find') },
  { weight: 2, arbitrary: onSession('see') },
  { weight: 1, arbitrary: onSession('end') },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      // The limits themselves, and just less.
      ms: fc.oneof(
        fc.constantFrom(TOUCH_MS - 1, TOUCH_MS, HALF_MS - 1, HALF_MS, sessionMs.idle - 1, sessionMs.idle),
        fc.nat(sessionMs.idle),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('new-epoch' as const) }) },
)

describe('sessions', () => {
  it('stand exactly as long as a simple model says, whatever is done with them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(use, { minLength: 5, maxLength: 40 }), async (uses) => {
        const house = new House(opened)
        const { people } = house
        let owner = await house.person()
        const admin = actorOf(await house.admin())
        const all: { opened: OpenedSession; created: number; seen: number; half: boolean; over: boolean }[] =
          []
        const stands = ({ created, seen, half, over }: (typeof all)[number]) =>
          !over &&
          house.now < seen + sessionMs.idle &&
          house.now < created + (half ? HALF_MS : sessionMs.longest)
        for (const step of uses) {
          if (step.act === 'wait') house.now += step.ms
          if (step.act === 'open') {
            const session = await openSession(
              people,
              owner,
              { ip: '192.0.2.1', agent: '' },
              { half: step.half },
            )
            all.push({ opened: session, created: house.now, seen: house.now, half: step.half, over: false })
          }
          if (step.act === 'new-epoch') {
            await setDisabled(people, admin, owner.id, true)
            const enabled = await setDisabled(people, admin, owner.id, false)
            if (typeof enabled === 'string') throw new Error(enabled)
            owner = enabled
            for (const each of all) each.over = true
          }
          const its = 'session' in step ? all[step.session] : undefined
          if (its && 'session' in step) {
            const stood = stands(its)
            if (step.act === 'end') {
              await endSession(people, its.opened)
              its.over = true
            } else {
              const find = step.act === 'find' ? findSession : peekSession
              const found = await find(people, its.opened.token)
              expect(found !== undefined).toBe(stood)
              if (found) expect(atLeast(principalOfSession(found).roleIn('en'), 'editor')).toBe(true)
              if (stood && step.act === 'find' && !its.half && house.now - its.seen >= TOUCH_MS)
                its.seen = house.now
            }
          }
        }
        const standing = all.filter((each) => stands(each) && !each.half).map((each) => each.opened.hash)
        const told = (await listSessions(people, owner.id)).map(({ hash }) => hash)
        expect(told.sort()).toEqual(standing.sort())
      }),
      { numRuns: 100 },
    )
  })
})
