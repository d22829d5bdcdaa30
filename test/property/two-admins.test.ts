import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { readAccount } from '../../src/people/administration.ts'
import { inviteAdmin } from '../../src/people/invite-admin.ts'
import { Browser, password } from '../support/browser.ts'
import { CarefulAdmin, NEWEST, type WaitingKind } from '../support/two-admins/careful-admin.ts'
import { AIMED, cheatActs, type CheatAct, type Try } from '../support/two-admins/cheat-acts.ts'
import { Cheat, MARK } from '../support/two-admins/cheat.ts'
import { expectNoFaults, Ledger, SECRET } from '../support/two-admins/ledger.ts'
import { keepState } from '../support/two-admins/kept-state.ts'
import { openNewsroomOfTwo, type NewsroomOfTwo } from '../support/two-admins/newsroom-of-two.ts'

/** `PROPERTY_RUNS=2000 npm test -- test/property/two-admins` looks much longer. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 70)
const MOST_TRIES = 8
/** Ends the search for the shortest example of a fault. */
const interruptAfterTimeLimit = Math.max(90_000, numRuns * 2_000)
const LIMIT_MS = interruptAfterTimeLimit + 20_000

let room: NewsroomOfTwo
/** Begins again with the newsroom as it was before the first try. */
let again: () => Promise<{ cheat: Cheat; ledger: Ledger }>
beforeAll(async () => {
  room = await openNewsroomOfTwo()
  const { cheat, ledger } = await begin(room)
  const { clock, store, prefix } = room.api
  const { now } = clock
  const browsers = [room.cheat, room.honest, room.editor].map(({ browser }) => browser)
  const restore = await keepState(store, prefix, browsers)
  again = async () => {
    await restore()
    clock.now = now
    return { cheat: cheat.copy(), ledger: ledger.copy() }
  }
})
afterAll(() => room.close())

const chance = fc.nat(1_000)
interface Part {
  readonly acts: readonly CheatAct[]
  /** How much more often than other acts. */
  readonly times?: number
  readonly read: readonly WaitingKind[]
}
/** A takeover takes several acts in their order, all for one account: such runs try little else. */
const recoveries: Part = {
  acts: ['start-recovery', 'approve-recovery', 'recover', 'list-sessions', 'end-sessions'],
  times: 40,
  read: ['recovery', 'roles'],
}
/** Each run looks at one part of the newsroom more than at the others, and at one headline or account there. */
const parts: readonly Part[] = [
  recoveries,
  recoveries,
  { acts: ['act-on-headline', 'approve-headline', 'write'], read: ['headline'] },
  {
    acts: ['change-roles', 'approve-roles', 'enable', 'disable', 'remove', 'invite', 'accept-invitation'],
    read: ['roles'],
  },
  {
    acts: [
      'invite',
      'accept-invitation',
      'approve-invitation',
      'issue-key',
      'approve-key',
      'approve-headline',
    ],
    read: ['invitation', 'key'],
  },
  {
    acts: ['put-policy', 'approve-policy', 'issue-key', 'freeze', 'thaw', 'act-on-headline'],
    read: ['policy'],
  },
  { acts: ['create-feed', 'invite', 'accept-invitation', 'change-roles', 'issue-key'], read: ['roles'] },
]
const focus = fc.record({ part: fc.constantFrom(...parts), target: chance })
type Focus = typeof focus extends fc.Arbitrary<infer T> ? T : never

function cheatTry({ part, target }: Focus): fc.Arbitrary<Try> {
  const acts = Object.entries(cheatActs) as [CheatAct, number][]
  return fc.record({
    act: fc.oneof(
      ...acts.map(([act, weight]) => ({
        weight: part.acts.includes(act) ? (part.times ?? 8) * weight : weight,
        arbitrary: fc.constant(act),
      })),
    ),
    target: fc.oneof({ weight: 3, arbitrary: fc.constant(target) }, { weight: 2, arbitrary: chance }),
    detail: chance,
    hand: chance,
    freshness: fc.nat(9),
  })
}
const tries = focus.chain((looked) =>
  fc.array(cheatTry(looked), { minLength: 4, maxLength: MOST_TRIES, size: 'max' }),
)

type Step = { readonly by: 'cheat'; readonly wanted: Try } | ByBen
interface ByBen {
  readonly by: 'ben'
  readonly act: 'read' | 'approve'
  readonly choice: number
  readonly kinds: readonly WaitingKind[]
}
const byBen = ({ part }: Focus): fc.Arbitrary<ByBen> =>
  fc.record({
    by: fc.constant('ben' as const),
    act: fc.constantFrom('read' as const, 'approve' as const),
    choice: chance,
    kinds: fc.constant(part.read),
  })
const byCheat = (looked: Focus): fc.Arbitrary<Step> =>
  fc.record({ by: fc.constant('cheat' as const), wanted: cheatTry(looked) })
/** The colleague reads, the cheat changes what was read, and the colleague approves it. */
const trap = (looked: Focus): fc.Arbitrary<Step[]> =>
  fc.tuple(byBen(looked), cheatTry(looked), byBen(looked)).map(([read, wanted, approval]) => [
    { ...read, act: 'read' },
    { by: 'cheat', wanted: { ...wanted, freshness: AIMED } },
    { ...approval, act: 'approve', choice: NEWEST },
  ])
const steps = focus.chain((looked) =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: byCheat(looked).map((step) => [step]) },
        { weight: 3, arbitrary: byBen(looked).map((step) => [step]) },
        { weight: 2, arbitrary: trap(looked) },
      ),
      { minLength: 4, maxLength: MOST_TRIES + 2, size: 'max' },
    )
    .map((parts) => parts.flat()),
)

describe('an admin alone, with all keys and accounts that one person can make', () => {
  it(
    'releases, widens, exposes and takes over nothing under the two-person rule, and stops nobody, in eight acts',
    async () => {
      await fc.assert(
        fc.asyncProperty(tries, async (wanted) => {
          const { cheat, ledger } = await again()
          for (const each of wanted) await take(cheat, ledger, each)
          await expectWayOut(cheat)
        }),
        { numRuns, interruptAfterTimeLimit },
      )
    },
    LIMIT_MS,
  )
})

describe('an admin with a colleague who approves what the colleague has read', () => {
  it(
    'gets through nothing that the colleague has not read, whatever is changed before the approval',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (wanted) => {
          const { cheat, ledger } = await again()
          const ben = new CarefulAdmin(room.honest, ledger, cheat)
          for (const each of wanted) {
            if (each.by === 'cheat') {
              await take(cheat, ledger, each.wanted)
              continue
            }
            const { act, choice, kinds } = each
            cheat.trace.push(act === 'read' ? await ben.read(choice, kinds) : await ben.approve(choice))
            cheat.aim = ben.lastRead
            await check(cheat, ledger)
          }
        }),
        { numRuns, interruptAfterTimeLimit },
      )
    },
    LIMIT_MS,
  )
})

async function take(cheat: Cheat, ledger: Ledger, wanted: Try): Promise<void> {
  const done = await cheat.try(wanted)
  if (!done) return
  expect(done.answer.status).toBeLessThan(500)
  expectNoFaults(await ledger.faultsOfAnswer(done.hand, done.answer), cheat.trace)
  await check(cheat, ledger)
}

async function check(cheat: Cheat, ledger: Ledger): Promise<void> {
  // As a worker does.
  await releaseDue(room.api.store, 'two')
  expectNoFaults([...(await ledger.faultsOfSessions(cheat.hands)), ...(await ledger.faults())], cheat.trace)
}

/** A newsroom at work: headlines in every status by everybody, and one of each kind that waits for an approval. */
async function begin(room: NewsroomOfTwo): Promise<{ cheat: Cheat; ledger: Ledger }> {
  const { honest, editor, freeEditor } = room
  const cheat = new Cheat(room)
  const ledger = new Ledger(room)
  const [ben, cem] = [honest.browser, editor.browser]
  const feed = '/v1/feeds/two/headlines'
  const write = async (by: Browser, line: object) => {
    const { status, body } = await by.post(feed, line)
    if (status >= 300) throw new Error(`${status} ${body.code}`)
    cheat.lines.push({ feed: 'two', id: body.headline.id })
    return body.headline.id
  }
  const pass = async (id: string, by: Browser) => {
    const { status, body } = await by.approve(`${feed}/${id}/approve`, 1)
    if (status >= 300) throw new Error(`${status} ${body.code}`)
  }
  const ada = room.cheat.browser
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  await write(ben, { text: `${SECRET} draft`, then: 'keep', story: 'storm' })
  await write(ben, { text: 'Port closes', then: 'submit' })
  await pass(await write(ben, { text: 'Mayor resigns', then: 'submit', story: 'storm' }), cem)
  const held = await write(ben, { text: 'Bridge falls', then: 'submit' })
  await pass(held, cem)
  await ben.post(`${feed}/${held}/hold`)
  await write(ada, { text: `${MARK} waits`, then: 'submit' })
  for (const line of [
    { text: `${MARK} shows`, urgency: 'urgent' },
    { text: `${MARK} later`, urgency: 'urgent', releaseAt: soon },
  ]) {
    await pass(await write(ada, { ...line, then: 'submit' }), ben)
    ledger.approvedWords({ regions: [], tags: [], ...line })
  }
  const puppet = { email: `${MARK}@example.org`, roles: { free: 'admin', two: 'reader' } }
  for (const wanted of [
    { act: 'accept-invitation', body: puppet },
    { act: undefined, body: { email: `${MARK}-waits@example.org`, roles: { two: 'editor' } } },
  ] as const) {
    await cheat.make('/v1/invitations', wanted.body)
    if (wanted.act) await cheat.try({ act: wanted.act, target: 0, detail: 0, hand: 1, freshness: 1 })
  }
  await cheat.make('/v1/keys', { name: `${MARK} free`, roles: { free: 'admin' } })
  await cheat.make('/v1/keys', { name: `${MARK} two`, roles: { two: 'editor' } })
  const account = cheat.hands.find(({ name }) => name.startsWith('account'))?.id
  await cheat.make(`/v1/accounts/${account}/roles`, { roles: { two: 'editor' } })
  // The last one of these accounts is to have a role under the rule later.
  await ben.post(`/v1/accounts/${editor.id}/recovery`)
  await cheat.make(`/v1/accounts/${honest.id}/recovery`, {})
  await cheat.make(`/v1/accounts/${freeEditor.id}/recovery`, {})
  await cheat.make(`/v1/accounts/${freeEditor.id}/roles`, { roles: { free: 'editor', two: 'editor' } })
  await ledger.begin()
  expectNoFaults(await ledger.faults(), cheat.trace)
  return { cheat, ledger }
}

/** The other admin is not stuck: signs in, stops the feed and the cheat, and takes headlines out. */
async function expectWayOut(cheat: Cheat): Promise<void> {
  const browser = await otherAdmin()
  const feed = '/v1/feeds/two'
  const statuses = [
    (await browser.post(`${feed}/freeze`, { reason: 'We look into it' })).status,
    (await browser.post(`/v1/accounts/${room.cheat.id}/disable`)).status,
    (await browser.post(`${feed}/retract`, { since: '2026-01-01T00:00:00Z', reason: 'x' })).status,
    (await browser.post(`${feed}/thaw`)).status,
  ]
  const left = await Promise.all(
    cheat.hands.map(async (hand) => (await hand.send('/v1/accounts', { method: 'GET' })).status),
  )
  expect([statuses, left.filter((status) => status === 200)]).toEqual([[200, 200, 200, 200], []])
}

/** The other admin signs in, or, where the cheat has disabled the account, is invited by the operator of the machine. */
async function otherAdmin(): Promise<Browser> {
  const { api, honest } = room
  const account = await readAccount(api.people, honest.id)
  const signedIn = await honest.signIn()
  expect(signedIn.status).toBe(account?.disabled === true ? 401 : 200)
  if (signedIn.status === 200) return honest.browser
  const invited = await inviteAdmin(api.store, 'ben-again@example.org', 'operator')
  if (typeof invited === 'string') throw new Error(invited)
  const browser = new Browser(api)
  const { token } = invited
  const accepted = await browser.post('/v1/invitations/accept', { token, name: 'Ben again', password })
  expect(accepted.status).toBe(200)
  return browser
}
